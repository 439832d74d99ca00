import {
  Badge,
  BlockStack,
  Card,
  IndexTable,
  InlineStack,
  Link,
  Page,
  Text,
  useBreakpoints,
} from '@shopify/polaris';
import type { OrderRow } from '#app/queries/orders/list-orders';
import type { Page as RowsPage } from '#app/queries/paging';
import { useMerchant } from '../frame/merchant-context';
import { EmptyPage } from '../parts/empty-page';
import { ResourceFilters, type SavedView } from '../parts/index-filters';
import { Moment } from '../parts/moment';
import { NoMatch } from '../parts/no-match';
import { Pager } from '../parts/pager';
import { StatusBadge, shownStatus } from '../parts/status-badge';
import { OneLine } from '../parts/text-of-strangers';
import { useAddress } from '../parts/use-address';
import { countOf, formatMoney, listOf } from '../words/numbers';
import { plainText } from '../words/plain-text';

const VIEWS: readonly SavedView[] = [
  { id: 'all', label: 'All' },
  { id: 'to-ship', label: 'To ship' },
  { id: 'short', label: 'Short' },
  { id: 'unmatched', label: 'Unmatched' },
  { id: 'awaiting-payment', label: 'Awaiting payment' },
  { id: 'shipped', label: 'Shipped' },
  { id: 'cancelled', label: 'Cancelled' },
];

type OrdersPageProps = {
  readonly orders: RowsPage<OrderRow>;
  /** The merchant has no order at all, whatever the filters. */
  readonly empty: boolean;
};

/** Every order of every channel, in one list. */
export function OrdersPage({ orders, empty }: OrdersPageProps) {
  const { channels, locations } = useMerchant();
  if (empty) return <NoOrders connected={channels.length > 0} />;
  return (
    <Page title="Orders" fullWidth>
      <Card padding="0">
        <ResourceFilters
          views={VIEWS}
          searchLabel="Search by order, customer or SKU"
          filters={[
            { name: 'channel', label: 'Channel', choices: channels },
            { name: 'location', label: 'Location', choices: locations },
          ]}
          sorts={[
            { label: 'Date', value: 'placed desc', directionLabel: 'Newest first' },
            { label: 'Date', value: 'placed asc', directionLabel: 'Oldest first' },
          ]}
        />
        <OrdersTable orders={orders} />
        <Pager page={orders} label="orders" />
      </Card>
    </Page>
  );
}

function NoOrders({ connected }: { readonly connected: boolean }) {
  return (
    <EmptyPage
      title="Orders"
      heading="Orders of all your channels come together here"
      action={{ label: connected ? 'View channels' : 'Connect a channel', path: '/app/channels' }}
    >
      {connected
        ? 'The next order on any channel shows here within a second.'
        : 'Connect a channel, and its orders show here with the stock set aside for them.'}
    </EmptyPage>
  );
}

function OrdersTable({ orders }: Pick<OrdersPageProps, 'orders'>) {
  const { smDown } = useBreakpoints();
  const { loading } = useAddress();
  return (
    <IndexTable
      resourceName={{ singular: 'order', plural: 'orders' }}
      itemCount={orders.rows.length}
      selectable={false}
      condensed={smDown}
      loading={loading}
      emptyState={<NoMatch what="orders" path="/app/orders" />}
      headings={[
        { title: 'Order' },
        { title: 'Date' },
        { title: 'Channel' },
        { title: 'Customer' },
        { title: 'Total', alignment: 'end' },
        { title: 'Status' },
        { title: 'Units', alignment: 'end' },
        { title: 'Ships from' },
      ]}
    >
      {orders.rows.map((order, index) =>
        smDown ? (
          <PhoneRow key={order.id} order={order} index={index} />
        ) : (
          <WideRow key={order.id} order={order} index={index} />
        ),
      )}
    </IndexTable>
  );
}

type RowProps = { readonly order: OrderRow; readonly index: number };

function WideRow({ order, index }: RowProps) {
  return (
    <IndexTable.Row id={order.id} position={index}>
      <IndexTable.Cell>
        <OrderLink order={order} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Moment at={order.placedAt} />
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-cell-narrow">
        <OneLine text={order.channelName} fallback="" />
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-cell-narrow">
        <OneLine text={order.customerName} fallback="No name" />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {formatMoney(order.total)}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <OrderBadges order={order} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {order.unitsOrdered}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-cell-narrow">
        <OneLine text={listOf(order.locations)} fallback="" />
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

function PhoneRow({ order, index }: RowProps) {
  return (
    <IndexTable.Row id={order.id} position={index}>
      <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
        <BlockStack gap="100">
          <InlineStack align="space-between" gap="200" wrap={false}>
            <OrderLink order={order} />
            <Text as="span" numeric>
              {formatMoney(order.total)}
            </Text>
          </InlineStack>
          <Text as="span" variant="bodySm" tone="subdued">
            <Moment at={order.placedAt} /> · {order.channelName}
          </Text>
          <Text as="span" variant="bodySm" truncate>
            <OneLine text={order.customerName} fallback="No name" />
          </Text>
          <OrderBadges order={order} />
        </BlockStack>
      </div>
    </IndexTable.Row>
  );
}

function OrderLink({ order }: { readonly order: OrderRow }) {
  return (
    <Link url={`/app/orders/${order.id}`} dataPrimaryLink monochrome removeUnderline>
      <Text as="span" fontWeight="semibold" breakWord>
        {plainText(order.name) || 'No number'}
      </Text>
    </Link>
  );
}

function OrderBadges({ order }: { readonly order: OrderRow }) {
  const open = order.status !== 'cancelled';
  return (
    <InlineStack gap="100">
      <StatusBadge of="order" status={shownStatus(order)} />
      {open && order.unitsShort > 0 && (
        <Badge tone="critical">{`${countOf(order.unitsShort, 'unit')} short`}</Badge>
      )}
      {open && order.unitsUnmatched > 0 && (
        <Badge tone="warning">{`${countOf(order.unitsUnmatched, 'unit')} unmatched`}</Badge>
      )}
    </InlineStack>
  );
}
