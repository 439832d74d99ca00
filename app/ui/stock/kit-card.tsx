import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import type { KitView } from '#app/queries/catalog/get-kit';
import { AppLink } from '../parts/links';
import { countOf, formatCount } from '../words/numbers';
import { plainText } from '../words/plain-text';

type KitCardProps = { readonly kit: KitView; readonly onEdit: () => void };

/** What a kit is made of and how many there are, or which kits an item goes into. */
export function KitCard({ kit, onEdit }: KitCardProps) {
  const isKit = kit.parts.length > 0;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingSm">
            {isKit ? 'Kit' : 'Kits'}
          </Text>
          {kit.usedIn.length === 0 && (
            <Button variant="plain" onClick={onEdit}>
              {isKit ? 'Edit components' : 'Make it a kit'}
            </Button>
          )}
        </InlineStack>
        {isKit ? <Parts kit={kit} /> : <UsedIn kit={kit} />}
      </BlockStack>
    </Card>
  );
}

function Parts({ kit }: { readonly kit: KitView }) {
  const makes = kit.makes.filter(({ kits }) => kits > 0);
  return (
    <>
      <ul className="cd-list">
        {kit.parts.map((part) => (
          <li key={part.itemId} className="cd-row">
            <div>
              <AppLink to={`/app/inventory/${part.itemId}`}>
                {plainText(part.title) || 'Untitled'}
              </AppLink>
              <Text as="p" variant="bodySm" tone="subdued" breakWord>
                {`${plainText(part.sku)} · ${formatCount(part.available)} available`}
              </Text>
            </div>
            <Text as="span" numeric>{`× ${formatCount(part.quantity)}`}</Text>
          </li>
        ))}
      </ul>
      <Text as="p" tone="subdued">
        {makes.length === 0
          ? 'No location has all components.'
          : makes
              .map(({ locationName, kits }) => `${countOf(kits, 'kit')} at ${locationName}`)
              .join(', ')}
      </Text>
    </>
  );
}

function UsedIn({ kit }: { readonly kit: KitView }) {
  if (kit.usedIn.length === 0) {
    return (
      <Text as="p" tone="subdued">
        A kit is sold as one and shipped as its components; it has no stock of its own.
      </Text>
    );
  }
  return (
    <ul className="cd-list">
      {kit.usedIn.map((item) => (
        <li key={item.itemId} className="cd-row">
          <AppLink to={`/app/inventory/${item.itemId}`}>
            {plainText(item.title) || 'Untitled'}
          </AppLink>
          <Text as="span" variant="bodySm" tone="subdued">
            {plainText(item.sku)}
          </Text>
        </li>
      ))}
    </ul>
  );
}
