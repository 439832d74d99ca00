import { useFetcher } from '@remix-run/react';
import { BlockStack, ChoiceList, Text, TextField } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { plainText } from '../words/plain-text';

export type ItemChoice = { readonly id: string; readonly title: string; readonly sku: string };

/** What the search for items answers. */
export type ItemChoices = { readonly items: readonly ItemChoice[] };

type ItemPickerProps = {
  readonly label: string;
  /** What is searched for before anybody types. */
  readonly startWith: string;
  readonly chosen: ItemChoice | null;
  readonly onChoose: (item: ItemChoice) => void;
  readonly error?: string | undefined;
  /** Items that cannot be chosen here. */
  readonly leaveOut?: readonly string[];
};

const TYPING_PAUSE_MS = 250;

/** Finds one item by a few typed letters. */
export function ItemPicker(props: ItemPickerProps) {
  const { label, startWith, chosen, onChoose, error, leaveOut = [] } = props;
  const search = useFetcher<ItemChoices>();
  const [typed, setTyped] = useState(startWith);
  const { load } = search;
  useEffect(() => {
    const timer = setTimeout(() => {
      load(`/app/items?q=${encodeURIComponent(typed)}`);
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, load]);
  const items = (search.data?.items ?? []).filter((item) => !leaveOut.includes(item.id));
  return (
    <BlockStack gap="300">
      <TextField
        label={label}
        autoComplete="off"
        value={typed}
        onChange={setTyped}
        loading={search.state !== 'idle'}
      />
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
          selected={chosen === null ? [] : [chosen.id]}
          onChange={([id]) => {
            const item = items.find((choice) => choice.id === id);
            if (item !== undefined) onChoose(item);
          }}
          {...(error === undefined ? {} : { error })}
        />
      )}
    </BlockStack>
  );
}
