import {
  Banner,
  BlockStack,
  Box,
  Button,
  IndexTable,
  InlineStack,
  Select,
  Text,
  useBreakpoints,
  useIndexResourceState,
} from '@shopify/polaris';
import type { InboxRow } from '#app/queries/jobs/list-inbox-events';
import type { Page as RowsPage } from '#app/queries/paging';
import { AppLink } from '../parts/links';
import { Ago } from '../parts/moment';
import { Calm } from '../parts/no-match';
import { StatusBadge } from '../parts/status-badge';
import { OneLine } from '../parts/text-of-strangers';
import { useAddress } from '../parts/use-address';
import { messageWords } from '../words/messages';
import { withoutCode } from '../words/sentences';
import { useReplay } from './use-replay';
import { WorkAbout } from './work-subject';

type InboxTableProps = { readonly events: RowsPage<InboxRow>; readonly state: string };

const STATES = [
  { label: 'All messages', value: '' },
  { label: 'Received, not read yet', value: 'received' },
  { label: 'Processed', value: 'processed' },
  { label: 'Ignored', value: 'ignored' },
  { label: 'Failed', value: 'failed' },
];

/** What channels sent, and what became of it. The contents stay closed: they may name customers. */
export function InboxTable({ events, state }: InboxTableProps) {
  const { smDown } = useBreakpoints();
  const { change, loading } = useAddress();
  const rows = [...events.rows];
  const selection = useIndexResourceState(rows.map(({ id }) => ({ id })));
  const { replay, busy, problem } = useReplay('replay-events', selection.clearSelection);
  return (
    <>
      <Box padding="300" borderBlockEndWidth="025" borderColor="border-secondary">
        <InlineStack>
          <Select
            label="Messages"
            labelInline
            options={STATES}
            value={state}
            onChange={(value) => {
              change({ state: value });
            }}
          />
        </InlineStack>
      </Box>
      {problem !== null && (
        <Box padding="400">
          <Banner tone="critical">{problem}</Banner>
        </Box>
      )}
      <IndexTable
        resourceName={{ singular: 'message', plural: 'messages' }}
        itemCount={rows.length}
        condensed={smDown}
        loading={loading}
        selectedItemsCount={
          selection.allResourcesSelected ? 'All' : selection.selectedResources.length
        }
        onSelectionChange={selection.handleSelectionChange}
        emptyState={
          <Calm title="No messages here">What channels send shows here for a while.</Calm>
        }
        promotedBulkActions={[
          {
            content: 'Read again',
            disabled: busy,
            onAction: () => {
              replay(selection.selectedResources);
            },
          },
        ]}
        headings={[
          { title: 'Message' },
          { title: 'Channel' },
          { title: 'State' },
          { title: 'What became of it' },
          { title: 'Received' },
          { title: 'Read again', hidden: true },
        ]}
      >
        {rows.map((event, index) => (
          <InboxTableRow
            key={event.id}
            event={event}
            index={index}
            phone={smDown}
            selected={selection.selectedResources.includes(event.id)}
            busy={busy}
            onReplay={() => {
              replay([event.id]);
            }}
          />
        ))}
      </IndexTable>
    </>
  );
}

type InboxRowProps = {
  readonly event: InboxRow;
  readonly index: number;
  readonly phone: boolean;
  readonly selected: boolean;
  readonly busy: boolean;
  readonly onReplay: () => void;
};

function InboxTableRow({ event, index, phone, selected, busy, onReplay }: InboxRowProps) {
  const kind = event.concerns.find(({ name }) => name === 'kind')?.value ?? '';
  const said = messageWords(event.topic, kind);
  const again = event.state === 'failed' && (
    <span
      role="presentation"
      onClick={(press) => {
        press.stopPropagation();
      }}
    >
      <Button
        size="slim"
        disabled={busy}
        onClick={onReplay}
        accessibilityLabel={`Read again: ${said}`}
      >
        Read again
      </Button>
    </span>
  );
  const about = (
    <BlockStack gap="050">
      {event.detail !== null && (
        <Text as="p" breakWord>
          {withoutCode(event.detail.charAt(0).toUpperCase() + event.detail.slice(1))}
        </Text>
      )}
      <WorkAbout about={event.about} references={event.concerns} />
    </BlockStack>
  );
  if (phone) {
    return (
      <IndexTable.Row id={event.id} position={index} selected={selected}>
        <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
          <BlockStack gap="100">
            <InlineStack align="space-between" gap="200">
              <AppLink to={`/app/activity/messages/${event.id}`}>{said}</AppLink>
              <StatusBadge of="inbox" status={event.state} />
            </InlineStack>
            {about}
            <Text as="p" variant="bodySm" tone="subdued">
              {event.channelName} · {event.topic} · <Ago at={event.receivedAt} />
            </Text>
            <InlineStack>{again}</InlineStack>
          </BlockStack>
        </div>
      </IndexTable.Row>
    );
  }
  return (
    <IndexTable.Row id={event.id} position={index} selected={selected}>
      <IndexTable.Cell className="cd-wrap-narrow">
        <AppLink to={`/app/activity/messages/${event.id}`}>{said}</AppLink>
        <Text as="p" variant="bodySm" tone="subdued" breakWord>
          {event.topic}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-cell-narrow">
        <OneLine text={event.channelName} fallback="" />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <StatusBadge of="inbox" status={event.state} />
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-wrap">{about}</IndexTable.Cell>
      <IndexTable.Cell>
        <Ago at={event.receivedAt} />
      </IndexTable.Cell>
      <IndexTable.Cell>{again}</IndexTable.Cell>
    </IndexTable.Row>
  );
}
