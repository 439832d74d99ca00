import { BlockStack, FormLayout, Select, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { ADJUSTMENT_REASONS } from '#app/domain/stock/adjustment';
import { MOVEMENT_UNITS_MAX } from '#app/domain/stock/movement';
import { useMerchant } from '../frame/merchant-context';
import { Dialog } from '../parts/dialog';
import { WholeText } from '../parts/text-of-strangers';
import { useDialogForm } from '../parts/use-dialog-form';
import { formatCount } from '../words/numbers';

export type AdjustTarget = {
  readonly itemId: string;
  readonly title: string;
  readonly sku: string;
  readonly places: readonly { readonly locationId: string; readonly available: number }[];
  /** Chosen when the dialog opens; null = the first one. */
  readonly locationId: string | null;
};

type AdjustDialogProps = { readonly target: AdjustTarget; readonly onClose: () => void };

const WAYS = [
  { label: 'Add', value: 'add' },
  { label: 'Remove', value: 'remove' },
  { label: 'Set to', value: 'set' },
];

const REASON_LABELS: Readonly<Record<(typeof ADJUSTMENT_REASONS)[number], string>> = {
  count: 'Counted',
  received: 'Received',
  damaged: 'Damaged',
  lost: 'Lost or stolen',
  found: 'Found',
  returned: 'Returned by a customer',
  promotion: 'Promotion or sample',
  correction: 'Correction',
  other: 'Other',
};

const NOTE_LENGTH_MAX = 500;

/** Changes what is available at one location, with a reason that stays in the ledger. */
export function AdjustDialog({ target, onClose }: AdjustDialogProps) {
  const { locations } = useMerchant();
  const form = useDialogForm(`/app/inventory/${target.itemId}`, onClose);
  const [locationId, setLocationId] = useState(target.locationId ?? locations[0]?.id ?? '');
  const [chosenWay, setWay] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('received');
  // A count says what there is, anything else what came or went; a choice made by hand stays.
  const way = chosenWay ?? (reason === 'count' ? 'set' : 'add');
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);

  const now = target.places.find((place) => place.locationId === locationId)?.available ?? 0;
  const problem = unitsProblem(typed, way, now);
  const noteProblem = reason === 'other' && note.trim() === '' ? 'Say why' : null;
  const submit = () => {
    setTried(true);
    if (problem !== null || noteProblem !== null) return;
    form.send({ intent: 'adjust', locationId, way, units: typed.trim(), reason, note });
  };
  return (
    <Dialog
      title="Adjust available stock"
      action="Save"
      busy={form.busy}
      problem={form.problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <BlockStack>
        <Text as="p" fontWeight="semibold" breakWord>
          <WholeText text={target.title} fallback="Untitled" />
        </Text>
        <Text as="p" tone="subdued" breakWord>
          <WholeText text={target.sku} fallback="No SKU" />
        </Text>
      </BlockStack>
      <FormLayout>
        <Select
          label="Location"
          options={locations.map(({ id, name }) => ({ label: name, value: id }))}
          value={locationId}
          onChange={setLocationId}
          helpText={`${formatCount(now)} available there now`}
        />
        <FormLayout.Group condensed>
          <Select label="Change" options={WAYS} value={way} onChange={setWay} />
          <TextField
            label="Units"
            type="number"
            inputMode="numeric"
            min={0}
            autoComplete="off"
            autoFocus
            value={typed}
            onChange={setTyped}
            error={(tried || typed !== '') && problem !== null ? problem : false}
            helpText={problem === null ? `${formatCount(after(typed, way, now))} after this` : ' '}
          />
        </FormLayout.Group>
        <Select
          label="Reason"
          options={ADJUSTMENT_REASONS.map((value) => ({ label: REASON_LABELS[value], value }))}
          value={reason}
          onChange={setReason}
        />
        <TextField
          label={reason === 'other' ? 'Note' : 'Note (optional)'}
          autoComplete="off"
          maxLength={NOTE_LENGTH_MAX}
          value={note}
          onChange={setNote}
          error={tried && noteProblem !== null ? noteProblem : false}
        />
      </FormLayout>
    </Dialog>
  );
}

/** Why these units cannot be, in the words of the form; null when they can. */
export function unitsProblem(typed: string, way: string, now: number): string | null {
  const text = typed.trim();
  if (text === '') return 'Enter a number';
  if (/^-\d+$/.test(text)) {
    return way === 'set' ? 'Stock cannot be negative' : 'Enter a positive number';
  }
  if (!/^\d+$/.test(text)) return 'Enter a whole number';
  const units = Number(text);
  if (units > MOVEMENT_UNITS_MAX) return 'Enter at most 1,000,000';
  if (way !== 'set' && units === 0) return 'Enter at least 1';
  if (way === 'remove' && units > now) return `Only ${formatCount(now)} available`;
  if (way === 'set' && units === now) return 'That is the number now';
  return null;
}

function after(typed: string, way: string, now: number): number {
  const units = Number(typed.trim());
  if (way === 'set') return units;
  return way === 'add' ? now + units : now - units;
}
