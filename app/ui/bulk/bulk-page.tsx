import { Badge, Banner, BlockStack, Card, Page, Tabs, Text } from '@shopify/polaris';
import type {
  BulkActionView,
  BulkResultView,
  ResultState,
} from '#app/queries/bulk/get-bulk-action';
import type { Page as RowsPage } from '#app/queries/paging';
import { AppLink } from '../parts/links';
import { Moment } from '../parts/moment';
import { Pager } from '../parts/pager';
import { useAddress } from '../parts/use-address';
import { useDownload } from '../parts/use-download';
import { formatCount } from '../words/numbers';
import { plainText } from '../words/plain-text';
import { BulkProgress, useUndo } from './bulk-progress';
import { bulkTitle, isUndoable } from './bulk-words';

type BulkPageProps = {
  readonly bulk: BulkActionView;
  readonly counts: Readonly<Record<ResultState, number>>;
  readonly results: RowsPage<BulkResultView>;
};

/** An action on many orders: how far it is, and what became of each. */
export function BulkPage({ bulk, counts, results }: BulkPageProps) {
  const undo = useUndo(bulk.id);
  const file = useDownload();
  return (
    <Page
      title={bulkTitle(bulk)}
      backAction={{ content: 'Orders', url: '/app/orders' }}
      subtitle={bulk.state === 'running' ? 'You can leave this page meanwhile.' : ''}
      secondaryActions={[
        {
          content: 'Download results',
          loading: file.busy,
          onAction: () => {
            file.download(`/app/bulk-actions/${bulk.id}/export`, 'results.csv');
          },
        },
        ...(isUndoable(bulk) ? [{ content: 'Undo', loading: undo.busy, onAction: undo.undo }] : []),
      ]}
    >
      <BlockStack gap="400">
        {[undo.problem, file.problem].map(
          (problem, index) =>
            problem !== null && (
              <Banner key={index} tone="critical">
                {problem}
              </Banner>
            ),
        )}
        <Card>
          <BlockStack gap="200">
            <BulkProgress bulk={bulk} />
            <Text as="p" tone="subdued">
              Started <Moment at={bulk.createdAt} inSentence />
            </Text>
          </BlockStack>
        </Card>
        <ResultsCard counts={counts} results={results} />
      </BlockStack>
    </Page>
  );
}

const VIEWS: readonly { readonly state: ResultState | null; readonly label: string }[] = [
  { state: null, label: 'All' },
  { state: 'done', label: 'Done' },
  { state: 'skipped', label: 'Skipped' },
  { state: 'failed', label: 'Failed' },
];

function ResultsCard({ counts, results }: Pick<BulkPageProps, 'counts' | 'results'>) {
  const address = useAddress();
  const view = address.read('view');
  const selected = Math.max(
    0,
    VIEWS.findIndex(({ state }) => state === view),
  );
  return (
    <Card padding="0">
      <Tabs
        selected={selected}
        onSelect={(index) => {
          address.change({ view: VIEWS[index]?.state ?? '' });
        }}
        tabs={VIEWS.map(({ state, label }) => ({
          id: label,
          content: state === null ? label : `${label} (${formatCount(counts[state])})`,
        }))}
      >
        <div style={{ padding: 'var(--p-space-200) var(--p-space-400)' }}>
          {results.rows.length === 0 ? (
            <Text as="p" tone="subdued">
              No order here.
            </Text>
          ) : (
            <ul className="cd-list">
              {results.rows.map((row) => (
                <ResultRow key={row.orderId} row={row} />
              ))}
            </ul>
          )}
        </div>
        <Pager page={results} label="results" />
      </Tabs>
    </Card>
  );
}

const LOOKS = {
  done: { label: 'Done', tone: 'success' },
  skipped: { label: 'Skipped', tone: undefined },
  failed: { label: 'Failed', tone: 'critical' },
  waiting: { label: 'Waiting', tone: 'info' },
} as const;

function ResultRow({ row }: { readonly row: BulkResultView }) {
  const { label, tone } = LOOKS[row.state as ResultState];
  return (
    <li className="cd-row">
      <div className="cd-text">
        <Text as="p" breakWord>
          <AppLink to={`/app/orders/${row.orderId}`}>{plainText(row.name) || 'No number'}</AppLink>
        </Text>
        {row.message !== null && (
          <Text as="p" variant="bodySm" tone="subdued" breakWord>
            {row.message}
          </Text>
        )}
      </div>
      {tone === undefined ? <Badge>{label}</Badge> : <Badge tone={tone}>{label}</Badge>}
    </li>
  );
}
