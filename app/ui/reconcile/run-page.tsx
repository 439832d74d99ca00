import {
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  InlineStack,
  Page,
  ProgressBar,
  Select,
  Text,
} from '@shopify/polaris';
import type { Page as RowsPage } from '#app/queries/paging';
import type { FindingRow } from '#app/queries/reconcile/get-run';
import type { RunRow } from '#app/queries/reconcile/list-runs';
import { useMerchant } from '../frame/merchant-context';
import { Pager } from '../parts/pager';
import { useAddress } from '../parts/use-address';
import { useDialogForm } from '../parts/use-dialog-form';
import { useDownload } from '../parts/use-download';
import { formatMoment } from '../words/dates';
import { countOf, formatCount } from '../words/numbers';
import { withoutCode } from '../words/sentences';
import { FindingsTable } from './findings-table';
import { RunBadge } from './run-badge';

type RunPageProps = { readonly run: RunRow; readonly findings: RowsPage<FindingRow> };

const VIEWS = [
  { label: 'All differences', value: '' },
  { label: 'Waiting for you', value: 'waiting' },
  { label: 'Not arrived', value: 'not_arrived' },
  { label: 'Sales we had not seen', value: 'unseen_sale' },
  { label: 'Changed in the channel', value: 'edited_in_channel' },
  { label: 'Listing gone', value: 'listing_gone' },
  { label: 'Not counted there', value: 'not_tracked' },
];

/** One check: how far it is, what differed and why, what was done, and what a person may decide. */
export function RunPage({ run, findings }: RunPageProps) {
  const { timezone, now } = useMerchant();
  const address = useAddress();
  const form = useDialogForm(`/app/reconciliation/${run.id}`, () => undefined);
  const file = useDownload();
  const problem = form.problem ?? file.problem;
  return (
    <Page
      title={`Check of ${run.channelName}`}
      subtitle={formatMoment(run.startedAt, timezone, now)}
      titleMetadata={<RunBadge state={run.state} />}
      backAction={{ content: 'Reconciliation', url: '/app/reconciliation' }}
      fullWidth
      secondaryActions={[
        {
          content: 'Download report',
          loading: file.busy,
          onAction: () => {
            file.download(`/app/reconciliation/${run.id}/export`, 'reconciliation.csv');
          },
        },
        ...(run.state === 'running'
          ? [
              {
                content: 'Stop',
                loading: form.busy,
                onAction: () => {
                  form.send({ intent: 'cancel' });
                },
              },
            ]
          : []),
      ]}
    >
      <BlockStack gap="400">
        {problem !== null && <Banner tone="critical">{problem}</Banner>}
        {run.detail !== null && <Banner tone="critical">{withoutCode(run.detail)}</Banner>}
        <Summary
          run={run}
          busy={form.busy}
          onDecide={(choice) => {
            form.send({ intent: 'choose', choice, ids: '' });
          }}
        />
        <Card padding="0">
          <Box padding="300" borderBlockEndWidth="025" borderColor="border-secondary">
            <InlineStack>
              <Select
                label="Show"
                labelInline
                options={VIEWS}
                value={address.read('view')}
                onChange={(view) => {
                  address.change({ view });
                }}
              />
            </InlineStack>
          </Box>
          <FindingsTable
            key={address.read('view')}
            run={run}
            findings={findings}
            narrowed={address.read('view') !== ''}
          />
          <Pager page={findings} label="differences" />
        </Card>
      </BlockStack>
    </Page>
  );
}

type SummaryProps = {
  readonly run: RunRow;
  readonly busy: boolean;
  /** About all that wait. */
  readonly onDecide: (choice: 'send' | 'take' | 'leave') => void;
};

const CHOICES = [
  ['send', 'Send ours'],
  ['take', 'Take theirs'],
  ['leave', 'Leave'],
] as const;

function Summary({ run, busy, onDecide }: SummaryProps) {
  const percent =
    run.total === 0 ? 100 : Math.min(100, Math.round((run.checked / run.total) * 100));
  return (
    <Card>
      <BlockStack gap="200">
        {run.state === 'running' && (
          <ProgressBar progress={percent} size="small" ariaLabelledBy="run-summary" />
        )}
        <Text as="p" id="run-summary">
          {`${formatCount(run.checked)} of ${countOf(run.total, 'listing')} checked, `}
          {`${formatCount(run.differing)} differed, ${formatCount(run.repaired)} put right`}
          {run.waiting > 0 ? `, ${formatCount(run.waiting)} waiting for you.` : '.'}
        </Text>
        {run.waiting > 0 && (
          <InlineStack gap="200" blockAlign="center">
            <Text as="span" tone="subdued">
              All that wait:
            </Text>
            {CHOICES.map(([choice, label]) => (
              <Button
                key={choice}
                size="slim"
                disabled={busy}
                accessibilityLabel={`${label}: all that wait`}
                onClick={() => {
                  onDecide(choice);
                }}
              >
                {label}
              </Button>
            ))}
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
