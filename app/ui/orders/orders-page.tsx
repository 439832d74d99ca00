import { Banner, BlockStack, Card, Page } from '@shopify/polaris';
import { useSearchParams } from '@remix-run/react';
import type { BulkActionView } from '#app/queries/bulk/get-bulk-action';
import type { ViewCounts } from '#app/queries/orders/count-orders';
import type { OrderRow } from '#app/queries/orders/list-orders';
import type { Page as RowsPage } from '#app/queries/paging';
import { BulkBanner } from '../bulk/bulk-progress';
import { useMerchant } from '../frame/merchant-context';
import { EmptyPage } from '../parts/empty-page';
import { ResourceFilters, type SavedView } from '../parts/index-filters';
import { Pager } from '../parts/pager';
import { useDownload } from '../parts/use-download';
import { formatCount } from '../words/numbers';
import { OrdersTable } from './orders-table';

/** Counted up to here. */
const COUNT_MAX = 1000;

const VIEWS: readonly SavedView[] = [
  { id: 'all', label: 'All' },
  { id: 'to-ship', label: 'To ship' },
  { id: 'held', label: 'On hold' },
  { id: 'short', label: 'Short' },
  { id: 'unmatched', label: 'Unmatched' },
  { id: 'late', label: 'Late' },
  { id: 'awaiting-payment', label: 'Awaiting payment' },
  { id: 'shipped', label: 'Shipped' },
  { id: 'cancelled', label: 'Cancelled' },
];

type OrdersPageProps = {
  readonly orders: RowsPage<OrderRow>;
  /** The merchant has no order at all, whatever the filters. */
  readonly empty: boolean;
  readonly counts: ViewCounts;
  /** The most used of the newest orders. */
  readonly tags: readonly string[];
  /** An action on many orders that runs, or has just ended. */
  readonly latest: BulkActionView | null;
};

/** Every order of every channel, in one list. */
export function OrdersPage({ orders, empty, counts, tags, latest }: OrdersPageProps) {
  const { channels, locations } = useMerchant();
  const [params] = useSearchParams();
  const file = useDownload();
  if (empty) return <NoOrders connected={channels.length > 0} />;
  return (
    <Page
      title="Orders"
      fullWidth
      secondaryActions={[
        {
          content: 'Export',
          loading: file.busy,
          onAction: () => {
            file.download(`/app/orders/export?${params.toString()}`, 'orders.csv');
          },
        },
      ]}
    >
      <BlockStack gap="400">
        {file.problem !== null && <Banner tone="critical">{file.problem}</Banner>}
        {latest !== null && <BulkBanner bulk={latest} />}
        <Card padding="0">
          <ResourceFilters
            views={VIEWS.map((view) => ({ ...view, label: viewLabel(view, counts) }))}
            searchLabel="Search by order, customer or SKU"
            filters={[
              { name: 'channel', label: 'Channel', choices: channels },
              { name: 'location', label: 'Location', choices: locations },
              { name: 'tag', label: 'Tag', choices: tagChoices(tags, params.get('tag')) },
            ]}
            sorts={[
              { label: 'Date', value: 'placed desc', directionLabel: 'Newest first' },
              { label: 'Date', value: 'placed asc', directionLabel: 'Oldest first' },
            ]}
          />
          <OrdersTable orders={orders} />
          <Pager page={orders} label="orders" />
        </Card>
      </BlockStack>
    </Page>
  );
}

/** "On hold (12)": how many wait, where somebody has to do something about them. */
function viewLabel({ id, label }: SavedView, counts: ViewCounts): string {
  const count = (counts as Readonly<Record<string, number>>)[id] ?? 0;
  if (count === 0) return label;
  return `${label} (${count < COUNT_MAX ? formatCount(count) : `${formatCount(COUNT_MAX)}+`})`;
}

/** The tag of the address can always be seen, be it rare. */
function tagChoices(tags: readonly string[], chosen: string | null) {
  const all = chosen === null || tags.includes(chosen) ? tags : [chosen, ...tags];
  return all.map((tag) => ({ id: tag, name: tag }));
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
