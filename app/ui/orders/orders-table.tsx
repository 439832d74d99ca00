import { IndexTable, Link, Text, useBreakpoints } from '@shopify/polaris';
import { useState } from 'react';
import type { OrderRow } from '#app/queries/orders/list-orders';
import type { Page as RowsPage } from '#app/queries/paging';
import { Moment } from '../parts/moment';
import { NoMatch } from '../parts/no-match';
import { OneLine } from '../parts/text-of-strangers';
import { useAddress } from '../parts/use-address';
import { formatMoney, listOf } from '../words/numbers';
import { plainText } from '../words/plain-text';
import { BulkDialog, type BulkKind } from './bulk-dialog';
import { OrderBadges } from './order-badges';
import { type ListAction, OrdersList } from './orders-list';
import { useSelection } from './use-selection';

type OrdersTableProps = { readonly orders: RowsPage<OrderRow> };

/** The orders of a page; those chosen, or all that match, can be acted on at once. */
export function OrdersTable({ orders }: OrdersTableProps) {
  const { smDown } = useBreakpoints();
  const { loading } = useAddress();
  const selection = useSelection(orders.rows);
  const [asked, setAsked] = useState<BulkKind | null>(null);
  const more = orders.next !== null || orders.previous !== null;
  const promoted = (['hold', 'tag'] as const).map((kind) => action(kind, setAsked));
  const others = (['release', 'untag', 'reroute', 'cancel'] as const).map((kind) =>
    action(kind, setAsked),
  );
  return (
    <>
      {smDown ? (
        <OrdersList
          rows={orders.rows}
          ids={selection.ids}
          all={selection.all}
          more={more}
          loading={loading}
          actions={[...promoted, ...others]}
          onPage={selection.page}
          onAll={selection.everything}
          onOne={selection.one}
        />
      ) : (
        <IndexTable
          resourceName={{ singular: 'order', plural: 'orders' }}
          itemCount={orders.rows.length}
          selectedItemsCount={selection.all ? 'All' : selection.ids.length}
          onSelectionChange={selection.onSelectionChange}
          hasMoreItems={more}
          paginatedSelectAllActionText="Select all that match"
          paginatedSelectAllText="All that match are selected"
          loading={loading}
          emptyState={<NoMatch what="orders" path="/app/orders" />}
          promotedBulkActions={promoted}
          bulkActions={others}
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
          {orders.rows.map((order, index) => (
            <WideRow
              key={order.id}
              order={order}
              index={index}
              selected={selection.all || selection.ids.includes(order.id)}
            />
          ))}
        </IndexTable>
      )}
      {asked !== null && (
        <BulkDialog
          kind={asked}
          chosen={selection.chosen}
          onDone={() => {
            setAsked(null);
            selection.clear();
          }}
          onClose={() => {
            setAsked(null);
          }}
        />
      )}
    </>
  );
}

const LABELS: Readonly<Record<BulkKind, string>> = {
  hold: 'Hold',
  release: 'Lift holds',
  tag: 'Add tags',
  untag: 'Remove tags',
  reroute: 'Route again by the rules',
  cancel: 'Cancel orders',
};

function action(kind: BulkKind, ask: (kind: BulkKind) => void): ListAction {
  return {
    content: LABELS[kind],
    ...(kind === 'cancel' ? { destructive: true } : {}),
    onAction: () => {
      ask(kind);
    },
  };
}

type RowProps = {
  readonly order: OrderRow;
  readonly index: number;
  readonly selected: boolean;
};

function WideRow({ order, index, selected }: RowProps) {
  return (
    <IndexTable.Row id={order.id} position={index} selected={selected}>
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

function OrderLink({ order }: { readonly order: OrderRow }) {
  return (
    <Link url={`/app/orders/${order.id}`} dataPrimaryLink monochrome removeUnderline>
      <Text as="span" fontWeight="semibold" breakWord>
        {plainText(order.name) || 'No number'}
      </Text>
    </Link>
  );
}
