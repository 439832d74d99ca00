import { BlockStack, Card, Layout, Page, Text } from '@shopify/polaris';
import type { Activity } from '#app/queries/home/recent-activity';
import type { SetupProgress } from '#app/queries/home/setup-progress';
import type { TodaysNumbers } from '#app/queries/home/todays-numbers';
import type { Attention } from '#app/queries/home/what-needs-attention';
import type { ConnectionRow } from '#app/queries/connections/list-connections';
import { AppLink } from '../parts/links';
import { Calm } from '../parts/no-match';
import { Timeline } from '../parts/timeline';
import { auditBecause, auditSentence } from '../words/sentences';
import { AttentionCard } from './attention-card';
import { ChannelLagCard } from './channel-lag-card';
import { SetupCard } from './setup-card';
import { TodayCard } from './today-card';

type HomePageProps = {
  readonly attention: Attention;
  readonly connections: readonly ConnectionRow[];
  readonly today: TodaysNumbers;
  readonly activity: readonly Activity[];
  /** Null once the first steps are behind the merchant. */
  readonly setup: SetupProgress;
};

/** What needs me now, whether the channels are in step, and how the day goes. */
export function HomePage(props: HomePageProps) {
  const { attention, connections, today, activity, setup } = props;
  return (
    <Page title="Home">
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {setup !== null && <SetupCard connections={connections} toMatch={setup.toMatch} />}
            {/* Going live is the last of the first steps: it is not said twice. */}
            <AttentionCard
              attention={setup === null ? attention : { ...attention, notLive: [] }}
              connections={connections}
            />
            <TodayCard today={today} />
            <ActivityCard activity={activity} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <ChannelLagCard connections={connections} />
        </Layout.Section>
      </Layout>
    </Page>
  );
}

function ActivityCard({ activity }: Pick<HomePageProps, 'activity'>) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          Recent activity
        </Text>
        {activity.length === 0 ? (
          <Calm title="Nothing has happened yet">
            Orders, stock changes and what channels were told will show here.
          </Calm>
        ) : (
          <Timeline
            rows={activity.map((entry) => ({
              id: entry.id,
              at: entry.at,
              sentence: (
                <>
                  {entry.subject !== null && (
                    <>
                      <AppLink to={entry.subject.path}>{entry.subject.name}</AppLink>{' '}
                    </>
                  )}
                  {auditSentence(entry)}
                </>
              ),
              because: auditBecause(entry),
            }))}
          />
        )}
      </BlockStack>
    </Card>
  );
}
