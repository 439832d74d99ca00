import { List } from '@shopify/polaris';
import type { ConnectionRow } from '#app/queries/connections/list-connections';
import { Dialog } from '../parts/dialog';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf } from '../words/numbers';

type DisconnectDialogProps = {
  readonly connection: ConnectionRow;
  readonly onClose: () => void;
};

/** Asks before it disconnects, and says what stops and what stays. */
export function DisconnectDialog({ connection, onClose }: DisconnectDialogProps) {
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
