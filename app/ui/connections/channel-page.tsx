import { Badge, Banner, BlockStack, Card, Layout, Page, Text } from '@shopify/polaris';
import { useState } from 'react';
import type {
  ConnectionDetail,
  ConnectionProblem,
} from '#app/queries/connections/get-connection-detail';
import { useMerchant } from '../frame/merchant-context';
import { LagWords } from '../home/channel-lag-card';
import { AppLink } from '../parts/links';
import { Ago } from '../parts/moment';
import { Calm } from '../parts/no-match';
import { StatusBadge } from '../parts/status-badge';
import { WholeText } from '../parts/text-of-strangers';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf, formatCount, listOf } from '../words/numbers';
import { jobWords } from '../words/job-words';
import { withoutCode } from '../words/sentences';
import { DisconnectDialog } from './disconnect-dialog';
import { ReadingBar, kindName, policyWords, stageOf } from './connection-words';

/** One channel: how it is, what it is told, and what went wrong lately. */
export function ChannelPage({ connection }: { readonly connection: ConnectionDetail }) {
  const [leaving, setLeaving] = useState(false);
  const form = useDialogForm(`/app/channels/${connection.id}`, () => undefined);
  const stage = stageOf(connection);
  const gone = stage === 'gone';
  const numbers = `/app/channels/${connection.id}/numbers`;
  return (
    <Page
      title={connection.name}
      subtitle={`${kindName(connection.kind)} · ${connection.account}`}
      titleMetadata={<StatusBadge of="connection" status={connection.status} />}
      backAction={{ content: 'Channels', url: '/app/channels' }}
      {...(gone
        ? {}
        : {
            primaryAction: {
              content: stage === 'ready' ? 'Check numbers and go live' : 'Numbers and policy',
              url: numbers,
            },
            secondaryActions: [
              {
                content: 'Read the catalog again',
                loading: form.busy,
                disabled: connection.reading !== null,
                onAction: () => {
                  form.send({ intent: 'read-again' });
                },
              },
              ...(connection.kind === 'shopify'
                ? []
                : [
                    {
                      content: 'Disconnect',
                      destructive: true,
                      onAction: () => {
                        setLeaving(true);
                      },
                    },
                  ]),
            ],
          })}
    >
      <BlockStack gap="400">
        {form.problem !== null && <Banner tone="critical">{form.problem}</Banner>}
        <StageBanner connection={connection} numbers={numbers} />
        <Layout>
          <Layout.Section>
            <ProblemsCard problems={connection.problems} />
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <BlockStack gap="400">
              <HealthCard connection={connection} />
              <NumbersCard connection={connection} />
              <ListingsCard connection={connection} />
            </BlockStack>
          </Layout.Section>
        </Layout>
      </BlockStack>
      {leaving && (
        <DisconnectDialog
          connection={connection}
          onClose={() => {
            setLeaving(false);
          }}
        />
      )}
    </Page>
  );
}

type StageProps = { readonly connection: ConnectionDetail; readonly numbers: string };

function StageBanner({ connection, numbers }: StageProps) {
  switch (stageOf(connection)) {
    case 'refused':
      return (
        <Banner tone="critical" title="The channel does not accept our access">
          <Text as="p" breakWord>
            {withoutCode(connection.statusReason ?? 'Connect it again to go on.')}
          </Text>
        </Banner>
      );
    case 'reading':
      return (
        <Banner tone="info" title="Its products and orders are being read">
          {connection.reading === null ? (
            <Text as="p">It starts in a moment.</Text>
          ) : (
            <ReadingBar reading={connection.reading} />
          )}
        </Banner>
      );
    case 'ready':
      return (
        <Banner
          tone="warning"
          title="Not live: its numbers are not changed yet"
          action={{ content: 'Check numbers and go live', url: numbers }}
        >
          <Text as="p">Its orders are taken already. Look at every number before it is sent.</Text>
        </Banner>
      );
    case 'braked':
      return (
        <Banner
          tone="critical"
          title="Many numbers would change at once, so they wait for you"
          action={{ content: 'See what would change', url: numbers }}
        >
          <Text as="p">Sales still lower numbers. Nothing is raised until you agree.</Text>
        </Banner>
      );
    case 'gone':
    case 'live':
      return null;
  }
}

