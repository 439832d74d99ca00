import { List, Text } from '@shopify/polaris';
import type { LocationRow } from '#app/queries/locations/list-locations';
import { Dialog } from '../parts/dialog';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf } from '../words/numbers';

type SwitchDialogProps = { readonly location: LocationRow; readonly onClose: () => void };

/** Says what stops when a location is switched off, or starts when it is switched on. */
export function SwitchDialog({ location, onClose }: SwitchDialogProps) {
  const form = useDialogForm(`/app/locations/${location.id}`, onClose);
  const { name, active, onHand, orders } = location;
  return (
    <Dialog
      title={`Switch ${active ? 'off' : 'on'} ${name}?`}
      action={active ? 'Switch off' : 'Switch on'}
      destructive={active}
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        // The person has seen below how much lies there.
        form.send({ intent: active ? 'switch-off' : 'switch-on' });
      }}
      onClose={onClose}
    >
      {active ? (
        <List>
          <List.Item>
            {onHand === 0
              ? 'No stock lies there.'
              : `${countOf(onHand, 'unit')} there stay in the ledger and are no longer sold: channels are told numbers without them.`}
          </List.Item>
          {onHand > 0 && (
            <List.Item>
              A channel whose numbers change in great part waits for you to agree, if its brake says
              so.
            </List.Item>
          )}
          <List.Item>No new order ships from there.</List.Item>
          {orders > 0 && (
            <List.Item>
              {`${countOf(orders, 'order')} still ${orders === 1 ? 'has' : 'have'} to be shipped from there first.`}
            </List.Item>
          )}
          <List.Item>You can switch it on again.</List.Item>
        </List>
      ) : (
        <Text as="p">
          {`${countOf(onHand, 'unit')} there will be sold again, and orders may ship from there.`}
        </Text>
      )}
    </Dialog>
  );
}
