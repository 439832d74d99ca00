import { Banner, BlockStack, Card, Page, Text } from '@shopify/polaris';
import type { Message } from '#app/queries/audit/get-message';
import { useReplay } from '../jobs/use-replay';
import { WorkAbout } from '../jobs/work-subject';
import { Moment } from '../parts/moment';
import { StatusBadge } from '../parts/status-badge';
import { OneLine } from '../parts/text-of-strangers';
import { messageWords } from '../words/messages';
import { countOf } from '../words/numbers';
import { withoutCode } from '../words/sentences';
import { EffectsList } from './effects-list';

/** A message of a channel: what it was about and all it has done. Its text stays closed. */
export function MessagePage({ message }: { readonly message: Message }) {
  const { replay, busy, problem } = useReplay('replay-events', () => undefined);
  const kind = message.concerns.find(({ name }) => name === 'kind')?.value ?? '';
  const waits = message.replayedAt !== null && message.state === 'received';
  return (
    <Page
      title={messageWords(message.topic, kind)}
      titleMetadata={<StatusBadge of="inbox" status={message.state} />}
      backAction={{ content: 'Inbox', url: '/app/jobs?view=inbox' }}
      secondaryActions={[
        {
          content: 'Read again',
          loading: busy,
          onAction: () => {
            replay([message.id]);
          },
        },
      ]}
    >
      <BlockStack gap="400">
        {problem !== null && <Banner tone="critical">{problem}</Banner>}
        {message.replayedAt !== null && (
          <Card>
            <BlockStack gap="200">
              <Text as="h2" variant="headingMd">
                What reading it again changed
              </Text>
              <EffectsList
                effects={message.sinceReplay}
                nothing={waits ? 'It is being read.' : 'Nothing new: it had all been done already.'}
              />
            </BlockStack>
          </Card>
        )}
        <Card>
          <dl className="cd-facts">
            <dt>From</dt>
            <dd>
              <OneLine text={message.channelName} fallback="" />
            </dd>
            <dt>Topic</dt>
            <dd>
              <OneLine text={message.topic} fallback="" />
            </dd>
            <dt>About</dt>
            <dd>
              <WorkAbout about={message.about} references={message.concerns} />
            </dd>
            <dt>Received</dt>
            <dd>
              <Moment at={message.receivedAt} />
            </dd>
            <dt>Read</dt>
            <dd>
              {message.processedAt === null ? 'Not yet' : <Moment at={message.processedAt} />}
            </dd>
            <dt>Outcome</dt>
            <dd>{withoutCode(message.detail ?? 'None so far')}</dd>
            <dt>Text</dt>
            <dd>
              {message.bodyLength === 0
                ? 'Not kept'
                : `${countOf(message.bodyLength, 'character')}, kept closed: it may name a customer`}
            </dd>
          </dl>
        </Card>
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingMd">
              All it has done
            </Text>
            <EffectsList effects={message.effects} nothing="It changed nothing." />
          </BlockStack>
        </Card>
      </BlockStack>
    </Page>
  );
}
