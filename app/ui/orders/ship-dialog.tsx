import { BlockStack, Checkbox, FormLayout, Select, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import type { FulfillmentOrderDetail, OrderDetail } from '#app/queries/orders/get-order';
import { Dialog } from '../parts/dialog';
import { isWebAddress } from '../parts/links';
import { WholeText } from '../parts/text-of-strangers';
import { useDialogForm } from '../parts/use-dialog-form';
import { plainText } from '../words/plain-text';

type ShipDialogProps = {
  readonly work: FulfillmentOrderDetail;
  readonly order: OrderDetail;
  readonly onClose: () => void;
};

/** Names Shopify and carriers' tracking pages know; anything else can be typed. */
const CARRIERS = [
  'UPS',
  'USPS',
  'FedEx',
  'DHL Express',
  'Canada Post',
  'Royal Mail',
  'Australia Post',
  'DPD',
  'GLS',
];
const OTHER = 'other';
const NUMBER_LENGTH_MAX = 100;

/** Says that goods have left: which, how many, and under which tracking number. */
export function ShipDialog({ work, order, onClose }: ShipDialogProps) {
  const form = useDialogForm(`/app/orders/${order.id}`, onClose);
  const fields = useShipFields(work);
  const submit = () => {
    const values = fields.read();
    if (values !== null) {
      form.send({ intent: 'ship', fulfillmentOrderId: work.id, ...values });
    }
  };
  return (
    <Dialog
      title={`Ship from ${work.locationName}`}
      action="Mark as shipped"
      busy={form.busy}
      problem={form.problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <BlockStack gap="300">
        {work.lines.map((line) => (
          <QuantityField key={line.allocationId} line={line} fields={fields} />
        ))}
        {fields.nothing && (
          <Text as="p" tone="critical" id="nothing-to-ship">
            Ship at least one unit.
          </Text>
        )}
      </BlockStack>
      <TrackingFields fields={fields} />
      <Checkbox
        label={`Let ${order.channel.name} notify the customer`}
        checked={fields.notify}
        onChange={fields.setNotify}
      />
    </Dialog>
  );
}

type Fields = ReturnType<typeof useShipFields>;

function useShipFields(work: FulfillmentOrderDetail) {
  const [quantities, setQuantities] = useState<Readonly<Record<string, string>>>({});
  const [carrier, setCarrier] = useState('');
  const [otherCarrier, setOtherCarrier] = useState('');
  const [number, setNumber] = useState('');
  const [url, setUrl] = useState('');
  const [notify, setNotify] = useState(true);
  const [tried, setTried] = useState(false);

  const typed = (id: string, all: number) => quantities[id] ?? String(all);
  const problemOf = (line: FulfillmentOrderDetail['lines'][number]) =>
    quantityProblem(typed(line.allocationId, line.quantity), line.quantity);
  const nothing = work.lines.every((line) => Number(typed(line.allocationId, line.quantity)) === 0);
  const urlProblem =
    url.trim() === '' || isWebAddress(url.trim())
      ? null
      : 'Enter a complete address that starts with https://';

  return {
    carrier,
    setCarrier,
    otherCarrier,
    setOtherCarrier,
    number,
    setNumber,
    url,
    setUrl,
    notify,
    setNotify,
    typed,
    type: (id: string, value: string) => {
      setQuantities((current) => ({ ...current, [id]: value }));
    },
    problemOf,
    nothing: tried && nothing,
    urlProblem: tried ? urlProblem : null,
    /** The form's values, or null when it says what is wrong. */
    read: () => {
      setTried(true);
      const wrong = work.lines.some((line) => problemOf(line) !== null);
      if (wrong || nothing || urlProblem !== null) return null;
      const lines = work.lines
        .map(({ allocationId, quantity }) => ({
          allocationId,
          quantity: Number(typed(allocationId, quantity)),
        }))
        .filter(({ quantity }) => quantity > 0);
      return {
        lines: JSON.stringify(lines),
        company: (carrier === OTHER ? otherCarrier : carrier).trim(),
        number: number.trim(),
        url: url.trim(),
        notify: notify ? 'yes' : 'no',
      };
    },
  };
}

function quantityProblem(typed: string, most: number): string | null {
  if (!/^\d{1,7}$/.test(typed.trim())) return 'Enter a whole number';
  return Number(typed) > most ? `Only ${String(most)} set aside here` : null;
}

type QuantityFieldProps = {
  readonly line: FulfillmentOrderDetail['lines'][number];
  readonly fields: Fields;
};

function QuantityField({ line, fields }: QuantityFieldProps) {
  return (
    <div className="cd-row">
      <div className="cd-text">
        <Text as="p" breakWord>
          <WholeText text={line.title} fallback="Untitled" />
        </Text>
        <Text as="p" variant="bodySm" tone="subdued" breakWord>
          <WholeText text={line.sku} fallback="No SKU" />
        </Text>
      </div>
      <div className="cd-of">
        <TextField
          label={`Units of ${plainText(line.title)}`}
          labelHidden
          type="number"
          inputMode="numeric"
          min={0}
          max={line.quantity}
          autoComplete="off"
          value={fields.typed(line.allocationId, line.quantity)}
          error={fields.problemOf(line) ?? false}
          onChange={(value) => {
            fields.type(line.allocationId, value);
          }}
        />
        <span>of {line.quantity}</span>
      </div>
    </div>
  );
}

function TrackingFields({ fields }: { readonly fields: Fields }) {
  return (
    <FormLayout>
      <FormLayout.Group>
        <Select
          label="Carrier"
          options={[
            { label: 'None', value: '' },
            ...CARRIERS.map((name) => ({ label: name, value: name })),
            { label: 'Other', value: OTHER },
          ]}
          value={fields.carrier}
          onChange={fields.setCarrier}
        />
        <TextField
          label="Tracking number"
          autoComplete="off"
          maxLength={NUMBER_LENGTH_MAX}
          value={fields.number}
          onChange={fields.setNumber}
        />
      </FormLayout.Group>
      {fields.carrier === OTHER && (
        <TextField
          label="Name of the carrier"
          autoComplete="off"
          maxLength={NUMBER_LENGTH_MAX}
          value={fields.otherCarrier}
          onChange={fields.setOtherCarrier}
        />
      )}
      <TextField
        label="Tracking page (optional)"
        type="url"
        autoComplete="off"
        placeholder="https://"
        value={fields.url}
        error={fields.urlProblem ?? false}
        onChange={fields.setUrl}
      />
    </FormLayout>
  );
}
