import {
  Banner,
  BlockStack,
  Card,
  InlineStack,
  Page,
  ProgressBar,
  Spinner,
  Text,
} from '@shopify/polaris';
import { useState } from 'react';
import type { CountDetails } from '#app/queries/counts/get-count';
import type { CountLineRow } from '#app/queries/counts/list-count-lines';
import type { Page as RowsPage } from '#app/queries/paging';
import { Ago } from '../parts/moment';
import { useDownload } from '../parts/use-download';
import { countOf, formatCount } from '../words/numbers';
import { cutTitle, plainText } from '../words/plain-text';
import { CancelDialog, PostDialog, RecountDialog, UndoDialog } from './count-dialogs';
import { CountBadge, byStaff, differenceWords, postedWords, progressWords } from './count-words';
import { CountLines } from './count-lines';
import { CountingList } from './counting-list';
import { FileFacts } from './file-facts';
import { ScanField } from './scan-field';
import { useRefreshEvery } from './use-refresh-every';

export type CountPageProps = {
  readonly count: CountDetails;
  readonly lines: RowsPage<CountLineRow>;
  readonly me: string;
};

type Open = 'post' | 'undo' | 'cancel' | 'recount';

const BUSY_MS = 1_000;
const COUNTING_MS = 4_000;

/** One count, from its lines to what it has changed. */
export function CountPage({ count, lines, me }: CountPageProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const { download, problem } = useDownload();
  const counting = count.kind === 'cycle' && count.state === 'open';
  const busy = ['reading', 'posting', 'undoing'].includes(count.state);
  useRefreshEvery(busy ? BUSY_MS : counting ? COUNTING_MS : null);
  const close = () => {
    setOpen(null);
  };
  return (
    <Page
      title={cutTitle(plainText(count.name))}
      titleMetadata={<CountBadge state={count.state} kind={count.kind} />}
      backAction={{ content: 'Counts', url: '/app/inventory/counts' }}
      {...pageActions(count, setOpen, (view) => {
        download(`/app/inventory/counts/${count.id}/lines?view=${view}`, `${view}.csv`);
      })}
      fullWidth={!counting}
    >
      <BlockStack gap="400">
        {problem !== null && <Banner tone="critical">{problem}</Banner>}
        <CountStory count={count} me={me} />
        {counting && <ScanField count={count} />}
        {counting ? (
          <CountingList count={count} lines={lines} me={me} />
        ) : (
          !busy && count.state !== 'failed' && <CountLines count={count} lines={lines} />
        )}
      </BlockStack>
      {open === 'post' && <PostDialog count={count} onClose={close} />}
      {open === 'undo' && <UndoDialog count={count} onClose={close} />}
      {open === 'cancel' && <CancelDialog count={count} onClose={close} />}
      {open === 'recount' && <RecountDialog count={count} onClose={close} />}
    </Page>
  );
}

/** What can be done with a count as it stands. */
function pageActions(
  count: CountDetails,
  open: (dialog: Open) => void,
  download: (view: string) => void,
) {
  const { state, tally } = count;
  const press = (content: string, dialog: Open, more: object = {}) => ({
    content,
    ...more,
    onAction: () => {
      open(dialog);
    },
  });
  const save = (content: string, view: string) => ({
    content,
    onAction: () => {
      download(view);
    },
  });
  const files = [
    ...((tally?.lines ?? 0) > 0 ? [save('Download all lines', 'all')] : []),
    ...((tally?.problems ?? 0) > 0 ? [save('Download problems', 'problems')] : []),
  ];
  if (state === 'open') {
    const cycle = count.kind === 'cycle';
    // Whether anything differs is not told to who counts blind: they may ask all the same.
    const recounts = (count.blind ? tally?.counted : tally?.differing) ?? 0;
    return {
      primaryAction: press(cycle ? 'Post count' : 'Post', 'post', {
        disabled: (tally?.counted ?? 0) === 0,
      }),
      secondaryActions: [
        ...(cycle && recounts > 0 ? [press('Recount differences', 'recount')] : []),
        ...files,
        press('Give up', 'cancel', { destructive: true }),
      ],
    };
  }
  if (state === 'reading') return { secondaryActions: [press('Give up', 'cancel')] };
  if (state === 'posted') {
    const changed = (count.summary.changed ?? 0) > 0;
    return { secondaryActions: [...files, ...(changed ? [press('Undo', 'undo')] : [])] };
  }
  return { secondaryActions: files };
}

