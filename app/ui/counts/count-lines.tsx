import { BlockStack, Card, Text } from '@shopify/polaris';
import type { CountDetails } from '#app/queries/counts/get-count';
import type { CountLineRow } from '#app/queries/counts/list-count-lines';
import type { Page as RowsPage } from '#app/queries/paging';
import { ResourceFilters } from '../parts/index-filters';
import { AppLink } from '../parts/links';
import { Calm } from '../parts/no-match';
import { Pager } from '../parts/pager';
import { WholeText } from '../parts/text-of-strangers';
import { useAddress } from '../parts/use-address';
import { formatCount } from '../words/numbers';
import { itemTitle } from '../words/plain-text';
import { signed } from './count-words';

type CountLinesProps = {
  readonly count: CountDetails;
  readonly lines: RowsPage<CountLineRow>;
};

const NOTHING: Readonly<Record<string, readonly [string, string]>> = {
  '': ['Nothing changes', 'All numbers are what the ledger has.'],
  problems: ['No problems', 'Every row can be used.'],
};

/** A count's lines: what changes, what is wrong, or all of it. */
export function CountLines({ count, lines }: CountLinesProps) {
  const { read } = useAddress();
  const searched = read('q') !== '';
  const [title, text] = NOTHING[read('view')] ?? ['No lines', 'There is nothing here.'];
  return (
    <Card padding="0">
      <ResourceFilters
        views={[
          { id: 'changes', label: 'Changes' },
          { id: 'problems', label: 'Problems' },
          { id: 'all', label: 'All' },
        ]}
        searchLabel="Search by SKU or title"
        filters={[]}
        sorts={[{ label: 'Row', value: 'row asc', directionLabel: 'First to last' }]}
      />
      {lines.rows.length === 0 ? (
        <Calm title={searched ? 'No line matches' : title}>
          {searched ? 'Try another word.' : text}
        </Calm>
      ) : (
        <div style={{ padding: '0 var(--p-space-400)' }}>
          <table className="cd-table cd-stack">
            <thead>
              <tr>
                <th scope="col">{count.kind === 'file' ? 'Row and item' : 'Item'}</th>
                <th scope="col">Location</th>
                <th scope="col" className="cd-number">
                  Before
                </th>
                <th scope="col" className="cd-number">
                  Counted
                </th>
                <th scope="col" className="cd-number">
                  Change
                </th>
              </tr>
            </thead>
            <tbody>
              {lines.rows.map((line) => (
                <Line key={line.id} count={count} line={line} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Pager page={lines} label="lines" />
    </Card>
  );
}

function Line({ count, line }: { readonly count: CountDetails; readonly line: CountLineRow }) {
  const change =
    line.moved ??
    (line.counted === null || line.expected === null ? null : line.counted - line.expected);
  return (
    <tr>
      <td>
        <BlockStack gap="050">
          <LineName count={count} line={line} />
          <LineNotes count={count} line={line} />
        </BlockStack>
      </td>
      <td data-name="Location">
        <WholeText text={line.locationName ?? line.locationText} fallback="None" />
      </td>
      <td data-name="Before" className="cd-number">
        {line.expected === null ? '' : formatCount(line.expected)}
      </td>
      <td data-name="Counted" className="cd-number">
        {line.counted === null ? (
          <WholeText text={line.countedText} fallback="" />
        ) : (
          formatCount(line.counted)
        )}
        {line.earlier !== null && (
          <Text as="span" tone="subdued">{` (first ${formatCount(line.earlier)})`}</Text>
        )}
      </td>
      <td data-name="Change" className="cd-number">
        <Text as="span" fontWeight="semibold">
          {signed(change)}
        </Text>
      </td>
    </tr>
  );
}

function LineName({ count, line }: { readonly count: CountDetails; readonly line: CountLineRow }) {
  const row = count.kind === 'file' ? `${formatCount(line.position)}. ` : '';
  if (line.itemId === null || line.title === null) {
    return (
      <span>
        <Text as="span" tone="subdued">
          {row}
        </Text>
        <WholeText text={line.sku} fallback="No SKU" />
      </span>
    );
  }
  const title = itemTitle({ title: line.title, variantTitle: line.variantTitle });
  return (
    <>
      <span>
        <Text as="span" tone="subdued">
          {row}
        </Text>
        <AppLink to={`/app/inventory/${line.itemId}`}>
          <WholeText text={title} fallback="Untitled" />
        </AppLink>
      </span>
      <Text as="span" variant="bodySm" tone="subdued">
        <WholeText text={line.sku} fallback="No SKU" />
      </Text>
    </>
  );
}

/** What is wrong with a line, or will be when it is posted. */
function LineNotes({ count, line }: { readonly count: CountDetails; readonly line: CountLineRow }) {
  const missing =
    count.basis === 'on_hand' && line.moved === null && line.counted !== null
      ? Math.max(0, line.promised - line.counted)
      : 0;
  return (
    <>
      {line.problem !== null && (
        <Text as="span" variant="bodySm" tone="critical">
          <WholeText text={line.problem} fallback="" />
        </Text>
      )}
      {missing > 0 && (
        <Text as="span" variant="bodySm" tone="caution">
          {`${formatCount(line.promised)} are promised or set aside: ${formatCount(missing)} more than were counted. Posting takes what is available.`}
        </Text>
      )}
    </>
  );
}
