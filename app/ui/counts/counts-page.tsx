import {
  BlockStack,
  Card,
  IndexTable,
  InlineStack,
  Link,
  Page,
  Text,
  useBreakpoints,
} from '@shopify/polaris';
import { useState } from 'react';
import type { Page as RowsPage } from '#app/queries/paging';
import type { CountRow } from '#app/queries/counts/list-counts';
import { Ago } from '../parts/moment';
import { Calm } from '../parts/no-match';
import { Pager } from '../parts/pager';
import { OneLine } from '../parts/text-of-strangers';
import { useAddress } from '../parts/use-address';
import { CountBadge, countWords, staffName } from './count-words';
import { StartDialog } from './start-dialog';

export type CountsPageProps = { readonly counts: RowsPage<CountRow>; readonly me: string };

/** Every count and every stock file: how far it is, and who began it. */
export function CountsPage({ counts, me }: CountsPageProps) {
  const { smDown } = useBreakpoints();
  const { loading } = useAddress();
  const [starting, setStarting] = useState(false);
  return (
    <Page
      title="Counts"
      backAction={{ content: 'Inventory', url: '/app/inventory' }}
      primaryAction={{
        content: 'Start a count',
        onAction: () => {
          setStarting(true);
        },
      }}
      secondaryActions={[{ content: 'Import a file', url: '/app/inventory/import' }]}
      fullWidth
    >
      <Card padding="0">
        <IndexTable
          resourceName={{ singular: 'count', plural: 'counts' }}
          itemCount={counts.rows.length}
          selectable={false}
          condensed={smDown}
          loading={loading}
          emptyState={
            <Calm title="Nothing was counted yet">
              Count some shelves, or import a file with numbers: nothing changes before you post it.
            </Calm>
          }
          headings={[
            { title: 'Count' },
            { title: 'State' },
            { title: 'Where' },
            { title: 'Lines' },
            { title: 'By' },
            { title: 'Started' },
          ]}
        >
          {counts.rows.map((count, index) =>
            smDown ? (
              <PhoneRow key={count.id} count={count} index={index} me={me} />
            ) : (
              <WideRow key={count.id} count={count} index={index} me={me} />
            ),
          )}
        </IndexTable>
        <Pager page={counts} label="counts" />
      </Card>
      {starting && (
        <StartDialog
          onClose={() => {
            setStarting(false);
          }}
        />
      )}
    </Page>
  );
}

type RowProps = { readonly count: CountRow; readonly index: number; readonly me: string };

function CountLink({ count }: { readonly count: CountRow }) {
  return (
    <Link url={`/app/inventory/counts/${count.id}`} dataPrimaryLink monochrome removeUnderline>
      <Text as="span" fontWeight="semibold">
        <OneLine text={count.name} fallback="Count" />
      </Text>
    </Link>
  );
}

function whereOf(count: CountRow): string {
  return count.locationName ?? 'As the file says';
}

function WideRow({ count, index, me }: RowProps) {
  return (
    <IndexTable.Row id={count.id} position={index}>
      <IndexTable.Cell className="cd-cell">
        <CountLink count={count} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <CountBadge state={count.state} kind={count.kind} />
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-cell-narrow">
        <OneLine text={whereOf(count)} fallback="" />
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-wrap">{countWords(count)}</IndexTable.Cell>
      <IndexTable.Cell>{staffName(count.createdBy, me)}</IndexTable.Cell>
      <IndexTable.Cell>
        <Ago at={count.createdAt} />
      </IndexTable.Cell>
    </IndexTable.Row>
  );
}

function PhoneRow({ count, index, me }: RowProps) {
  return (
    <IndexTable.Row id={count.id} position={index}>
      <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
        <BlockStack gap="100">
          <InlineStack align="space-between" gap="200" wrap={false} blockAlign="start">
            <div style={{ minWidth: 0 }}>
              <CountLink count={count} />
            </div>
            <CountBadge state={count.state} kind={count.kind} />
          </InlineStack>
          <div style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
            <Text as="p" variant="bodySm">
              {countWords(count)}
            </Text>
            <Text as="p" variant="bodySm" tone="subdued">
              {whereOf(count)} · {staffName(count.createdBy, me)} · <Ago at={count.createdAt} />
            </Text>
          </div>
        </BlockStack>
      </div>
    </IndexTable.Row>
  );
}