/** How far it is, and what it did, in a few sentences. */
function CountStory({ count, me }: { readonly count: CountDetails; readonly me: string }) {
  const { state, summary } = count;
  if (state === 'failed') {
    return (
      <Banner
        tone="critical"
        title="The file could not be read"
        action={{ content: 'Choose another file', url: '/app/inventory/import' }}
      >
        <p className="cd-text">{plainText(summary.failure ?? '')}</p>
      </Banner>
    );
  }
  if (state === 'reading') {
    return (
      <Card>
        <InlineStack gap="300" blockAlign="center" wrap={false}>
          <Spinner size="small" accessibilityLabel="Reading" />
          <Text as="p">
            {`Reading the file: ${countOf(summary.rows ?? 0, 'row')} so far. You may leave this page.`}
          </Text>
        </InlineStack>
      </Card>
    );
  }
  if (state === 'posting' || state === 'undoing') {
    const { done = 0, total = 0 } = summary;
    const verb = state === 'posting' ? 'Posting' : 'Undoing';
    return (
      <Card>
        <BlockStack gap="200">
          <Text as="p" id="count-progress">
            {`${verb}: ${progressWords(summary)}. You may leave this page.`}
          </Text>
          <ProgressBar
            progress={total === 0 ? 0 : Math.round((done / total) * 100)}
            size="small"
            ariaLabelledBy="count-progress"
          />
        </BlockStack>
      </Card>
    );
  }
  return (
    <Card>
      <BlockStack gap="200">
        {state === 'posted' && <Posted count={count} me={me} />}
        {state === 'undone' && <Undone count={count} />}
        {state === 'cancelled' && (
          <Text as="p">This count was given up. It has changed nothing.</Text>
        )}
        {state === 'open' && <Figures count={count} />}
        {count.kind === 'file' && <FileFacts count={count} />}
        <Text as="p" variant="bodySm" tone="subdued">
          {count.locationName === null ? '' : `${count.locationName} · `}
          {`Started ${byStaff(count.createdBy, me)} `}
          <Ago at={count.createdAt} />
        </Text>
      </BlockStack>
    </Card>
  );
}

function Posted({ count, me }: { readonly count: CountDetails; readonly me: string }) {
  const { summary, postedBy, postedAt } = count;
  const partly = summary.partly ?? 0;
  return (
    <BlockStack gap="100">
      <Text as="p" fontWeight="semibold">{`${postedWords(summary)}.`}</Text>
      {partly > 0 && (
        <Banner tone="warning">
          {`${countOf(partly, 'line')} could be followed only in part: see Problems below.`}
        </Banner>
      )}
      {postedBy !== null && postedAt !== null && (
        <Text as="p" variant="bodySm" tone="subdued">
          {`Posted ${byStaff(postedBy, me)} `}
          <Ago at={postedAt} />
        </Text>
      )}
    </BlockStack>
  );
}

function Undone({ count }: { readonly count: CountDetails }) {
  const { done = 0, partly = 0 } = count.summary;
  return (
    <BlockStack gap="100">
      <Text as="p" fontWeight="semibold">
        {`${countOf(done, 'level')} taken back to before the count.`}
      </Text>
      {partly > 0 && (
        <Banner tone="warning">
          {`${countOf(partly, 'level')} only in part, since units were sold or moved: see Problems below.`}
        </Banner>
      )}
    </BlockStack>
  );
}

function Figures({ count }: { readonly count: CountDetails }) {
  const { tally, blind, kind } = count;
  if (tally === null) return null;
  const { lines, counted, differing, more, fewer, problems } = tally;
  if (kind === 'cycle') {
    return (
      <InlineStack gap="400">
        <Text as="p" fontWeight="semibold">
          {`${formatCount(counted)} of ${countOf(lines, 'item')} counted`}
        </Text>
        {!blind && differing > 0 && (
          <Text as="p">{`${countOf(differing, 'item')} not as expected: ${differenceWords(more, fewer)}`}</Text>
        )}
      </InlineStack>
    );
  }
  return (
    <BlockStack gap="100">
      <Text as="p" fontWeight="semibold">
        {differing === 0
          ? 'Posting would change nothing.'
          : `Posting would change ${countOf(differing, 'level')}: ${differenceWords(more, fewer)}.`}
      </Text>
      <Text as="p" tone="subdued">
        {`${countOf(lines, 'row')}: ${formatCount(counted - differing)} as expected, ${countOf(problems, 'problem')}. Nothing is changed yet.`}
      </Text>
    </BlockStack>
  );
}
