import {
  Badge,
  Banner,
  BlockStack,
  Button,
  ButtonGroup,
  Card,
  IndexTable,
  InlineStack,
  Link,
  Page,
  ProgressBar,
  Text,
  useBreakpoints,
} from '@shopify/polaris';
import { useState } from 'react';
import type { Page as RowsPage } from '#app/queries/paging';
import type { ReconcileChannel, RunRow } from '#app/queries/reconcile/list-runs';
import { AppLink } from '../parts/links';
import { Ago } from '../parts/moment';
import { Calm } from '../parts/no-match';
import { Pager } from '../parts/pager';
import { OneLine } from '../parts/text-of-strangers';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf, formatCount } from '../words/numbers';
import { RuleDialog } from './rule-dialog';
import { RunBadge } from './run-badge';

type ReconciliationPageProps = {
  readonly channels: readonly ReconcileChannel[];
  readonly runs: RowsPage<RunRow>;
};

/** Whether the channels hold what they should, how they are checked, and every check there was. */
export function ReconciliationPage({ channels, runs }: ReconciliationPageProps) {
  const [rule, setRule] = useState<ReconcileChannel | null>(null);
  return (
    <Page
      title="Reconciliation"
      subtitle="Every number of every channel is compared with yours, every quarter of an hour"
      fullWidth
    >
      <BlockStack gap="400">
        {channels.length === 0 && (
          <Card>
            <Calm title="No channel is connected">
              When a channel is live, its numbers are checked here.
            </Calm>
          </Card>
        )}
        {channels.map((channel) => (
          <ChannelCard
            key={channel.id}
            channel={channel}
            onRule={() => {
              setRule(channel);
            }}
          />
        ))}
        {channels.length > 0 && (
          <Card padding="0">
            <RunsTable runs={runs} />
            <Pager page={runs} label="checks" />
          </Card>
        )}
      </BlockStack>
      {rule !== null && (
        <RuleDialog
          channel={rule}
          onClose={() => {
            setRule(null);
          }}
        />
      )}
    </Page>
  );
}

const RULES: Readonly<Record<string, string>> = {
  publish: 'Our number is sent again',
  accept: 'Their number is taken as a count',
  ask: 'You are asked',
};

type ChannelCardProps = { readonly channel: ReconcileChannel; readonly onRule: () => void };

function ChannelCard({ channel, onRule }: ChannelCardProps) {
  const form = useDialogForm('/app/reconciliation?index', () => undefined);
  const { running } = channel;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <InlineStack gap="200" blockAlign="center">
            <Text as="h2" variant="headingMd" breakWord>
              {channel.name}
            </Text>
            {channel.waiting > 0 && (
              <Badge tone="attention">{`${formatCount(channel.waiting)} waiting for you`}</Badge>
            )}
          </InlineStack>
          <ButtonGroup>
            <Button onClick={onRule} accessibilityLabel={`Change the rule of ${channel.name}`}>
              Rule
            </Button>
            {running === null ? (
              <Button
                disabled={!channel.comparable}
                loading={form.busy}
                onClick={() => {
                  form.send({ intent: 'check', connectionId: channel.id });
                }}
                accessibilityLabel={`Check ${channel.name} now`}
              >
                Check now
              </Button>
            ) : (
              <Button
                loading={form.busy}
                onClick={() => {
                  form.send({ intent: 'cancel', runId: running.id });
                }}
                accessibilityLabel={`Stop checking ${channel.name}`}
              >
                Stop
              </Button>
            )}
          </ButtonGroup>
        </InlineStack>
        {form.problem !== null && <Banner tone="critical">{form.problem}</Banner>}
        {running !== null && <Progress name={channel.name} running={running} />}
        <dl className="cd-facts">
          <dt>Last check</dt>
          <dd>
            {channel.lastCheckedAt === null ? (
              channel.comparable ? (
                'Never'
              ) : (
                'Its numbers are not live'
              )
            ) : (
              <Ago at={channel.lastCheckedAt} />
            )}
          </dd>
          <dt>If changed there</dt>
          <dd>{RULES[channel.repairRule] ?? channel.repairRule}</dd>
        </dl>
      </BlockStack>
    </Card>
  );
}

type ProgressProps = {
  readonly name: string;
  readonly running: { readonly id: string; readonly checked: number; readonly total: number };
};

function Progress({ name, running: { id, checked, total } }: ProgressProps) {
  const percent = total === 0 ? 100 : Math.min(100, Math.round((checked / total) * 100));
  return (
    <BlockStack gap="100">
      <ProgressBar progress={percent} size="small" ariaLabelledBy={`checking-${id}`} />
      <Text as="p" variant="bodySm" tone="subdued" id={`checking-${id}`}>
        {`Checking ${name}: ${formatCount(checked)} of ${countOf(total, 'listing')}. `}
        <AppLink to={`/app/reconciliation/${id}`}>What it has found</AppLink>
      </Text>
    </BlockStack>
  );
}

function RunsTable({ runs }: { readonly runs: RowsPage<RunRow> }) {
  const { smDown } = useBreakpoints();
  const Row = smDown ? PhoneRow : WideRow;
  return (
    <IndexTable
      resourceName={{ singular: 'check', plural: 'checks' }}
      itemCount={runs.rows.length}
      selectable={false}
      condensed={smDown}
      emptyState={
        <Calm title="No check yet">The first one starts by itself, or with “Check now”.</Calm>
      }
      headings={[
        { title: 'Check' },
        { title: 'Channel' },
        { title: 'State' },
        { title: 'Checked', alignment: 'end' },
        { title: 'Differed', alignment: 'end' },
        { title: 'Put right', alignment: 'end' },
        { title: 'Waiting', alignment: 'end' },
      ]}
    >
      {runs.rows.map((run, index) => (
        <Row key={run.id} run={run} index={index} />
      ))}
    </IndexTable>
  );
}

type RowProps = { readonly run: RunRow; readonly index: number };

function RunName({ run }: Pick<RowProps, 'run'>) {
  return (
    <Link url={`/app/reconciliation/${run.id}`} dataPrimaryLink monochrome removeUnderline>
      <Text as="span" fontWeight="semibold">
        <Ago at={run.startedAt} />
      </Text>
      {run.trigger === 'hand' ? ' by hand' : ''}
    </Link>
  );
}

function WideRow({ run, index }: RowProps) {
  return (
    <IndexTable.Row id={run.id} position={index}>
      <IndexTable.Cell>
        <RunName run={run} />
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-cell-narrow">
        <OneLine text={run.channelName} fallback="" />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <RunBadge state={run.state} />
      </IndexTable.Cell>
      {[run.checked, run.differing, run.repaired, run.waiting].map((count, column) => (
        <IndexTable.Cell key={column}>
          <Text as="span" alignment="end" numeric>
            {formatCount(count)}
          </Text>
        </IndexTable.Cell>
      ))}
    </IndexTable.Row>
  );
}

function PhoneRow({ run, index }: RowProps) {
  return (
    <IndexTable.Row id={run.id} position={index}>
      <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
        <BlockStack gap="100">
          <InlineStack align="space-between" gap="200">
            <RunName run={run} />
            <RunBadge state={run.state} />
          </InlineStack>
          <Text as="p" variant="bodySm" tone="subdued">
            <OneLine text={run.channelName} fallback="" />
          </Text>
          <Text as="p" variant="bodySm" numeric>
            {`${formatCount(run.checked)} checked · ${formatCount(run.differing)} differed · `}
            {`${formatCount(run.repaired)} put right`}
          </Text>
        </BlockStack>
      </div>
    </IndexTable.Row>
  );
}
