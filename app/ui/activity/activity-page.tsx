import { useFetcher } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  InlineGrid,
  Page,
  Spinner,
  Text,
} from '@shopify/polaris';
import { useState } from 'react';
import type { ActivityRow } from '#app/queries/audit/list-activity';
import type { Effects } from '#app/queries/audit/list-effects';
import type { Page as RowsPage } from '#app/queries/paging';
import { useMerchant } from '../frame/merchant-context';
import { ResourceFilters } from '../parts/index-filters';
import { AppLink } from '../parts/links';
import { NoMatch } from '../parts/no-match';
import { Pager } from '../parts/pager';
import { Timeline } from '../parts/timeline';
import { useAddress } from '../parts/use-address';
import { useDownload } from '../parts/use-download';
import { auditBecause, auditSentence } from '../words/sentences';
import { EffectsList } from './effects-list';

const GROUPS = [
  { id: 'orders', name: 'Orders' },
  { id: 'stock', name: 'Stock' },
  { id: 'catalog', name: 'Catalog' },
  { id: 'channels', name: 'Channels' },
  { id: 'checks', name: 'Reconciliation' },
  { id: 'settings', name: 'Locations and settings' },
  { id: 'work', name: 'Jobs and messages' },
];

const ACTORS = [
  { id: 'staff', name: 'Staff' },
  { id: 'system', name: 'Crossdock' },
  { id: 'channel', name: 'A channel' },
];

const FILTERS = ['group', 'actor', 'channel', 'subject', 'from', 'to', 'q'];

/** Everything that happened, newest first: by whom, to what, because of what. */
export function ActivityPage({ activity }: { readonly activity: RowsPage<ActivityRow> }) {
  const { channels } = useMerchant();
  const address = useAddress();
  const file = useDownload();
  const narrowed = FILTERS.map((name) => [name, address.read(name)] as const).filter(
    ([, value]) => value !== '',
  );
  return (
    <Page
      title="Activity"
      subtitle="What happened, who did it, and because of what"
      fullWidth
      secondaryActions={[
        {
          content: 'Download',
          loading: file.busy,
          onAction: () => {
            const query = new URLSearchParams(narrowed.map(([name, value]) => [name, value]));
            file.download(`/app/activity/export?${query.toString()}`, 'activity.csv');
          },
        },
      ]}
    >
      <BlockStack gap="400">
        {file.problem !== null && <Banner tone="critical">{file.problem}</Banner>}
        <Card padding="0">
          <ResourceFilters
            views={[{ id: 'all', label: 'All' }]}
            searchLabel="Search by order or SKU"
            filters={[
              { name: 'group', label: 'About', choices: GROUPS },
              { name: 'actor', label: 'By', choices: ACTORS },
              { name: 'channel', label: 'Channel', choices: channels },
            ]}
            sorts={[]}
          />
          <Days />
          <Box padding="400">
            {activity.rows.length === 0 ? (
              <NoMatch what="records" path="/app/activity" />
            ) : (
              <Timeline
                rows={activity.rows.map((row) => ({
                  id: row.id,
                  at: row.at,
                  sentence: <Sentence row={row} />,
                  because: auditBecause(row),
                  more: <EffectsOf key={row.id} row={row} />,
                }))}
              />
            )}
          </Box>
          <Pager page={activity} label="activity" />
        </Card>
      </BlockStack>
    </Page>
  );
}

/** The first and the last day shown. */
function Days() {
  const address = useAddress();
  const field = (name: 'from' | 'to', label: string) => (
    <label className="cd-day">
      <Text as="span" variant="bodySm" tone="subdued">
        {label}
      </Text>
      <input
        type="date"
        value={address.read(name)}
        onChange={(event) => {
          address.change({ [name]: event.currentTarget.value });
        }}
      />
    </label>
  );
  return (
    <Box padding="300" borderBlockEndWidth="025" borderColor="border-secondary">
      <InlineGrid columns={{ xs: 2, sm: '12rem 12rem' }} gap="300">
        {field('from', 'From day')}
        {field('to', 'To day')}
      </InlineGrid>
    </Box>
  );
}

function Sentence({ row }: { readonly row: ActivityRow }) {
  const sentence = auditSentence(row);
  const named = row.subject !== null && !sentence.includes(row.subject.name);
  return (
    <>
      {row.subject !== null && named && (
        <>
          <AppLink to={row.subject.path}>{row.subject.name}</AppLink>
          {': '}
        </>
      )}
      {row.subject !== null && !named ? (
        <AppLink to={row.subject.path}>{sentence}</AppLink>
      ) : (
        sentence
      )}
      {row.cause !== null && (
        <>
          {' Because of '}
          <AppLink to={row.cause.path}>{row.cause.name}</AppLink>
          {'.'}
        </>
      )}
    </>
  );
}

/** All that has the same cause, read when somebody asks. */
function EffectsOf({ row }: { readonly row: ActivityRow }) {
  const fetcher = useFetcher<Effects>();
  const [open, setOpen] = useState(false);
  return (
    <BlockStack gap="100" inlineAlign="start">
      <Button
        variant="plain"
        disclosure={open ? 'up' : 'down'}
        accessibilityLabel={`What else it did: ${auditSentence(row)}`}
        onClick={() => {
          if (!open && fetcher.data === undefined) {
            fetcher.load(`/app/activity/effects/${encodeURIComponent(row.causeId)}`);
          }
          setOpen(!open);
        }}
      >
        Effects of this
      </Button>
      {open &&
        (fetcher.data === undefined ? (
          <Spinner size="small" accessibilityLabel="Reading the effects" />
        ) : (
          <EffectsList effects={fetcher.data} nothing="It did nothing else." />
        ))}
    </BlockStack>
  );
}
