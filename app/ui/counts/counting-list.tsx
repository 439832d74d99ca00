import { useFetcher } from '@remix-run/react';
import { Button, Card, InlineStack, Text, TextField } from '@shopify/polaris';
import { MinusIcon, PlusIcon } from '@shopify/polaris-icons';
import { useEffect, useRef, useState } from 'react';
import type { CountDetails } from '#app/queries/counts/get-count';
import type { CountLineRow } from '#app/queries/counts/list-count-lines';
import type { Page as RowsPage } from '#app/queries/paging';
import { ResourceFilters } from '../parts/index-filters';
import { Calm } from '../parts/no-match';
import { Pager } from '../parts/pager';
import { WholeText } from '../parts/text-of-strangers';
import { useAddress } from '../parts/use-address';
import type { FormAnswer } from '../parts/use-dialog-form';
import { formatCount } from '../words/numbers';
import { itemTitle } from '../words/plain-text';
import { byStaff, signed } from './count-words';

type CountingListProps = {
  readonly count: CountDetails;
  readonly lines: RowsPage<CountLineRow>;
  readonly me: string;
};

/** The list to walk along shelves with: a big number and two big buttons for each item. */
export function CountingList({ count, lines, me }: CountingListProps) {
  const { read } = useAddress();
  const searched = read('q') !== '';
  return (
    <Card padding="0">
      <ResourceFilters
        views={[
          { id: 'all', label: 'All' },
          { id: 'to-count', label: 'To count' },
          { id: 'counted', label: 'Counted' },
          ...(count.blind ? [] : [{ id: 'changes', label: 'Differences' }]),
        ]}
        searchLabel="Search by SKU, title or barcode"
        filters={[]}
        sorts={[{ label: 'SKU', value: 'row asc', directionLabel: 'A to Z' }]}
      />
      {lines.rows.length === 0 ? (
        <Calm title={searched ? 'No item matches' : 'Nothing here'}>
          {searched ? 'Try another word, or scan it to put it on the list.' : 'Look under All.'}
        </Calm>
      ) : (
        <ul className="cd-list" style={{ padding: '0 var(--p-space-400)' }}>
          {lines.rows.map((line) => (
            <CountingLine key={line.id} count={count} line={line} me={me} />
          ))}
        </ul>
      )}
      <Pager page={lines} label="items" />
    </Card>
  );
}

type LineProps = {
  readonly count: CountDetails;
  readonly line: CountLineRow;
  readonly me: string;
};

function CountingLine({ count, line, me }: LineProps) {
  const { typed, type, step, save, problem, busy } = useCounted(count.id, line);
  const name = itemTitle({ title: line.title ?? '', variantTitle: line.variantTitle });
  const known = line.counted !== null && line.expected !== null ? line.counted - line.expected : 0;
  return (
    <li className="cd-row cd-counting">
      <div>
        <Text as="p" fontWeight="semibold" breakWord>
          <WholeText text={name} fallback="Untitled" />
        </Text>
        <Text as="p" variant="bodySm" tone="subdued" breakWord>
          <WholeText text={line.sku} fallback="No SKU" />
          {!count.blind && line.expected !== null && ` · ${formatCount(line.expected)} expected`}
          {!count.blind && known !== 0 && ` · ${signed(known)}`}
          {line.earlier !== null && line.counted === null && ' · count again'}
        </Text>
        {line.countedBy !== null && line.countedBy !== me && (
          <Text as="p" variant="bodySm" tone="subdued">
            {`Counted ${byStaff(line.countedBy, me)}`}
          </Text>
        )}
        {problem !== null && (
          <Text as="p" variant="bodySm" tone="critical">
            {problem}
          </Text>
        )}
      </div>
      <InlineStack gap="100" wrap={false} blockAlign="center">
        <Button
          size="large"
          icon={MinusIcon}
          accessibilityLabel={`One less: ${name}`}
          disabled={typed === '' || typed === '0'}
          onClick={() => {
            step(-1);
          }}
        />
        <div style={{ width: '5rem' }}>
          <TextField
            label={`Counted: ${name}`}
            labelHidden
            autoComplete="off"
            inputMode="numeric"
            align="center"
            value={typed}
            onChange={type}
            onBlur={save}
            loading={busy}
          />
        </div>
        <Button
          size="large"
          icon={PlusIcon}
          accessibilityLabel={`One more: ${name}`}
          onClick={() => {
            step(1);
          }}
        />
      </InlineStack>
    </li>
  );
}

/** Presses that follow each other at once are saved together. */
const PRESS_PAUSE_MS = 500;

/**
 * The number in a line's field: what is typed here until it is saved, else what the server has. It
 * is saved against the number that was seen, so that nobody overwrites another's count unseen.
 */
function useCounted(countId: string, line: CountLineRow) {
  const fetcher = useFetcher<FormAnswer>();
  const stored = line.counted === null ? '' : String(line.counted);
  const [own, setOwn] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const { data, state, submit } = fetcher;
  const wrong = own !== null && !/^\d{0,7}$/.test(own.trim());
  useEffect(() => {
    // Saved and read again (or refused): from here on the server's number is shown.
    if (state === 'idle' && data !== undefined) setOwn(null);
  }, [state, data]);
  const send = (text: string) => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
    const counted = text.trim();
    if (counted === stored || !/^\d{0,7}$/.test(counted)) return;
    submit(
      { intent: 'set', key: crypto.randomUUID(), lineId: line.id, counted, seen: stored },
      { method: 'post', action: `/app/inventory/counts/${countId}` },
    );
  };
  return {
    typed: own ?? stored,
    busy: state !== 'idle',
    problem: wrong
      ? 'Enter a whole number.'
      : state === 'idle' && own === null && data?.ok === false
        ? data.message
        : null,
    type: setOwn,
    save: () => {
      if (own !== null) send(own);
    },
    step: (by: number) => {
      const next = String(Math.max(0, (Number(own ?? stored) || 0) + by));
      setOwn(next);
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = setTimeout(send, PRESS_PAUSE_MS, next);
    },
  };
}
