import { useNavigate } from '@remix-run/react';
import { Checkbox, FormLayout, Select, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useMerchant } from '../frame/merchant-context';
import { Dialog } from '../parts/dialog';
import { useDialogForm } from '../parts/use-dialog-form';

const CHOICES = [
  { value: 'all', label: 'Everything kept there' },
  { value: 'search', label: 'Items found by a word' },
  { value: 'skus', label: 'A list of SKUs' },
  { value: 'stale', label: 'Items not counted for a while' },
  { value: 'random', label: 'Some items by chance' },
];

const FIELDS: Readonly<Record<string, { label: string; help: string; lines?: number }>> = {
  search: { label: 'Word', help: 'In the SKU or the title.' },
  skus: { label: 'SKUs', help: 'One a line, or with commas between them.', lines: 5 },
  stale: { label: 'Days since the last count', help: 'Items never counted are included.' },
  random: { label: 'How many items', help: 'Chosen anew for each count.' },
};

const FIRST: Readonly<Record<string, string>> = { stale: '90', random: '20' };

/** What to count, and where. */
export function StartDialog({ onClose }: { readonly onClose: () => void }) {
  const { locations } = useMerchant();
  const navigate = useNavigate();
  const [id] = useState(() => crypto.randomUUID());
  const form = useDialogForm('/app/inventory/counts', () => {
    navigate(`/app/inventory/counts/${id}`);
  });
  const [locationId, setLocationId] = useState(locations[0]?.id ?? '');
  const [choice, setChoice] = useState('all');
  const [value, setValue] = useState('');
  const [name, setName] = useState('');
  const [blind, setBlind] = useState(true);
  const field = FIELDS[choice];
  const numeric = choice === 'stale' || choice === 'random';
  return (
    <Dialog
      title="Start a count"
      action="Start"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        const shown = blind ? 'no' : 'yes';
        form.send({ intent: 'start', id, locationId, choice, value, name, expected: shown });
      }}
      onClose={onClose}
    >
      <FormLayout>
        <Select
          label="Location"
          options={locations.map((location) => ({ label: location.name, value: location.id }))}
          value={locationId}
          onChange={setLocationId}
        />
        <Select
          label="Items"
          options={CHOICES}
          value={choice}
          onChange={(chosen) => {
            setChoice(chosen);
            setValue(FIRST[chosen] ?? '');
          }}
        />
        {field !== undefined && (
          <TextField
            label={field.label}
            helpText={field.help}
            autoComplete="off"
            value={value}
            onChange={setValue}
            {...(numeric ? { type: 'number', inputMode: 'numeric', min: 1 } : {})}
            {...(field.lines === undefined ? {} : { multiline: field.lines, maxHeight: 240 })}
          />
        )}
        <TextField
          label="Name (optional)"
          autoComplete="off"
          maxLength={100}
          value={name}
          onChange={setName}
          placeholder="Named after the location"
        />
        <Checkbox
          label="Count blind"
          helpText="Whoever counts does not see what is expected, and so is not led by it."
          checked={blind}
          onChange={setBlind}
        />
      </FormLayout>
    </Dialog>
  );
}
