import { ChoiceList, List, TextField } from '@shopify/polaris';
import { useState } from 'react';
import type { ConnectionRow } from '#app/queries/connections/list-connections';
import { useMerchant } from '../frame/merchant-context';
import { Dialog } from '../parts/dialog';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf } from '../words/numbers';

type ConnectionDialogProps = {
  readonly connection: ConnectionRow;
  readonly onClose: () => void;
};

/** Which of our locations a channel's numbers are made of, and ship its orders. */
export function LocationsDialog({ connection, onClose }: ConnectionDialogProps) {
  const { locations } = useMerchant();
  const form = useDialogForm(`/app/channels/${connection.id}`, onClose);
  const [chosen, setChosen] = useState<string[]>([...connection.feedingLocationIds]);
  const [tried, setTried] = useState(false);
  return (
    <Dialog
      title={`Locations for ${connection.name}`}
      action="Save"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        setTried(true);
        if (chosen.length === 0) return;
        form.send({ intent: 'set-locations', locationIds: chosen.join(',') });
      }}
      onClose={onClose}
    >
      <ChoiceList
        allowMultiple
        title="Stock at these locations is sold on this channel, and its orders ship from them"
        choices={locations.map(({ id, name }) => ({ label: name, value: id }))}
        selected={chosen}
        onChange={setChosen}
        {...(tried && chosen.length === 0 ? { error: 'Choose at least one location' } : {})}
      />
    </Dialog>
  );
}

const BUFFER_MAX = 100_000;

/** Units a channel never gets to see. */
export function BufferDialog({ connection, onClose }: ConnectionDialogProps) {
  const form = useDialogForm(`/app/channels/${connection.id}`, onClose);
  const [typed, setTyped] = useState(String(connection.bufferUnits));
  const wrong = !/^\d+$/.test(typed.trim()) || Number(typed) > BUFFER_MAX;
  return (
    <Dialog
      title={`Buffer for ${connection.name}`}
      action="Save"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        if (!wrong) form.send({ intent: 'set-buffer', bufferUnits: typed.trim() });
      }}
      onClose={onClose}
    >
      <TextField
        label="Units withheld on every listing"
        type="number"
        inputMode="numeric"
        min={0}
        autoComplete="off"
        value={typed}
        onChange={setTyped}
        error={wrong ? 'Enter a whole number from 0 to 100,000' : false}
        helpText="The channel is told this many fewer than are available. Other channels still sell them."
      />
    </Dialog>
  );
}

/** Asks before it disconnects, and says what stops and what stays. */
export function DisconnectDialog({ connection, onClose }: ConnectionDialogProps) {
  const form = useDialogForm(`/app/channels/${connection.id}`, onClose);
  return (
    <Dialog
      title={`Disconnect ${connection.name}?`}
      action="Disconnect"
      closeLabel="Keep connected"
      destructive
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'disconnect' });
      }}
      onClose={onClose}
    >
      <List>
        <List.Item>New orders of this channel are no longer read.</List.Item>
        <List.Item>
          {`${countOf(connection.listings, 'listing')} keep the last number, which will go out of date.`}
        </List.Item>
        <List.Item>Orders, stock and history stay in Crossdock.</List.Item>
        <List.Item>The stored keys are deleted. You can connect the store again later.</List.Item>
      </List>
    </Dialog>
  );
}
