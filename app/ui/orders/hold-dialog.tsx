import { Select, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import type { OrderDetail } from '#app/queries/orders/get-order';
import { Dialog } from '../parts/dialog';
import { useDialogForm } from '../parts/use-dialog-form';
import { HOLD_CHOICES } from '../words/holds';

type HoldDialogProps = { readonly order: OrderDetail; readonly onClose: () => void };

const NOTE_LENGTH_MAX = 500;

/** Holds one order, for a reason. */
export function HoldDialog({ order, onClose }: HoldDialogProps) {
  const form = useDialogForm(`/app/orders/${order.id}`, onClose);
  const [reason, setReason] = useState('address');
  const [note, setNote] = useState('');
  return (
    <Dialog
      title={`Hold ${order.name}?`}
      action="Hold order"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'hold', reason, note });
      }}
      onClose={onClose}
    >
      <Text as="p">
        Nothing of it can be shipped until the hold is lifted. Its stock stays set aside.
      </Text>
      <Select label="Reason" options={HOLD_CHOICES} value={reason} onChange={setReason} />
      <TextField
        label="Note (optional)"
        autoComplete="off"
        multiline={2}
        maxLength={NOTE_LENGTH_MAX}
        value={note}
        onChange={setNote}
      />
    </Dialog>
  );
}
