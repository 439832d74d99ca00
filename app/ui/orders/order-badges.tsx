import { Badge, InlineStack } from '@shopify/polaris';
import type { OrderRow } from '#app/queries/orders/list-orders';
import { StatusBadge, shownStatus } from '../parts/status-badge';
import { countOf } from '../words/numbers';

type BadgedOrder = Pick<
  OrderRow,
  'status' | 'held' | 'unitsOrdered' | 'unitsShort' | 'unitsUnmatched' | 'unitsShipped'
>;

/** How an order stands, and what keeps it. */
export function OrderBadges({ order }: { readonly order: BadgedOrder }) {
  const open = order.status !== 'cancelled';
  return (
    <InlineStack gap="100">
      <StatusBadge of="order" status={shownStatus(order)} />
      {order.held && order.status !== 'shipped' && open && <Badge tone="warning">On hold</Badge>}
      {open && order.unitsShort > 0 && (
        <Badge tone="critical">{`${countOf(order.unitsShort, 'unit')} short`}</Badge>
      )}
      {open && order.unitsUnmatched > 0 && (
        <Badge tone="warning">{`${countOf(order.unitsUnmatched, 'unit')} unmatched`}</Badge>
      )}
    </InlineStack>
  );
}
