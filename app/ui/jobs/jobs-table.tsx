import {
  Banner,
  BlockStack,
  Box,
  Button,
  IndexTable,
  InlineStack,
  Text,
  useBreakpoints,
  useIndexResourceState,
} from '@shopify/polaris';
import type { JobRow } from '#app/queries/jobs/list-jobs';
import type { Page as RowsPage } from '#app/queries/paging';
import { Ago, Moment } from '../parts/moment';
import { Calm } from '../parts/no-match';
import { useAddress } from '../parts/use-address';
import { countOf } from '../words/numbers';
import { failureWords, jobWords } from '../words/job-words';
import { withoutCode } from '../words/sentences';
import { useReplay } from './use-replay';
import { WorkAbout } from './work-subject';

type JobsTableProps = {
  readonly jobs: RowsPage<JobRow>;
  readonly view: 'failed' | 'waiting' | 'running' | 'done';
};

const NOTHING = {
  failed: ['Nothing failed', 'Jobs that failed show here, with the reason.'],
  waiting: ['Nothing waits', 'New work shows here for the moment before it starts.'],
  running: ['Nothing is running', 'Jobs show here while they run, mostly for less than a second.'],
  done: ['Nothing was done yet', 'Finished jobs show here.'],
} as const;

const WHEN = { failed: 'Failed', waiting: 'Due', running: 'Started', done: 'Finished' } as const;

/** Jobs of one state; failed ones can be chosen and started again. */
export function JobsTable({ jobs, view }: JobsTableProps) {
  const { smDown } = useBreakpoints();
  const { loading } = useAddress();
  const rows = [...jobs.rows];
  const selection = useIndexResourceState(rows.map(({ id }) => ({ id })));
  const { replay, busy, problem } = useReplay('replay-jobs', selection.clearSelection);
  const failed = view === 'failed';
  const [title, text] = NOTHING[view];
  return (
    <>
      {problem !== null && (
        <Box padding="400">
          <Banner tone="critical">{problem}</Banner>
        </Box>
      )}
      <IndexTable
        resourceName={{ singular: 'job', plural: 'jobs' }}
        itemCount={rows.length}
        selectable={failed}
        condensed={smDown}
        loading={loading}
        selectedItemsCount={
          selection.allResourcesSelected ? 'All' : selection.selectedResources.length
        }
        onSelectionChange={selection.handleSelectionChange}
        emptyState={<Calm title={title}>{text}</Calm>}
        promotedBulkActions={[
          {
            content: 'Run again',
            disabled: busy,
            onAction: () => {
              replay(selection.selectedResources);
            },
          },
        ]}
        headings={[
          { title: 'Job' },
          { title: failed ? 'Why it failed' : 'About' },
          { title: 'Channel' },
          { title: 'Tries', alignment: 'end' },
          { title: WHEN[view] },
          { title: 'Run again', hidden: true },
        ]}
      >
        {rows.map((job, index) => (
          <JobTableRow
            key={job.id}
            job={job}
            index={index}
            view={view}
            phone={smDown}
            selected={selection.selectedResources.includes(job.id)}
            busy={busy}
            onReplay={() => {
              replay([job.id]);
            }}
          />
        ))}
      </IndexTable>
    </>
  );
}

type JobRowProps = {
  readonly job: JobRow;
  readonly index: number;
  readonly view: JobsTableProps['view'];
  readonly phone: boolean;
  readonly selected: boolean;
  readonly busy: boolean;
  readonly onReplay: () => void;
};

function JobTableRow({ job, index, view, phone, selected, busy, onReplay }: JobRowProps) {
  const when = {
    failed: job.finishedAt,
    waiting: job.runAt,
    running: job.startedAt,
    done: job.finishedAt,
  }[view];
  const concerned = job.payload.find(({ name }) => name === 'kind')?.value;
  const words = jobWords(job.kind, concerned);
  const tries = `${String(job.attempts)} of ${String(job.maxAttempts)}`;
  const again = view === 'failed' && (
    <span
      role="presentation"
      onClick={(event) => {
        event.stopPropagation();
      }}
    >
      <Button
        size="slim"
        disabled={busy}
        onClick={onReplay}
        accessibilityLabel={`Run again: ${words}`}
      >
        Run again
      </Button>
    </span>
  );
  if (phone) {
    return (
      <IndexTable.Row id={job.id} position={index} selected={selected}>
        <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
          <BlockStack gap="100">
            <Text as="p" fontWeight="medium">
              {words}
            </Text>
            <JobAbout job={job} view={view} />
            <Text as="p" variant="bodySm" tone="subdued">
              {job.channelName ?? 'No channel'} · {countOf(job.attempts, 'try', 'tries')}
            </Text>
            <InlineStack>{again}</InlineStack>
          </BlockStack>
        </div>
      </IndexTable.Row>
    );
  }
  return (
    <IndexTable.Row id={job.id} position={index} selected={selected}>
      <IndexTable.Cell className="cd-wrap">
        <Text as="span" fontWeight="medium">
          {words}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-wrap">
        <JobAbout job={job} view={view} />
      </IndexTable.Cell>
      <IndexTable.Cell>{job.channelName ?? ''}</IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {tries}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        {when === null ? '' : view === 'waiting' ? <Moment at={when} /> : <Ago at={when} />}
      </IndexTable.Cell>
      <IndexTable.Cell>{again}</IndexTable.Cell>
    </IndexTable.Row>
  );
}

function JobAbout({ job, view }: Pick<JobRowProps, 'job' | 'view'>) {
  return (
    <BlockStack gap="050">
      {view === 'failed' && <Text as="p">{failureWords(job.lastError)}</Text>}
      {job.lastError !== null && view !== 'done' && (
        <Text as="p" variant="bodySm" tone="subdued" breakWord>
          {withoutCode(job.lastError)}
        </Text>
      )}
      <WorkAbout about={job.about} references={job.payload} />
    </BlockStack>
  );
}
