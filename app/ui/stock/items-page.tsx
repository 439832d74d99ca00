import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  IndexTable,
  InlineStack,
  Link,
  Page,
  Text,
  useBreakpoints,
} from '@shopify/polaris';
import { useState } from 'react';
import type { Page as RowsPage } from '#app/queries/paging';
import type { ItemRow } from '#app/queries/stock/list-items';
import { useMerchant } from '../frame/merchant-context';
import { EmptyPage } from '../parts/empty-page';
import { ResourceFilters, type SavedView } from '../parts/index-filters';
import { NoMatch } from '../parts/no-match';
import { Pager } from '../parts/pager';
import { OneLine } from '../parts/text-of-strangers';
import { useAddress } from '../parts/use-address';
import { useDownload } from '../parts/use-download';
import { formatCount } from '../words/numbers';
import { itemTitle } from '../words/plain-text';
import { AdjustDialog, type AdjustTarget } from './adjust-dialog';

const VIEWS: readonly SavedView[] = [
  { id: 'all', label: 'All' },
  { id: 'low', label: 'Low' },
  { id: 'out-of-stock', label: 'Out of stock' },
  { id: 'short', label: 'Short' },
  { id: 'not-listed', label: 'Not listed' },
];

type ItemsPageProps = { readonly items: RowsPage<ItemRow>; readonly empty: boolean };

/** What there is, everywhere or at one location, and where it can be put right. */
export function ItemsPage({ items, empty }: ItemsPageProps) {
  const { locations } = useMerchant();
  const [target, setTarget] = useState<AdjustTarget | null>(null);
  const exported = useDownload();
  if (empty) return <NoItems />;
  return (
    <Page
      title="Inventory"
      fullWidth
      secondaryActions={[
        { content: 'Counts', url: '/app/inventory/counts' },
        { content: 'Import', url: '/app/inventory/import' },
        {
          content: 'Export',
          disabled: exported.busy,
          onAction: () => {
            exported.download('/app/inventory/export', 'stock.csv');
          },
        },
      ]}
    >
      {exported.problem !== null && <Banner tone="critical">{exported.problem}</Banner>}
      <Card padding="0">
        <ResourceFilters
          views={VIEWS}
          searchLabel="Search by SKU, title or barcode"
          filters={[{ name: 'location', label: 'Location', choices: locations }]}
          sorts={[
            { label: 'Title', value: 'title asc', directionLabel: 'A to Z' },
            { label: 'Title', value: 'title desc', directionLabel: 'Z to A' },
            { label: 'SKU', value: 'sku asc', directionLabel: 'A to Z' },
            { label: 'SKU', value: 'sku desc', directionLabel: 'Z to A' },
          ]}
        />
        <ItemsTable items={items} onAdjust={setTarget} />
        <Pager page={items} label="items" />
      </Card>
      {target !== null && (
        <AdjustDialog
          target={target}
          onClose={() => {
            setTarget(null);
          }}
        />
      )}
    </Page>
  );
}

function NoItems() {
  return (
    <EmptyPage
      title="Inventory"
      heading="Your items come from your channels"
      action={{ label: 'View channels', path: '/app/channels' }}
    >
      When a channel is connected, its products and their stock are read into one list.
    </EmptyPage>
  );
}

type ItemsTableProps = {
  readonly items: RowsPage<ItemRow>;
  readonly onAdjust: (target: AdjustTarget) => void;
};

