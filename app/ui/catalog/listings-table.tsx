import {
  Badge,
  BlockStack,
  Button,
  IndexTable,
  InlineStack,
  Text,
  useBreakpoints,
  useIndexResourceState,
} from '@shopify/polaris';
import type { ListingRow } from '#app/queries/catalog/list-listings';
import { AppLink } from '../parts/links';
import { NoMatch, Calm } from '../parts/no-match';
import { OneLine } from '../parts/text-of-strangers';
import { useAddress } from '../parts/use-address';
import { formatCount } from '../words/numbers';
import { plainText } from '../words/plain-text';

export type CatalogAsk = 'link' | 'create' | 'aside' | 'back' | 'accept';

type ListingsTableProps = {
  readonly listings: readonly ListingRow[];
  readonly onAsk: (ask: CatalogAsk, listings: readonly ListingRow[]) => void;
};

/** Listings with what each is matched with, or what it could be. */
export function ListingsTable({ listings, onAsk }: ListingsTableProps) {
  const { smDown } = useBreakpoints();
  const { loading, read } = useAddress();
  const rows = listings.map((listing) => ({ id: listing.id }));
  const { selectedResources, allResourcesSelected, handleSelectionChange } =
    useIndexResourceState(rows);
  const selected = listings.filter(({ id }) => selectedResources.includes(id));
  const ask = (what: CatalogAsk) => () => {
    onAsk(what, selected);
  };
  const aside = selected.some((listing) => listing.ignored);
  const matched = selected.some((listing) => listing.item !== null);
  const suggested = selected.some((listing) => listing.suggestion !== null);
  return (
    <IndexTable
      resourceName={{ singular: 'listing', plural: 'listings' }}
      itemCount={listings.length}
      selectedItemsCount={allResourcesSelected ? 'All' : selectedResources.length}
      onSelectionChange={handleSelectionChange}
      condensed={smDown}
      loading={loading}
      promotedBulkActions={[
        ...(suggested ? [{ content: 'Match as suggested', onAction: ask('accept') }] : []),
        { content: 'Match to an item', onAction: ask('link') },
        ...(matched ? [] : [{ content: 'Make items', onAction: ask('create') }]),
        aside
          ? { content: 'Bring back', onAction: ask('back') }
          : { content: 'Set aside', onAction: ask('aside') },
      ]}
      emptyState={<NothingHere view={read('view')} narrowed={read('q') !== ''} />}
      headings={[
        { title: 'Listing' },
        { title: 'Channel' },
        { title: 'SKU' },
        { title: 'There', alignment: 'end' },
        { title: 'Item' },
        { title: 'Match', hidden: true },
      ]}
    >
      {listings.map((listing, index) => (
        <Row
          key={listing.id}
          listing={listing}
          index={index}
          selected={selectedResources.includes(listing.id)}
          narrow={smDown}
          onAsk={onAsk}
        />
      ))}
    </IndexTable>
  );
}

function NothingHere({ view, narrowed }: { readonly view: string; readonly narrowed: boolean }) {
  if (narrowed) return <NoMatch what="listings" path="/app/catalog" />;
  if (view === '' || view === 'to-match') {
    return <Calm title="Every listing is matched">The stock of each is kept in step.</Calm>;
  }
  if (view === 'twice') {
    return <Calm title="Nothing fits twice">No listing has more than one answer.</Calm>;
  }
  if (view === 'aside') {
    return <Calm title="Nothing is set aside">What you leave out of Crossdock shows here.</Calm>;
  }
  return <Calm title="No listings">They come when a channel is connected.</Calm>;
}

type RowProps = {
  readonly listing: ListingRow;
  readonly index: number;
  readonly selected: boolean;
  readonly narrow: boolean;
  readonly onAsk: ListingsTableProps['onAsk'];
};

