import { Badge, BlockStack, Box, Button, Card, InlineStack, Text } from '@shopify/polaris';
import type { NumberPolicy } from '#app/domain/stock/stock-policy';
import type {
  NumberTotals,
  NumberView,
  PreviewedNumber,
} from '#app/queries/connections/preview-numbers';
import type { Page as RowsPage } from '#app/queries/paging';
import { ResourceFilters, type SavedView } from '../parts/index-filters';
import { AppLink } from '../parts/links';
import { Calm } from '../parts/no-match';
import { Pager } from '../parts/pager';
import { OneLine, WholeText } from '../parts/text-of-strangers';
import { formatCount } from '../words/numbers';
import { sharedWords, totalsSentence, whyWords } from './numbers-words';

const VIEWS: readonly SavedView[] = [
  { id: 'changes', label: 'Changes' },
  { id: 'all', label: 'All' },
];
const WAITING: SavedView = { id: 'waiting', label: 'Held back' };

type NumbersTableProps = {
  readonly numbers: RowsPage<PreviewedNumber>;
  readonly totals: NumberTotals;
  readonly policy: NumberPolicy;
  readonly view: NumberView;
  readonly braked: boolean;
  readonly searched: boolean;
  readonly download: { readonly busy: boolean; readonly start: () => void };
};

/** Each number with what the channel holds, what it would show, and why. */
export function NumbersTable(props: NumbersTableProps) {
  const { numbers, totals, policy, braked, download } = props;
  return (
    <Card padding="0">
      <Box padding="400">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <BlockStack gap="050">
            <Text as="h2" variant="headingSm">
              What it would show
            </Text>
            <Text as="p" tone="subdued">
              <span aria-live="polite">{totalsSentence(totals)}</span>
            </Text>
          </BlockStack>
          <Button onClick={download.start} loading={download.busy}>
            Download all as CSV
          </Button>
        </InlineStack>
      </Box>
      <ResourceFilters
        views={braked ? [WAITING, ...VIEWS] : VIEWS}
        searchLabel="Search by SKU or title"
        filters={[]}
        sorts={[]}
        sticky={false}
      />
      {numbers.rows.length === 0 ? (
        <Nothing {...props} />
      ) : (
        <Box paddingInline="400" paddingBlockEnd="200">
          <div className="cd-scroll">
            <table className="cd-table cd-stack">
              <thead>
                <tr>
                  <th scope="col">Listing</th>
                  <th scope="col" className="cd-number">
                    Holds
                  </th>
                  <th scope="col" className="cd-number">
                    Would show
                  </th>
                  <th scope="col" className="cd-number">
                    Difference
                  </th>
                  <th scope="col">Why</th>
                </tr>
              </thead>
              <tbody>
                {numbers.rows.map((number) => (
                  <NumberRow key={number.id} number={number} policy={policy} />
                ))}
              </tbody>
            </table>
          </div>
        </Box>
      )}
      <Pager page={numbers} label="numbers" />
    </Card>
  );
}

function Nothing({ view, searched }: NumbersTableProps) {
  if (searched) return <Calm title="No numbers match">Try another word, or another view.</Calm>;
  return view === 'all' ? (
    <Calm title="No numbers yet">They appear when listings are matched to items.</Calm>
  ) : (
    <Calm title="Nothing would change">The channel holds these numbers already.</Calm>
  );
}

type NumberRowProps = { readonly number: PreviewedNumber; readonly policy: NumberPolicy };

function NumberRow({ number, policy }: NumberRowProps) {
  const { holds, wouldShow } = number;
  const shared = sharedWords(number);
  const difference = holds === null ? null : wouldShow - holds;
  return (
    <tr>
      <td>
        <AppLink to={`/app/inventory/${number.itemId}`}>
          <WholeText text={number.title} fallback="Untitled" />
        </AppLink>
        <Text as="p" variant="bodySm" tone="subdued">
          <OneLine text={number.sku} fallback="No SKU" />
        </Text>
        {number.isKit && <Badge>Kit</Badge>}
      </td>
      <td className="cd-number" data-name="Holds">
        {holds === null ? 'Not known' : formatCount(holds)}
      </td>
      <td className="cd-number" data-name="Would show">
        <Text as="span" fontWeight="semibold">
          {formatCount(wouldShow)}
        </Text>
      </td>
      <td className="cd-number" data-name="Difference">
        {difference === null ? '–' : signed(difference)}
      </td>
      <td className="cd-place" data-name="Why">
        <Text as="p" variant="bodySm" breakWord>
          {whyWords(number, policy)}
        </Text>
        {shared !== null && (
          <Text as="p" variant="bodySm" tone="subdued" breakWord>
            <bdi>{shared}</bdi>
          </Text>
        )}
      </td>
    </tr>
  );
}

function signed(difference: number): string {
  if (difference === 0) return '0';
  return `${difference > 0 ? '+' : '−'}${formatCount(Math.abs(difference))}`;
}
