import { useFetcher } from '@remix-run/react';
import { BlockStack, Card, Text, TextField } from '@shopify/polaris';
import { useEffect, useRef, useState } from 'react';
import type { CountDetails } from '#app/queries/counts/get-count';
import type { FormAnswer } from '../parts/use-dialog-form';
import { plainText } from '../words/plain-text';

type Scan = { readonly code: string; readonly key: string };

/**
 * Takes what a scanner types, or a person: each code adds one unit. Codes that come faster than the
 * answers wait in line, so that none is lost.
 */
export function ScanField({ count }: { readonly count: CountDetails }) {
  const [typed, setTyped] = useState('');
  const { waiting, last, scan } = useScans(`/app/inventory/counts/${count.id}`);
  return (
    <Card>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') scan(typed.trim());
          setTyped('');
        }}
      >
        <BlockStack gap="200">
          <TextField
            label="Scan or type a SKU or barcode"
            autoComplete="off"
            autoFocus
            inputMode="text"
            value={typed}
            onChange={setTyped}
            helpText="Each scan adds one unit."
          />
          <div aria-live="polite">
            {last !== null && (
              <Text as="p" fontWeight="semibold" tone={last.ok ? 'success' : 'critical'} breakWord>
                {plainText(last.message)}
              </Text>
            )}
            {waiting > 0 && <Text as="p" tone="subdued">{`${String(waiting)} being saved`}</Text>}
          </div>
        </BlockStack>
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Card>
  );
}

function useScans(path: string) {
  const fetcher = useFetcher<FormAnswer>();
  const [queue, setQueue] = useState<readonly Scan[]>([]);
  const [last, setLast] = useState<FormAnswer | null>(null);
  const sent = useRef<Scan | null>(null);
  const { data, state, submit } = fetcher;
  useEffect(() => {
    if (state !== 'idle') return;
    if (sent.current !== null) {
      // The answer to the first in line.
      sent.current = null;
      if (data !== undefined) setLast(data);
      setQueue((waiting) => waiting.slice(1));
      return;
    }
    const [next] = queue;
    if (next === undefined) return;
    sent.current = next;
    submit({ intent: 'scan', ...next }, { method: 'post', action: path });
  }, [state, data, queue, submit, path]);
  return {
    waiting: queue.length,
    last,
    scan: (code: string) => {
      setQueue((waiting) => [...waiting, { code, key: crypto.randomUUID() }]);
    },
  };
}
