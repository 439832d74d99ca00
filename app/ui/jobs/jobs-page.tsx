import { Card, Page, Tabs } from '@shopify/polaris';
import type { WorkCounts } from '#app/queries/jobs/count-work';
import type { InboxRow } from '#app/queries/jobs/list-inbox-events';
import type { JobRow } from '#app/queries/jobs/list-jobs';
import type { Page as RowsPage } from '#app/queries/paging';
import { Pager } from '../parts/pager';
import { useAddress } from '../parts/use-address';
import { formatCount } from '../words/numbers';
import { InboxTable } from './inbox-table';
import { JobsTable } from './jobs-table';

export type JobsPageProps = {
  readonly counts: WorkCounts;
  readonly shown:
    | { readonly view: 'failed' | 'waiting' | 'running' | 'done'; readonly jobs: RowsPage<JobRow> }
    | { readonly view: 'inbox'; readonly state: string; readonly events: RowsPage<InboxRow> };
};

const VIEWS = ['failed', 'waiting', 'running', 'done', 'inbox'] as const;

/** The queries stop counting here. */
const COUNT_MAX = 1000;

/** The work behind the screens: what failed and why, what waits, and what channels sent. */
export function JobsPage({ counts, shown }: JobsPageProps) {
  const address = useAddress();
  const label = (name: string, count: number) => ({
    content: name,
    ...(count === 0 ? {} : { badge: `${formatCount(count)}${count >= COUNT_MAX ? '+' : ''}` }),
  });
  const tabs = [
    { id: 'failed', ...label('Failed', counts.failedJobs) },
    { id: 'waiting', ...label('Waiting', counts.waitingJobs) },
    { id: 'running', ...label('Running', counts.runningJobs) },
    { id: 'done', content: 'Done' },
    { id: 'inbox', ...label('Inbox', counts.failedEvents) },
  ];
  return (
    <Page title="Jobs" subtitle="What Crossdock does in the background" fullWidth>
      <Card padding="0">
        <Tabs
          tabs={tabs}
          selected={VIEWS.indexOf(shown.view)}
          onSelect={(index) => {
            const view = VIEWS[index] ?? 'failed';
            address.change({ view: view === 'failed' ? '' : view, state: '' });
          }}
        />
        {shown.view === 'inbox' ? (
          <>
            <InboxTable key={shown.state} events={shown.events} state={shown.state} />
            <Pager page={shown.events} label="messages" />
          </>
        ) : (
          <>
            <JobsTable key={shown.view} jobs={shown.jobs} view={shown.view} />
            <Pager page={shown.jobs} label="jobs" />
          </>
        )}
      </Card>
    </Page>
  );
}
