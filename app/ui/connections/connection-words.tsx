import { ProgressBar, BlockStack, Text } from '@shopify/polaris';
import type { ConnectionRow, ReadingProgress } from '#app/queries/connections/list-connections';
import { countOf, formatCount } from '../words/numbers';

const KINDS: Readonly<Record<string, string>> = {
  shopify: 'Shopify',
  woocommerce: 'WooCommerce',
};

/** "Shopify", "WooCommerce". */
export function kindName(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** Where a channel stands on its way to being live. */
export type ConnectionStage = 'gone' | 'refused' | 'reading' | 'ready' | 'braked' | 'live';

export function stageOf(connection: ConnectionRow): ConnectionStage {
  if (connection.status === 'disconnected') return 'gone';
  if (connection.status === 'needs_attention') return 'refused';
  if (connection.importedAt === null) return 'reading';
  if (!connection.publishing) return 'ready';
  return connection.brakedAt === null ? 'live' : 'braked';
}

/** The policy in a few words: "2 units withheld, at most 50 shown". */
export function policyWords(connection: ConnectionRow): string {
  const parts = [
    ...(connection.sharePercent < 100 ? [`${String(connection.sharePercent)} % of stock`] : []),
    ...(connection.bufferUnits > 0
      ? [`${countOf(connection.bufferUnits, 'unit')} withheld on every listing`]
      : []),
    ...(connection.capUnits === null ? [] : [`at most ${countOf(connection.capUnits, 'unit')}`]),
    ...(connection.oversell === 'backorder' ? ['sold on backorder'] : []),
  ];
  return parts.length === 0 ? 'All available units' : parts.join(', ');
}

/** How far the reading of a channel is. */
export function ReadingBar({ reading }: { readonly reading: ReadingProgress }) {
  const { listings, expected, orders } = reading;
  const share =
    listings !== null && expected !== null && expected > 0
      ? Math.min(100, Math.round((100 * listings) / expected))
      : null;
  return (
    <BlockStack gap="100">
      <Text as="p" tone="subdued">
        {reading.kind === 'import-orders'
          ? `Reading orders: ${formatCount(orders ?? 0)} so far`
          : `Reading products: ${formatCount(listings ?? 0)}${
              expected === null ? ' so far' : ` of about ${formatCount(expected)}`
            }`}
      </Text>
      {share !== null && <ProgressBar progress={share} size="small" ariaLabelledBy="reading" />}
    </BlockStack>
  );
}
