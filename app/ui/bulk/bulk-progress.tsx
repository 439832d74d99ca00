import { Banner, BlockStack, InlineStack, ProgressBar, Text } from '@shopify/polaris';
import { useFetcher } from '@remix-run/react';
import { useState } from 'react';
import type { BulkActionView } from '#app/queries/bulk/get-bulk-action';
import { AppLink } from '../parts/links';
import type { FormAnswer } from '../parts/use-dialog-form';
import { bulkStanding, bulkTitle, isUndoable } from './bulk-words';

/** Takes an action back, once; what went wrong stays. */
export function useUndo(actionId: string) {
  const fetcher = useFetcher<FormAnswer>();
  return {
    busy: fetcher.state !== 'idle',
    problem: fetcher.state === 'idle' && fetcher.data?.ok === false ? fetcher.data.message : null,
    undo: () => {
      fetcher.submit({}, { method: 'post', action: `/app/bulk-actions/${actionId}` });
    },
  };
}

/** How far an action is, as a bar with words. */
export function BulkProgress({ bulk }: { readonly bulk: BulkActionView }) {
  const share = bulk.total === 0 ? 100 : Math.round((bulk.done / bulk.total) * 100);
  return (
    <BlockStack gap="200">
      <Text as="p">{bulkStanding(bulk)}</Text>
      {bulk.state === 'running' && (
        <ProgressBar progress={share} size="small" ariaLabelledBy={`progress-${bulk.id}`} />
      )}
      <span id={`progress-${bulk.id}`} hidden>
        {bulkTitle(bulk)}
      </span>
    </BlockStack>
  );
}

/** The newest action above the list it acts on; put away by a press, until the next one. */
export function BulkBanner({ bulk }: { readonly bulk: BulkActionView }) {
  const [hidden, setHidden] = useState<string | null>(null);
  const undo = useUndo(bulk.id);
  if (hidden === bulk.id) return null;
  const tone = bulk.state === 'running' ? 'info' : bulk.failed > 0 ? 'warning' : 'success';
  return (
    <Banner
      title={bulkTitle(bulk)}
      tone={tone}
      {...(isUndoable(bulk)
        ? { action: { content: 'Undo', loading: undo.busy, onAction: undo.undo } }
        : {})}
      {...(bulk.state === 'running'
        ? {}
        : {
            onDismiss: () => {
              setHidden(bulk.id);
            },
          })}
    >
      <BlockStack gap="200">
        <BulkProgress bulk={bulk} />
        {undo.problem !== null && (
          <Text as="p" tone="critical">
            {undo.problem}
          </Text>
        )}
        <InlineStack>
          <AppLink to={`/app/bulk-actions/${bulk.id}`}>Result of each order</AppLink>
        </InlineStack>
      </BlockStack>
    </Banner>
  );
}
