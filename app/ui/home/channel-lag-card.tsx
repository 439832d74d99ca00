import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import type { ConnectionRow } from '#app/queries/connections/list-connections';
import { useMerchant } from '../frame/merchant-context';
import { Ago } from '../parts/moment';
import { StatusBadge } from '../parts/status-badge';
import { formatSpan } from '../words/dates';
import { countOf } from '../words/numbers';

/** Whether each channel has the newest numbers, and how far behind it is when not. */
export function ChannelLagCard({
  connections,
}: {
  readonly connections: readonly ConnectionRow[];
}) {
  const active = connections.filter(({ status }) => status !== 'disconnected');
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingSm">
            Channels
          </Text>
          <Button variant="plain" url="/app/channels">
            Manage
          </Button>
        </InlineStack>
        {active.length === 0 ? (
          <Text as="p" tone="subdued">
            No channel is connected.
          </Text>
        ) : (
          <ul className="cd-list">
            {active.map((connection) => (
              <ChannelLag key={connection.id} connection={connection} />
            ))}
          </ul>
        )}
      </BlockStack>
    </Card>
  );
}

function ChannelLag({ connection }: { readonly connection: ConnectionRow }) {
  return (
    <li>
      <BlockStack gap="100">
        <div className="cd-row">
          <Text as="h3" variant="bodyMd" fontWeight="medium" breakWord>
            {connection.name}
          </Text>
          <StatusBadge of="connection" status={connection.status} />
        </div>
        <dl className="cd-facts" style={{ paddingBottom: 'var(--p-space-200)' }}>
          <dt>Numbers</dt>
          <dd>
            <LagWords connection={connection} />
          </dd>
          <dt>Last heard</dt>
          <dd>{connection.lastEventAt === null ? 'Never' : <Ago at={connection.lastEventAt} />}</dd>
          <dt>Last told</dt>
          <dd>
            {connection.lastPublishAt === null ? 'Never' : <Ago at={connection.lastPublishAt} />}
          </dd>
        </dl>
      </BlockStack>
    </li>
  );
}

/** "Up to date", or how many numbers wait and for how long. */
export function LagWords({ connection }: { readonly connection: ConnectionRow }) {
  const { now } = useMerchant();
  if (connection.importedAt === null) return <>Sent after the first import</>;
  if (!connection.publishing) return <>Not live</>;
  if (connection.brakedAt !== null) return <>Waiting for you to agree</>;
  if (connection.unsent === 0) return <>Up to date</>;
  const since = connection.oldestUnsentAt;
  const waiting = since === null ? '' : `, oldest ${formatSpan(now.getTime() - since.getTime())}`;
  return <>{`${countOf(connection.unsent, 'number')} waiting${waiting}`}</>;
}
