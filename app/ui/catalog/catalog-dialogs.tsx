import { BlockStack, List, Select, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { ListingRow } from '#app/queries/catalog/list-listings';
import { useMerchant } from '../frame/merchant-context';
import { Dialog } from '../parts/dialog';
import { type ItemChoice, ItemPicker } from '../parts/item-picker';
import { WholeText } from '../parts/text-of-strangers';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf } from '../words/numbers';
import { plainText } from '../words/plain-text';

const PATH = '/app/catalog?index';
/** More names would push the question off the screen. */
const NAMED_MAX = 3;

type CatalogDialogProps = {
  readonly listings: readonly ListingRow[];
  /** `done`: it was carried out, so nothing is selected any more. */
  readonly onClose: (done: boolean) => void;
};

/** Which item these listings sell. */
export function LinkDialog({ listings, onClose }: CatalogDialogProps) {
  const form = useCatalogForm(onClose);
  const [chosen, setChosen] = useState<ItemChoice | null>(null);
  const [tried, setTried] = useState(false);
  const first = listings[0];
  return (
    <Dialog
      title={listings.length === 1 ? 'Match to an item' : 'Match to one item'}
      action="Match"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        setTried(true);
        if (chosen !== null) form.send({ intent: 'link', ...idsOf(listings), itemId: chosen.id });
      }}
      onClose={() => {
        onClose(false);
      }}
    >
      <ListingNames listings={listings} />
      <ItemPicker
        label="Find the item by SKU, title or barcode"
        startWith={
          first?.suggestion?.sku ?? first?.sku ?? plainText(first?.title ?? '').slice(0, 40)
        }
        chosen={chosen}
        onChoose={setChosen}
        error={tried && chosen === null ? 'Choose an item' : undefined}
      />
    </Dialog>
  );
}

/** Makes items of listings, with the stock the channel counts. */
export function CreateItemsDialog({ listings, onClose }: CatalogDialogProps) {
  const { locations } = useMerchant();
  const form = useCatalogForm(onClose);
  const [locationId, setLocationId] = useState(locations[0]?.id ?? '');
  return (
    <Dialog
      title={listings.length === 1 ? 'Make an item of it' : 'Make an item of each'}
      action={`Make ${countOf(listings.length, 'item')}`}
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'create', ...idsOf(listings), locationId });
      }}
      onClose={() => {
        onClose(false);
      }}
    >
      <ListingNames listings={listings} />
      <Text as="p">
        Each gets an item of its own, with the units its channel counts now as opening stock.
        Listings that share one number in their store, as variations may, become one item together.
      </Text>
      <Select
        label="Where the units are"
        options={[
          ...locations.map(({ id, name }) => ({ label: name, value: id })),
          { label: 'Nowhere yet: begin with 0 units', value: '' },
        ]}
        value={locationId}
        onChange={setLocationId}
        helpText="A Shopify listing brings its own locations; this is for stores with one number."
      />
    </Dialog>
  );
}

/** Separates listings from their items. */
export function SetAsideDialog({ listings, onClose }: CatalogDialogProps) {
  const form = useCatalogForm(onClose);
  return (
    <Dialog
      title={`Set ${countOf(listings.length, 'listing')} aside?`}
      action="Set aside"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'unlink', ...idsOf(listings) });
      }}
      onClose={() => {
        onClose(false);
      }}
    >
      <ListingNames listings={listings} />
      <List>
        <List.Item>Crossdock no longer changes the numbers of these listings.</List.Item>
        <List.Item>Orders that have units already keep them; new ones need a person.</List.Item>
        <List.Item>You find them under “Set aside” and can bring them back.</List.Item>
      </List>
    </Dialog>
  );
}

type AcceptAllProps = {
  readonly count: number;
  readonly connectionId: string;
  readonly channelName: string | null;
  readonly onClose: (done: boolean) => void;
};

/** Takes every suggestion there is. */
export function AcceptAllDialog({ count, connectionId, channelName, onClose }: AcceptAllProps) {
  const form = useCatalogForm(onClose);
  return (
    <Dialog
      title={`Match ${countOf(count, 'listing')} as suggested?`}
      action="Match them"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'accept-all', connectionId });
      }}
      onClose={() => {
        onClose(false);
      }}
    >
      <Text as="p">
        {`Each listing ${channelName === null ? '' : `of ${channelName} `}for which exactly one item is
        suggested is matched with it. From then on it shows that item’s number.`}
      </Text>
    </Dialog>
  );
}

function useCatalogForm(onClose: (done: boolean) => void) {
  return useDialogForm(PATH, () => {
    onClose(true);
  });
}

function idsOf(listings: readonly ListingRow[]): { readonly listingIds: string } {
  return { listingIds: listings.map((listing) => listing.id).join(',') };
}

function ListingNames({ listings }: { readonly listings: readonly ListingRow[] }) {
  const more = listings.length - NAMED_MAX;
  return (
    <BlockStack gap="050">
      {listings.slice(0, NAMED_MAX).map((listing) => (
        <Text key={listing.id} as="p" breakWord fontWeight="medium">
          <WholeText text={listing.title} fallback="Untitled" />
        </Text>
      ))}
      {more > 0 && (
        <Text as="p" tone="subdued">
          {`and ${countOf(more, 'other')}`}
        </Text>
      )}
    </BlockStack>
  );
}