function Row({ listing, index, selected, narrow, onAsk }: RowProps) {
  if (narrow) {
    return (
      <IndexTable.Row id={listing.id} position={index} selected={selected}>
        <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
          <BlockStack gap="150">
            <Text as="span" fontWeight="semibold" breakWord>
              <OneLine text={listing.title} fallback="Untitled" />
            </Text>
            <Text as="span" variant="bodySm" tone="subdued">
              {listing.channelName} · {plainText(listing.sku ?? '') || 'No SKU'}
            </Text>
            <MatchedWith listing={listing} />
            <RowAction listing={listing} onAsk={onAsk} />
          </BlockStack>
        </div>
      </IndexTable.Row>
    );
  }
  return (
    <IndexTable.Row id={listing.id} position={index} selected={selected}>
      <IndexTable.Cell className="cd-cell">
        <BlockStack gap="050">
          <Text as="span" fontWeight="semibold">
            <OneLine text={listing.title} fallback="Untitled" />
          </Text>
          <ListingBadges listing={listing} />
        </BlockStack>
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-cell-narrow">
        <OneLine text={listing.channelName} fallback="" />
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-cell-narrow">
        <OneLine text={listing.sku} fallback="No SKU" />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {listing.channelUnits === null ? '–' : formatCount(listing.channelUnits)}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-cell">
        <MatchedWith listing={listing} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <InlineStack align="end">
          <RowAction listing={listing} onAsk={onAsk} />
        </InlineStack>
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

function ListingBadges({ listing }: { readonly listing: ListingRow }) {
  return (
    <InlineStack gap="100">
      {listing.ambiguousBy !== null && (
        <Badge tone="warning">
          {listing.ambiguousBy === 'sku' ? 'SKU used twice' : 'Barcode used twice'}
        </Badge>
      )}
      {!listing.active && <Badge>No longer sold</Badge>}
      {listing.active && !listing.tracked && <Badge>Not tracked there</Badge>}
      {listing.ignored && <Badge>Set aside</Badge>}
    </InlineStack>
  );
}

const HOW: Readonly<Record<string, string>> = {
  sku: 'same SKU',
  barcode: 'same barcode',
  created: 'made from this listing',
  hand: 'matched by hand',
  title: 'same title',
};

function MatchedWith({ listing }: { readonly listing: ListingRow }) {
  const { item, suggestion } = listing;
  if (item !== null) {
    return (
      <BlockStack gap="050">
        <AppLink to={`/app/inventory/${item.id}`}>{plainText(item.title) || 'Untitled'}</AppLink>
        <Text as="span" variant="bodySm" tone="subdued">
          {[plainText(item.sku), HOW[listing.matchedBy ?? '']].filter(Boolean).join(' · ')}
        </Text>
      </BlockStack>
    );
  }
  if (suggestion === null) {
    return (
      <Text as="span" tone="subdued">
        No item
      </Text>
    );
  }
  return (
    <BlockStack gap="050">
      <Text as="span">{`Could be ${plainText(suggestion.title) || 'Untitled'}`}</Text>
      <Text as="span" variant="bodySm" tone="subdued">
        {[plainText(suggestion.sku), HOW[suggestion.reason]].filter(Boolean).join(' · ')}
      </Text>
    </BlockStack>
  );
}

function RowAction({ listing, onAsk }: Pick<RowProps, 'listing' | 'onAsk'>) {
  const what: CatalogAsk = listing.ignored
    ? 'back'
    : listing.item === null && listing.suggestion !== null
      ? 'accept'
      : 'link';
  const label = { back: 'Bring back', accept: 'Accept', link: listing.item ? 'Change' : 'Match' };
  return (
    // A press on the button is not a press on the row, which would select it.
    <span
      role="presentation"
      onClick={(event) => {
        event.stopPropagation();
      }}
      onKeyUp={(event) => {
        event.stopPropagation();
      }}
    >
      <Button
        size="slim"
        accessibilityLabel={`${label[what]}: ${plainText(listing.title)}`}
        onClick={() => {
          onAsk(what, [listing]);
        }}
      >
        {label[what]}
      </Button>
    </span>
  );
}
