import { Text } from '@shopify/polaris';
import type { CountDetails } from '#app/queries/counts/get-count';
import { plainText } from '../words/plain-text';

const ENCODINGS: Readonly<Record<string, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'windows-1252': 'Windows-1252',
};

const SEPARATORS: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
};

/** How the file was understood, so that a wrong guess is seen before it does harm. */
export function FileFacts({ count }: { readonly count: CountDetails }) {
  const { encoding, separator, heading } = count.summary;
  if (encoding === undefined || separator === undefined) return null;
  const numbers =
    count.basis === 'available'
      ? 'units that can still be sold'
      : 'all units there, promised ones included';
  return (
    <Text as="p" tone="subdued" breakWord>
      {`Read as ${ENCODINGS[encoding] ?? encoding} with ${SEPARATORS[separator] ?? 'separators'}; numbers from “${plainText(heading ?? '')}”, taken for ${numbers}.`}
    </Text>
  );
}
