import { useFetcher } from '@remix-run/react';
import { BlockStack, ChoiceList, Text, TextField } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import type { UnmatchedListing } from '#app/queries/connections/list-unmatched-listings';
import { Dialog } from '../parts/dialog';
import { WholeText } from '../parts/text-of-strangers';
import { useDialogForm } from '../parts/use-dialog-form';
import { plainText } from '../words/plain-text';

type MatchDialogProps = {
  readonly connectionId: string;
  readonly listing: UnmatchedListing;
  readonly onClose: () => void;
};

/** What the search for items answers. */
export type ItemChoices = {
  readonly items: readonly { readonly id: string; readonly title: string; readonly sku: string }[];
};

const TYPING_PAUSE_MS = 250;

/** Finds the item a listing sells. */
export function MatchDialog({ connectionId, listing, onClose }: MatchDialogProps) {
  const form = useDialogForm(`/app/channels/${connectionId}`, onClose);
  const search = useFetcher<ItemChoices>();
  const [typed, setTyped] = useState(listing.sku ?? plainText(listing.title).slice(0, 40));
  const [chosen, setChosen] = useState('');
  const [tried, setTried] = useState(false);
  const { load } = search;
  useEffect(() => {
    const timer = setTimeout(() => {
      load(`/app/items?q=${encodeURIComponent(typed)}`);
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, load]);
  const items = search.data?.items ?? [];
  return (
    <Dialog
      title="Match to an item"
      action="Match"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        setTried(true);
        if (chosen !== '') form.send({ intent: 'link', listingId: listing.id, itemId: chosen });
      }}
      onClose={onClose}
    >
      <Text as="p" breakWord>
        <WholeText text={listing.title} fallback="Untitled" />
      </Text>
      <TextField
        label="Find the item by SKU, title or barcode"
        autoComplete="off"
        value={typed}
        onChange={setTyped}
        loading={search.state !== 'idle'}
      />
      <BlockStack gap="200">
        {items.length === 0 && search.data !== undefined ? (
          <Text as="p" tone="subdued">
            No item matches. Try another word.
          </Text>
        ) : (
          <ChoiceList
            title="Items"
            titleHidden
            choices={items.map(({ id, title, sku }) => ({
              label: plainText(title) || 'Untitled',
              helpText: plainText(sku) || 'No SKU',
              value: id,
            }))}
            selected={chosen === '' ? [] : [chosen]}
            onChange={([id]) => {
              setChosen(id ?? '');
            }}
            {...(tried && chosen === '' ? { error: 'Choose an item' } : {})}
          />
        )}
      </BlockStack>
    </Dialog>
  );
}
