import { BlockStack, List, Select, Text, TextField } from '@shopify/polaris';
import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { Dialog } from '../parts/dialog';
import { useDialogForm } from '../parts/use-dialog-form';
import { HOLD_CHOICES } from '../words/holds';
import { countOf, formatCount } from '../words/numbers';
import { CANCEL_REASONS } from './cancel-dialog';

export type BulkKind = 'hold' | 'release' | 'tag' | 'untag' | 'cancel' | 'reroute';

/** Orders by id, or all that match a filter, as the address of the list writes it. */
export type Chosen =
  | { readonly all: false; readonly ids: readonly string[] }
  | { readonly all: true; readonly filter: string };

type BulkDialogProps = {
  readonly kind: BulkKind;
  readonly chosen: Chosen;
  readonly onDone: () => void;
  readonly onClose: () => void;
};

/** More are done in several goes. */
const ORDERS_MAX = 10_000;
const NOTE_LENGTH_MAX = 500;
const TAGS_LENGTH_MAX = 500;

const ACTIONS: Readonly<Record<BulkKind, string>> = {
  hold: 'Hold',
  release: 'Lift holds',
  tag: 'Add tags',
  untag: 'Remove tags',
  cancel: 'Cancel orders',
  reroute: 'Route again',
};

/** Says what will happen to how many orders, and whether it can be undone, before it does. */
export function BulkDialog({ kind, chosen, onDone, onClose }: BulkDialogProps) {
  const count = useCount(chosen);
  const form = useDialogForm('/app/orders?index', onDone);
  const [reason, setReason] = useState(kind === 'cancel' ? 'customer' : 'address');
  const [text, setText] = useState('');
  const send = () => {
    form.send({
      kind,
      ids: chosen.all ? '' : chosen.ids.join(','),
      filter: chosen.all ? chosen.filter : '',
      reason,
      ...(kind === 'hold' ? { note: text } : {}),
      ...(kind === 'tag' || kind === 'untag' ? { tags: text } : {}),
    });
  };
  return (
    <Dialog
      title={titleOf(kind, chosen, count)}
      action={ACTIONS[kind]}
      closeLabel={kind === 'cancel' ? 'Keep orders' : 'Cancel'}
      destructive={kind === 'cancel'}
      busy={form.busy}
      problem={form.problem}
      onSubmit={send}
      onClose={onClose}
    >
      <List>
        {consequences(kind, count).map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
      <Fields kind={kind} reason={reason} setReason={setReason} text={text} setText={setText} />
    </Dialog>
  );
}

type FieldsProps = {
  readonly kind: BulkKind;
  readonly reason: string;
  readonly setReason: (reason: string) => void;
  readonly text: string;
  readonly setText: (text: string) => void;
};

function Fields({ kind, reason, setReason, text, setText }: FieldsProps) {
  if (kind === 'tag' || kind === 'untag') {
    return (
      <TextField
        label="Tags"
        helpText="Put a comma between two tags."
        autoComplete="off"
        maxLength={TAGS_LENGTH_MAX}
        value={text}
        onChange={setText}
      />
    );
  }
  if (kind === 'release' || kind === 'reroute') return null;
  return (
    <BlockStack gap="400">
      <Select
        label="Reason"
        options={kind === 'hold' ? HOLD_CHOICES : CANCEL_REASONS}
        value={reason}
        onChange={setReason}
      />
      {kind === 'hold' && (
        <TextField
          label="Note (optional)"
          autoComplete="off"
          multiline={2}
          maxLength={NOTE_LENGTH_MAX}
          value={text}
          onChange={setText}
        />
      )}
      {kind === 'cancel' && (
        <Text as="p" fontWeight="semibold">
          {"This can't be undone."}
        </Text>
      )}
    </BlockStack>
  );
}

/** How many orders it is about; null while they are being counted. */
function useCount(chosen: Chosen): number | null {
  const fetcher = useFetcher<{ readonly count: number }>();
  const { load } = fetcher;
  const filter = chosen.all ? chosen.filter : null;
  useEffect(() => {
    if (filter !== null) load(`/app/orders/count?${filter}`);
  }, [filter, load]);
  return chosen.all ? (fetcher.data?.count ?? null) : chosen.ids.length;
}

function titleOf(kind: BulkKind, chosen: Chosen, count: number | null): string {
  const many =
    count === null
      ? 'all orders that match'
      : count > ORDERS_MAX
        ? `the newest ${formatCount(ORDERS_MAX)} orders`
        : `${chosen.all && count > 1 ? 'all ' : ''}${countOf(count, 'order')}`;
  switch (kind) {
    case 'hold':
      return `Hold ${many}?`;
    case 'release':
      return `Lift the holds of ${many}?`;
    case 'tag':
      return `Add tags to ${many}`;
    case 'untag':
      return `Remove tags from ${many}`;
    case 'cancel':
      return `Cancel ${many}?`;
    case 'reroute':
      return `Route ${many} again?`;
  }
}

function consequences(kind: BulkKind, count: number | null): string[] {
  const most =
    count !== null && count > ORDERS_MAX
      ? [`More than ${formatCount(ORDERS_MAX)} orders match: do the others afterwards.`]
      : [];
  return [...most, ...SENTENCES[kind]];
}

const SENTENCES: Readonly<Record<BulkKind, readonly string[]>> = {
  hold: [
    'Nothing of these orders can be shipped until the hold is lifted. Their stock stays set aside.',
    'Orders that were shipped or cancelled are left alone.',
    'You can undo it.',
  ],
  release: [
    'Every hold of these orders is lifted. Holds that a store set are lifted when the store agrees.',
    'You can undo it: the same holds are set again.',
  ],
  tag: ['The tags are written to the stores, too.', 'You can undo it.'],
  untag: ['The tags are removed in the stores, too.', 'You can undo it.'],
  cancel: [
    'The orders are cancelled in their stores, and their stock can be sold again.',
    'Orders of which something has left are left alone.',
  ],
  reroute: [
    'The rules choose the location again, with the stock there is now. What is best already stays.',
    'Orders on hold are left alone.',
    'It cannot be undone as a whole, but each order can be moved by hand.',
  ],
};