function ItemsTable({ items, onAdjust }: ItemsTableProps) {
  const { smDown } = useBreakpoints();
  const { loading, read } = useAddress();
  const locationId = read('location') || null;
  const Row = smDown ? PhoneRow : WideRow;
  return (
    <IndexTable
      resourceName={{ singular: 'item', plural: 'items' }}
      itemCount={items.rows.length}
      selectable={false}
      condensed={smDown}
      loading={loading}
      emptyState={<NoMatch what="items" path="/app/inventory" />}
      headings={[
        { title: 'Item' },
        { title: 'SKU' },
        { title: 'Available', alignment: 'end' },
        { title: 'Committed', alignment: 'end' },
        { title: 'Unavailable', alignment: 'end' },
        { title: 'On hand', alignment: 'end' },
        { title: 'Incoming', alignment: 'end' },
        { title: 'Adjust', hidden: true },
      ]}
    >
      {items.rows.map((item, index) => (
        <Row
          key={item.id}
          item={item}
          index={index}
          onAdjust={() => {
            onAdjust({
              itemId: item.id,
              title: itemTitle(item),
              sku: item.sku,
              places: item.places,
              locationId,
            });
          }}
        />
      ))}
    </IndexTable>
  );
}

type RowProps = {
  readonly item: ItemRow;
  readonly index: number;
  readonly onAdjust: () => void;
};

function WideRow({ item, index, onAdjust }: RowProps) {
  const numbers = [item.available, item.committed, item.unavailable, item.onHand, item.incoming];
  return (
    <IndexTable.Row id={item.id} position={index}>
      <IndexTable.Cell className="cd-cell">
        <ItemName item={item} />
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-cell-narrow">
        <OneLine text={item.sku} fallback="No SKU" />
      </IndexTable.Cell>
      {numbers.map((units, column) => (
        <IndexTable.Cell key={column}>
          <Text
            as="span"
            alignment="end"
            numeric
            fontWeight={column === 0 ? 'semibold' : 'regular'}
          >
            {formatCount(units)}
          </Text>
        </IndexTable.Cell>
      ))}
      <IndexTable.Cell>
        <InlineStack align="end">
          <AdjustButton item={item} onAdjust={onAdjust} />
        </InlineStack>
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

function PhoneRow({ item, index, onAdjust }: RowProps) {
  return (
    <IndexTable.Row id={item.id} position={index}>
      <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
        <BlockStack gap="100">
          <InlineStack align="space-between" gap="200" wrap={false} blockAlign="start">
            <div style={{ minWidth: 0 }}>
              <ItemName item={item} />
              <Text as="p" variant="bodySm" tone="subdued">
                <OneLine text={item.sku} fallback="No SKU" />
              </Text>
            </div>
            <AdjustButton item={item} onAdjust={onAdjust} />
          </InlineStack>
          <Text as="p" variant="bodySm" numeric>
            {`${formatCount(item.available)} available · ${formatCount(item.committed)} committed · `}
            {`${formatCount(item.onHand)} on hand`}
          </Text>
        </BlockStack>
      </div>
    </IndexTable.Row>
  );
}

function ItemName({ item }: { readonly item: ItemRow }) {
  return (
    <BlockStack gap="050">
      <Link url={`/app/inventory/${item.id}`} dataPrimaryLink monochrome removeUnderline>
        <Text as="span" fontWeight="semibold">
          <OneLine text={itemTitle(item)} fallback="Untitled" />
        </Text>
      </Link>
      {(item.short > 0 || item.low || item.available === 0 || item.listings === 0) && (
        <InlineStack gap="100">
          {item.short > 0 && <Badge tone="critical">{`${formatCount(item.short)} short`}</Badge>}
          {item.low && <Badge tone="warning">Low</Badge>}
          {item.available === 0 && <Badge>Out of stock</Badge>}
          {item.listings === 0 && <Badge tone="info">Not listed</Badge>}
        </InlineStack>
      )}
    </BlockStack>
  );
}

function AdjustButton({ item, onAdjust }: Pick<RowProps, 'item' | 'onAdjust'>) {
  return (
    // A press on the button is not a press on the row, which would open the item.
    <span
      role="presentation"
      onClick={(event) => {
        event.stopPropagation();
      }}
      onKeyUp={(event) => {
        event.stopPropagation();
      }}
    >
      <Button size="slim" onClick={onAdjust} accessibilityLabel={`Adjust ${itemTitle(item)}`}>
        Adjust
      </Button>
    </span>
  );
}
