import {
  Badge,
  Banner,
  BlockStack,
  Box,
  IndexTable,
  InlineStack,
  Text,
  useBreakpoints,
  useIndexResourceState,
} from '@shopify/polaris';
import type { Page as RowsPage } from '#app/queries/paging';
import type { FindingRow } from '#app/queries/reconcile/get-run';
import type { RunRow } from '#app/queries/reconcile/list-runs';
import { AppLink } from '../parts/links';
import { Calm } from '../parts/no-match';
import { OneLine, WholeText } from '../parts/text-of-strangers';
import { useAddress } from '../parts/use-address';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf } from '../words/numbers';
import { explanationSentence, repairWords } from '../words/reconcile-sentences';
import { withoutCode } from '../words/sentences';

type FindingsTableProps = {
  readonly run: RunRow;
  readonly findings: RowsPage<FindingRow>;
  /** A filter is on. */
  readonly narrowed: boolean;
};

/** What differed. Differences that wait, or were left, can be chosen and decided together. */
export function FindingsTable({ run, findings, narrowed }: FindingsTableProps) {
  const { smDown } = useBreakpoints();
  const { loading } = useAddress();
  const rows = [...findings.rows];
  const selection = useIndexResourceState(
    rows.map(({ id, repair, explanation }) => ({ id, disabled: !isOpen(repair, explanation) })),
    { resourceFilter: ({ disabled }) => !disabled },
  );
  const form = useDialogForm(`/app/reconciliation/${run.id}`, selection.clearSelection);
  const decide = (choice: 'send' | 'take' | 'leave') => ({
    disabled: form.busy,
    onAction: () => {
      const all = selection.allResourcesSelected && run.waiting > rows.length;
      form.send({
        intent: 'choose',
        choice,
        ids: all ? '' : selection.selectedResources.join(','),
      });
    },
  });
  const open = rows.some(({ repair, explanation }) => isOpen(repair, explanation));
  return (
    <>
      {form.problem !== null && (
        <Box padding="400">
          <Banner tone="critical">{form.problem}</Banner>
        </Box>
      )}
      <IndexTable
        resourceName={{ singular: 'difference', plural: 'differences' }}
        itemCount={rows.length}
        selectable={open}
        condensed={smDown}
        loading={loading}
        hasMoreItems={run.waiting > rows.length}
        selectedItemsCount={
          selection.allResourcesSelected ? 'All' : selection.selectedResources.length
        }
        onSelectionChange={selection.handleSelectionChange}
        emptyState={<Nothing run={run} narrowed={narrowed} />}
        promotedBulkActions={[
          { content: 'Send ours', ...decide('send') },
          { content: 'Take theirs', ...decide('take') },
          { content: 'Leave', ...decide('leave') },
        ]}
        headings={[
          { title: 'Item' },
          { title: 'Location' },
          { title: 'Channel holds', alignment: 'end' },
          { title: 'Should hold', alignment: 'end' },
          { title: 'Why' },
          { title: 'What was done' },
        ]}
      >
        {rows.map((finding, index) => (
          <FindingTableRow
            key={finding.id}
            finding={finding}
            index={index}
            phone={smDown}
            selected={selection.selectedResources.includes(finding.id)}
          />
        ))}
      </IndexTable>
    </>
  );
}

function isOpen(repair: string, explanation: string): boolean {
  const decidable = explanation !== 'listing_gone' && explanation !== 'not_tracked';
  return decidable && (repair === 'waiting' || repair === 'left');
}

function Nothing({ run, narrowed }: Pick<FindingsTableProps, 'run' | 'narrowed'>) {
  if (narrowed) return <Calm title="None of these">Choose “All differences” to see the rest.</Calm>;
  if (run.state === 'running') return <Calm title="Nothing so far">What differs shows here.</Calm>;
  if (run.differing > 0) {
    return (
      <Calm title="Found again later">
        {`${countOf(run.differing, 'difference')} still differed at a later check, which lists them.`}
      </Calm>
    );
  }
  return <Calm title="Everything agrees">Every number the channel held was right.</Calm>;
}

type RowProps = {
  readonly finding: FindingRow;
  readonly index: number;
  readonly phone: boolean;
  readonly selected: boolean;
};

function FindingTableRow({ finding, index, phone, selected }: RowProps) {
  const disabled = !isOpen(finding.repair, finding.explanation);
  const holds = finding.channelQuantity === null ? 'None' : String(finding.channelQuantity);
  const done = (
    <BlockStack gap="050" inlineAlign="start">
      <Badge {...(finding.repair === 'waiting' ? { tone: 'attention' } : {})}>
        {repairWords(finding.repair)}
      </Badge>
      {finding.note !== null && (
        <Text as="p" variant="bodySm" tone="subdued" breakWord>
          {withoutCode(finding.note)}
        </Text>
      )}
    </BlockStack>
  );
  if (phone) {
    return (
      <IndexTable.Row id={finding.id} position={index} selected={selected} disabled={disabled}>
        <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
          <BlockStack gap="100">
            <FindingItem finding={finding} />
            <Text as="p" variant="bodySm" numeric>
              {`Channel holds ${holds} · should hold ${String(finding.wantedQuantity)}`}
              {finding.locationName === null ? '' : ` at ${finding.locationName}`}
            </Text>
            <Text as="p">{explanationSentence(finding)}</Text>
            <InlineStack>{done}</InlineStack>
          </BlockStack>
        </div>
      </IndexTable.Row>
    );
  }
  return (
    <IndexTable.Row id={finding.id} position={index} selected={selected} disabled={disabled}>
      <IndexTable.Cell className="cd-cell">
        <FindingItem finding={finding} />
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-cell-narrow">
        <OneLine text={finding.locationName ?? 'All locations'} fallback="" />
      </IndexTable.Cell>
      {[holds, String(finding.wantedQuantity)].map((text, column) => (
        <IndexTable.Cell key={column}>
          <Text as="span" alignment="end" numeric>
            {text}
          </Text>
        </IndexTable.Cell>
      ))}
      <IndexTable.Cell className="cd-wrap">{explanationSentence(finding)}</IndexTable.Cell>
      <IndexTable.Cell className="cd-wrap">{done}</IndexTable.Cell>
    </IndexTable.Row>
  );
}

function FindingItem({ finding }: Pick<RowProps, 'finding'>) {
  const name = <WholeText text={finding.sku ?? finding.title} fallback="Without a SKU" />;
  return (
    <BlockStack gap="050">
      {finding.itemId === null ? (
        name
      ) : (
        <AppLink to={`/app/inventory/${finding.itemId}`}>{name}</AppLink>
      )}
      <Text as="span" variant="bodySm" tone="subdued">
        <OneLine text={finding.title} fallback="" />
      </Text>
    </BlockStack>
  );
}
