import { BlockStack, Button, Card, Icon, InlineStack, Text } from '@shopify/polaris';
import { AlertCircleIcon, AlertTriangleIcon, CheckCircleIcon } from '@shopify/polaris-icons';
import type { ConnectionRow } from '#app/queries/connections/list-connections';
import type { Attention } from '#app/queries/home/what-needs-attention';
import { boundedCountOf, listOf } from '../words/numbers';
import { withoutCode } from '../words/sentences';

/** The queries stop counting here. */
const COUNT_MAX = 1000;

type Need = {
  readonly key: string;
  readonly urgent: boolean;
  readonly sentence: string;
  readonly action: string;
  readonly path: string;
};

type AttentionCardProps = {
  readonly attention: Attention;
  readonly connections: readonly ConnectionRow[];
};

/** Each thing that waits for a person, as a sentence with the way to it. */
export function AttentionCard({ attention, connections }: AttentionCardProps) {
  const needs = needsOf(attention);
  if (needs.length === 0) return <CalmCard connections={connections} />;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingSm">
          What needs you now
        </Text>
        <ul className="cd-list">
          {needs.map((need) => (
            <li key={need.key} className="cd-row">
              <InlineStack gap="200" wrap={false} blockAlign="start">
                <span>
                  <Icon
                    source={need.urgent ? AlertCircleIcon : AlertTriangleIcon}
                    tone={need.urgent ? 'critical' : 'caution'}
                  />
                </span>
                <Text as="p" breakWord>
                  {need.sentence}
                </Text>
              </InlineStack>
              <Button
                variant="plain"
                url={need.path}
                accessibilityLabel={`${need.action}: ${need.sentence}`}
              >
                {need.action}
              </Button>
            </li>
          ))}
        </ul>
      </BlockStack>
    </Card>
  );
}

function CalmCard({ connections }: Pick<AttentionCardProps, 'connections'>) {
  const active = connections.filter(({ status }) => status !== 'disconnected');
  const reading = active.filter(({ importedAt }) => importedAt === null).map(({ name }) => name);
  const connected = active.length > 0;
  const calm = connected && reading.length === 0;
  const [title, text] = calm
    ? ['Nothing needs you', 'Every order has its stock, and no channel or job is in trouble.']
    : connected
      ? [`Reading ${listOf(reading)}`, 'Products, stock and orders appear as they are read.']
      : ['Nothing to do yet', 'Connect a channel to start keeping its stock.'];
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack gap="200" wrap={false} blockAlign="center">
          <span>
            <Icon source={CheckCircleIcon} tone={calm ? 'success' : 'subdued'} />
          </span>
          <Text as="h2" variant="headingSm" breakWord>
            {title}
          </Text>
        </InlineStack>
        <Text as="p" tone="subdued">
          {text}
        </Text>
        {!connected && (
          <InlineStack>
            <Button url="/app/channels">Connect a channel</Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

function needsOf(attention: Attention): Need[] {
  return [
    ...attention.connections.map(({ id, name, reason }) => ({
      key: `connection-${id}`,
      urgent: true,
      sentence: `${name} is not in step: ${withoutCode(reason ?? 'it needs your attention')}`,
      action: 'Fix connection',
      path: `/app/channels/${id}`,
    })),
    ...attention.braked.map(({ id, name }) => ({
      key: `brake-${id}`,
      urgent: true,
      sentence: `Many numbers of ${name} would change at once, so they wait for you.`,
      action: 'See numbers',
      path: `/app/channels/${id}/numbers`,
    })),
    ...attention.notLive.map(({ id, name }) => ({
      key: `live-${id}`,
      urgent: false,
      sentence: `${name} is not live: it keeps the numbers it had.`,
      action: 'Go live',
      path: `/app/channels/${id}/numbers`,
    })),
    ...attention.refusedReports.map((report) => ({
      key: `report-${report.orderId}`,
      urgent: report.reportState === 'refused',
      sentence:
        report.reportState === 'refused'
          ? `${report.channelName} did not accept the shipping of ${report.orderName}.`
          : `It is not known whether ${report.channelName} learned that ${report.orderName} shipped.`,
      action: 'View order',
      path: `/app/orders/${report.orderId}`,
    })),
    ...counted(attention.shortOrders, {
      key: 'short',
      urgent: true,
      say: (count) => `${count} cannot be filled from stock.`,
      one: 'order',
      action: 'View orders',
      path: '/app/orders?view=short',
    }),
    ...counted(attention.failedJobs, {
      key: 'jobs',
      urgent: true,
      say: (count) => `${count} failed.`,
      one: 'job',
      action: 'View jobs',
      path: '/app/jobs',
    }),
    ...counted(attention.failedEvents, {
      key: 'events',
      urgent: true,
      say: (count) => `${count} from channels could not be read.`,
      one: 'message',
      action: 'View inbox',
      path: '/app/jobs?view=inbox&state=failed',
    }),
    ...counted(attention.ordersWithUnmatchedLines, {
      key: 'unmatched-orders',
      urgent: false,
      say: (count) => `${count} with lines that belong to no item.`,
      one: 'order',
      action: 'View orders',
      path: '/app/orders?view=unmatched',
    }),
    ...counted(attention.unmatchedListings, {
      key: 'unmatched-listings',
      urgent: false,
      say: (count, one) =>
        `${count} not matched to an item: ${one ? 'its' : 'their'} stock is not kept.`,
      one: 'listing',
      action: 'Match listings',
      path: '/app/catalog',
    }),
  ];
}

type Counted = Omit<Need, 'sentence'> & {
  readonly say: (count: string, one: boolean) => string;
  readonly one: string;
};

function counted(count: number, { say, one, ...need }: Counted): Need[] {
  return count === 0
    ? []
    : [{ ...need, sentence: say(boundedCountOf(count, COUNT_MAX, one), count === 1) }];
}
