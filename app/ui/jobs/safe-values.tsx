import { Text } from '@shopify/polaris';
import type { SafeValue } from '#app/queries/jobs/safe-values';

/** References a job or message is about; never its contents. */
export function SafeValues({ values }: { readonly values: readonly SafeValue[] }) {
  if (values.length === 0) return null;
  return (
    <Text as="p" variant="bodySm" tone="subdued" breakWord>
      {values
        .filter(({ name }) => name !== 'kind')
        .map(({ name, value }) => `${nameWords(name)} ${value.replace(/^gid:\/\/shopify\//, '')}`)
        .join(' · ')}
    </Text>
  );
}

/** "orderRef" as "Order", "locationIds" as "Location". */
function nameWords(name: string): string {
  if (name === 'claimed') return 'Says';
  const words = name
    .replace(/(?:Id|Ref)s?$/, '')
    .replaceAll(/([A-Z])/g, ' $1')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
