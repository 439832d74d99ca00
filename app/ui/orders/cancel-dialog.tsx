import { List, Select, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { OrderDetail } from '#app/queries/orders/get-order';
import { Dialog } from '../parts/dialog';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf, listOf } from '../words/numbers';

type CancelDialogProps = { readonly order: OrderDetail; readonly onClose: () => void };

/** Why a merchant cancels, by the codes the channels know. */
export const CANCEL_REASONS = [
  { label: 'Customer changed their mind', value: 'customer' },
  { label: 'Items not available', value: 'inventory' },
  { label: 'Suspected fraud', value: 'fraud' },
  { label: 'Payment declined', value: 'declined' },
  { label: 'Other', value: 'other' },
];

/** Asks before it cancels, and says what will happen to the stock and on the channel. */
export function CancelDialog({ order, onClose }: CancelDialogProps) {
  const [reason, setReason] = useState('customer');
  const form = useDialogForm(`/app/orders/${order.id}`, onClose);
  return (
    <Dialog
      title={`Cancel ${order.name}?`}
      action="Cancel order"
      closeLabel="Keep order"
      destructive
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'cancel', reason });
      }}
      onClose={onClose}
    >
      <List>
        {consequences(order).map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
      <Text as="p">{"This can't be undone."}</Text>
      <Select label="Reason" options={CANCEL_REASONS} value={reason} onChange={setReason} />
    </Dialog>
  );
}

function consequences(order: OrderDetail): string[] {
  const places = order.lines.flatMap(({ places: held }) => held);
  const held = places.reduce((sum, { allocated }) => sum + allocated, 0);
  const names = places.filter(({ allocated }) => allocated > 0).map((place) => place.locationName);
  const sentences = [`The order is cancelled on ${order.channel.name}.`];
  if (held > 0) {
    const at = listOf([...new Set(names)]);
    sentences.push(`${countOf(held, 'unit')} at ${at} can be sold again on every channel.`);
  }
  if (order.unitsShipped > 0) {
    sentences.push(`${countOf(order.unitsShipped, 'unit')} already shipped stay shipped.`);
  }
  return sentences;
}