function HealthCard({ connection }: { readonly connection: ConnectionDetail }) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingSm">
          Health
        </Text>
        <dl className="cd-facts">
          <When name="Last heard" at={connection.lastEventAt} />
          <When name="Orders seen" at={connection.ordersSeenUntil} />
          {connection.kind !== 'shopify' && (
            <>
              <When name="Products seen" at={connection.listingsSeenUntil} />
              <When name="Webhooks checked" at={connection.webhooksCheckedAt} />
            </>
          )}
          <When name="Last told" at={connection.lastPublishAt} />
        </dl>
        {connection.importedAt !== null && connection.reading !== null && (
          <ReadingBar reading={connection.reading} />
        )}
        {connection.lastError !== null && connection.lastErrorAt !== null && (
          <Text as="p" variant="bodySm" tone="subdued" breakWord>
            {'Last problem '}
            <Ago at={connection.lastErrorAt} />
            {': '}
            {withoutCode(connection.lastError)}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

function When({ name, at }: { readonly name: string; readonly at: Date | null }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{at === null ? 'Never' : <Ago at={at} />}</dd>
    </>
  );
}

function NumbersCard({ connection }: { readonly connection: ConnectionDetail }) {
  const { locations } = useMerchant();
  const feeding = locations.filter(({ id }) => connection.feedingLocationIds.includes(id));
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingSm">
          Numbers
        </Text>
        <dl className="cd-facts">
          <dt>Standing</dt>
          <dd>
            <LagWords connection={connection} />
          </dd>
          <dt>Policy</dt>
          <dd>{policyWords(connection)}</dd>
          <dt>Fed by</dt>
          <dd>{feeding.length === 0 ? 'No location' : listOf(feeding.map(({ name }) => name))}</dd>
        </dl>
      </BlockStack>
    </Card>
  );
}

function ListingsCard({ connection }: { readonly connection: ConnectionDetail }) {
  const link = (view: string) => `/app/catalog?view=${view}&channel=${connection.id}`;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingSm">
          Listings
        </Text>
        <dl className="cd-facts">
          <dt>Matched</dt>
          <dd>
            <AppLink to={link('matched')}>{formatCount(connection.matched)}</AppLink>
          </dd>
          <dt>To match</dt>
          <dd>
            <AppLink to={link('to-match')}>{formatCount(connection.unmatchedListings)}</AppLink>
          </dd>
          <dt>Set aside</dt>
          <dd>
            <AppLink to={link('aside')}>{formatCount(connection.setAside)}</AppLink>
          </dd>
        </dl>
      </BlockStack>
    </Card>
  );
}

const PROBLEM_KINDS: Readonly<Record<ConnectionProblem['kind'], string>> = {
  number: 'Number not taken',
  job: 'Work given up',
  message: 'Message not understood',
};

function ProblemsCard({ problems }: { readonly problems: readonly ConnectionProblem[] }) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingSm">
          {problems.length === 0 ? 'Problems' : `Latest ${countOf(problems.length, 'problem')}`}
        </Text>
        {problems.length === 0 ? (
          <Calm title="No problem">Every number and message of this channel went through.</Calm>
        ) : (
          <ul className="cd-list">
            {problems.map((problem) => (
              <li key={`${problem.kind}-${problem.id}`} className="cd-row cd-row-top">
                <BlockStack gap="050">
                  <span>
                    <Badge tone={problem.kind === 'number' ? 'warning' : 'critical'}>
                      {PROBLEM_KINDS[problem.kind]}
                    </Badge>
                  </span>
                  <ProblemSubject problem={problem} />
                  <Text as="p" variant="bodySm" tone="subdued" breakWord>
                    {withoutCode(problem.what)}
                  </Text>
                </BlockStack>
                <Text as="span" variant="bodySm" tone="subdued">
                  {problem.at !== null && <Ago at={problem.at} />}
                </Text>
              </li>
            ))}
          </ul>
        )}
      </BlockStack>
    </Card>
  );
}

function ProblemSubject({ problem }: { readonly problem: ConnectionProblem }) {
  if (problem.itemId !== null) {
    return <AppLink to={`/app/inventory/${problem.itemId}`}>{problem.about}</AppLink>;
  }
  const path = problem.kind === 'job' ? '/app/jobs' : '/app/jobs?view=inbox&state=failed';
  return problem.kind === 'number' ? (
    <WholeText text={problem.about} fallback="Untitled" />
  ) : (
    <AppLink to={path}>{problem.kind === 'job' ? jobWords(problem.about) : problem.about}</AppLink>
  );
}
