import { BlockStack, Button, Checkbox, InlineStack, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import type { KitView } from '#app/queries/catalog/get-kit';
import { Dialog } from '../parts/dialog';
import { ItemPicker } from '../parts/item-picker';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf } from '../words/numbers';
import { plainText } from '../words/plain-text';

type Part = { readonly itemId: string; readonly name: string; readonly units: string };

type KitDialogProps = {
  readonly itemId: string;
  readonly kit: KitView;
  /** Units the item has of its own; they are written off when it becomes a kit. */
  readonly ownUnits: number;
  readonly onClose: () => void;
};

/** Chooses what one kit is made of. */
export function KitDialog({ itemId, kit, ownUnits, onClose }: KitDialogProps) {
  const form = useDialogForm(`/app/inventory/${itemId}`, onClose);
  const [parts, setParts] = useState<readonly Part[]>(() =>
    kit.parts.map((part) => ({
      itemId: part.itemId,
      name: plainText(part.title) || plainText(part.sku),
      units: String(part.quantity),
    })),
  );
  const [adding, setAdding] = useState(parts.length === 0);
  const [writeOff, setWriteOff] = useState(false);
  const [tried, setTried] = useState(false);
  const wrong = parts.some((part) => !isUnits(part.units));
  const ends = kit.parts.length > 0 && parts.length === 0;
  const mustWriteOff = kit.parts.length === 0 && ownUnits > 0;
  return (
    <Dialog
      title={kit.parts.length === 0 ? 'Make it a kit' : 'Components of the kit'}
      action={ends ? 'End the kit' : 'Save'}
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        setTried(true);
        if (wrong || (parts.length === 0 && !ends) || (mustWriteOff && !writeOff)) return;
        form.send({
          intent: 'set-kit',
          parts: parts.map((part) => `${part.itemId}:${part.units.trim()}`).join(','),
          writeOff: writeOff ? 'yes' : '',
        });
      }}
      onClose={onClose}
    >
      <BlockStack gap="300">
        {parts.map((part) => (
          <PartRow
            key={part.itemId}
            part={part}
            wrong={tried && !isUnits(part.units)}
            onChange={(units) => {
              setParts(parts.map((one) => (one.itemId === part.itemId ? { ...one, units } : one)));
            }}
            onRemove={() => {
              setParts(parts.filter((one) => one.itemId !== part.itemId));
            }}
          />
        ))}
        {adding ? (
          <ItemPicker
            label="Find a component by SKU, title or barcode"
            startWith=""
            chosen={null}
            leaveOut={[itemId, ...parts.map((part) => part.itemId)]}
            error={tried && parts.length === 0 && !ends ? 'Choose a component' : undefined}
            onChoose={(item) => {
              const name = plainText(item.title) || plainText(item.sku);
              setParts([...parts, { itemId: item.id, name, units: '1' }]);
              setAdding(false);
            }}
          />
        ) : (
          <InlineStack>
            <Button
              onClick={() => {
                setAdding(true);
              }}
            >
              Add a component
            </Button>
          </InlineStack>
        )}
        {mustWriteOff && (
          <Checkbox
            label={`Write off the ${countOf(ownUnits, 'unit')} counted for the kit itself`}
            helpText="A kit has no stock of its own: what can be sold follows from its components."
            checked={writeOff}
            onChange={setWriteOff}
            error={tried && !writeOff ? 'A kit cannot keep units of its own' : false}
          />
        )}
        {ends && (
          <Text as="p" tone="subdued">
            Without components it is an item with its own stock again, which begins at 0.
          </Text>
        )}
      </BlockStack>
    </Dialog>
  );
}

function isUnits(typed: string): boolean {
  return /^\d{1,4}$/.test(typed.trim()) && Number(typed) >= 1 && Number(typed) <= 1_000;
}

type PartRowProps = {
  readonly part: Part;
  readonly wrong: boolean;
  readonly onChange: (units: string) => void;
  readonly onRemove: () => void;
};

function PartRow({ part, wrong, onChange, onRemove }: PartRowProps) {
  return (
    <div className="cd-row">
      <Text as="span" breakWord>
        {part.name}
      </Text>
      <InlineStack gap="200" blockAlign="center" wrap={false}>
        <div style={{ width: '6rem' }}>
          <TextField
            label={`Units of ${part.name}`}
            labelHidden
            type="number"
            inputMode="numeric"
            min={1}
            autoComplete="off"
            value={part.units}
            onChange={onChange}
            error={wrong ? '1 to 1,000' : false}
          />
        </div>
        <Button variant="plain" accessibilityLabel={`Remove ${part.name}`} onClick={onRemove}>
          Remove
        </Button>
      </InlineStack>
    </div>
  );
}
