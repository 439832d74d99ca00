import { Banner, BlockStack, Card, Page, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { ListingRow, MatchCounts } from '#app/queries/catalog/list-listings';
import type { Page as RowsPage } from '#app/queries/paging';
import { useMerchant } from '../frame/merchant-context';
import { EmptyPage } from '../parts/empty-page';
import { ResourceFilters, type SavedView } from '../parts/index-filters';
import { Pager } from '../parts/pager';
import { useAddress } from '../parts/use-address';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf } from '../words/numbers';
import { AcceptAllDialog, CreateItemsDialog, LinkDialog, SetAsideDialog } from './catalog-dialogs';
import { type CatalogAsk, ListingsTable } from './listings-table';

const VIEWS: readonly SavedView[] = [
  { id: 'to-match', label: 'To match' },
  { id: 'twice', label: 'Fits twice' },
  { id: 'matched', label: 'Matched' },
  { id: 'aside', label: 'Set aside' },
  { id: 'all', label: 'All' },
];

type CatalogPageProps = {
  readonly listings: RowsPage<ListingRow>;
  readonly counts: MatchCounts;
};

type Open =
  | { readonly dialog: 'link' | 'create' | 'aside'; readonly listings: readonly ListingRow[] }
  | { readonly dialog: 'accept-all' };

/** What every channel sells, and which of the merchant's items that is. */
export function CatalogPage({ listings, counts }: CatalogPageProps) {
  const { channels } = useMerchant();
  const { read } = useAddress();
  const [open, setOpen] = useState<Open | null>(null);
  const [round, setRound] = useState(0);
  // What needs no question first: it can be taken back with one press.
  const direct = useDialogForm('/app/catalog?index', () => {
    setRound((current) => current + 1);
  });
  if (counts.listings === 0 && read('channel') === '') return <NoListings />;
  const close = (done: boolean) => {
    setOpen(null);
    if (done) setRound((current) => current + 1);
  };
  const ask = (what: CatalogAsk, chosen: readonly ListingRow[]) => {
    const listingIds = chosen.map(({ id }) => id).join(',');
    if (what === 'back') direct.send({ intent: 'bring-back', listingIds });
    else if (what === 'accept') direct.send({ intent: 'accept', listingIds });
    else setOpen({ dialog: what, listings: chosen });
  };
  const connectionId = read('channel');
  return (
    <Page
      title="Catalog"
      subtitle="Which item each listing of a channel sells"
      fullWidth
      {...(counts.suggested > 0
        ? {
            primaryAction: {
              content: `Accept ${countOf(counts.suggested, 'suggestion')}`,
              onAction: () => {
                setOpen({ dialog: 'accept-all' });
              },
            },
          }
        : {})}
    >
      <BlockStack gap="400">
        {direct.problem !== null && (
          <Banner tone="critical">
            <Text as="p">{direct.problem}</Text>
          </Banner>
        )}
        <Card padding="0">
          <ResourceFilters
            views={VIEWS}
            searchLabel="Search by title, SKU or barcode"
            filters={[{ name: 'channel', label: 'Channel', choices: channels }]}
            sorts={[{ label: 'Title', value: 'title asc', directionLabel: 'A to Z' }]}
          />
          {/* Made anew after each change, so that nothing stays selected. */}
          <ListingsTable key={round} listings={listings.rows} onAsk={ask} />
          <Pager page={listings} label="listings" />
        </Card>
      </BlockStack>
      {open?.dialog === 'link' && <LinkDialog listings={open.listings} onClose={close} />}
      {open?.dialog === 'create' && <CreateItemsDialog listings={open.listings} onClose={close} />}
      {open?.dialog === 'aside' && <SetAsideDialog listings={open.listings} onClose={close} />}
      {open?.dialog === 'accept-all' && (
        <AcceptAllDialog
          count={counts.suggested}
          connectionId={connectionId}
          channelName={channels.find(({ id }) => id === connectionId)?.name ?? null}
          onClose={close}
        />
      )}
    </Page>
  );
}

function NoListings() {
  return (
    <EmptyPage
      title="Catalog"
      heading="What your channels sell comes together here"
      action={{ label: 'View channels', path: '/app/channels' }}
    >
      When a channel is connected, its products are read and matched with your items by SKU.
    </EmptyPage>
  );
}
