import { BlockStack, Text } from '@shopify/polaris';
import type { Effects } from '#app/queries/audit/list-effects';
import { AppLink } from '../parts/links';
import { auditSentence, movementSentence, reasonWords } from '../words/sentences';

/** What one cause has done, and the units it moved. */
export function EffectsList({
  effects,
  nothing,
}: {
  readonly effects: Effects;
  readonly nothing: string;
}) {
  const { records, movements } = effects;
  if (records.length === 0 && movements.length === 0) {
    return (
      <Text as="p" tone="subdued">
        {nothing}
      </Text>
    );
  }
  return (
    <BlockStack gap="200">
      <ul className="cd-list">
        {records.map((record) => (
          <li key={record.id} className="cd-row">
            <Text as="span" breakWord>
              {auditSentence(record)}
            </Text>
          </li>
        ))}
        {movements.map((movement) => (
          <li key={movement.seq} className="cd-row">
            <Text as="span" breakWord>
              <AppLink to={`/app/inventory/${movement.itemId}`}>
                {movement.sku || 'An item'}
              </AppLink>
              {`: ${movementSentence(movement)} (${reasonWords(movement.reason)})`}
            </Text>
          </li>
        ))}
      </ul>
    </BlockStack>
  );
}
