import { Banner, BlockStack, List, Select, SkeletonBodyText, Text } from '@shopify/polaris';
import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';
import type { ReroutePreview } from '#app/operations/orders/preview-reroute';
import type { OrderDetail } from '#app/queries/orders/get-order';
import { Dialog } from '../parts/dialog';
import { WholeText } from '../parts/text-of-strangers';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf, formatCount } from '../words/numbers';

/** What a look at a re-routing answers: what it would change, or why it cannot be. */
export type RerouteLook =
  | { readonly ok: true; readonly preview: ReroutePreview }
  | { readonly ok: false; readonly message: string };

type RerouteDialogProps = {
  readonly order: OrderDetail;
  /** One fulfillment order, or (null) all open work of the order. */
  readonly work: { readonly id: string; readonly locationId: string } | null;
  readonly onClose: () => void;
};

const RULES = 'rules';

/** Chooses another location, shows what that would change, and does exactly that. */
export function RerouteDialog({ order, work, onClose }: RerouteDialogProps) {
  const places = order.shipsFrom.filter(({ id }) => id !== work?.locationId);
  const [target, setTarget] = useState(RULES);
  const path = `/app/orders/${order.id}/reroute`;
  const form = useDialogForm(path, onClose);
  const look = useLook(path, work?.id ?? '', target, form.problem);
  const preview = look?.ok === true ? look.preview : null;
  const ready = preview !== null && preview.moves.length > 0 && preview.missing.length === 0;
  return (
    <Dialog
      title={work === null ? `Route ${order.name} again` : 'Ship from elsewhere'}
      action={ready ? `Move ${countOf(unitsOf(preview), 'unit')}` : 'Move'}
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        if (ready)
          form.send({ intent: 'reroute', work: work?.id ?? '', target, token: preview.token });
      }}
      onClose={onClose}
    >
      <Select
        label="Ship from"
        options={[
          { value: RULES, label: 'Whatever the rules choose now' },
          ...places.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={target}
        onChange={setTarget}
      />
      <div aria-live="polite" style={{ minHeight: '8rem' }}>
        {look === null ? <SkeletonBodyText lines={3} /> : <Look look={look} />}
      </div>
    </Dialog>
  );
}

/** The preview of the present choice; null until it is there. A refusal asks for a new one. */
function useLook(
  path: string,
  work: string,
  target: string,
  problem: string | null,
): RerouteLook | null {
  const fetcher = useFetcher<{ readonly target: string; readonly look: RerouteLook }>();
  const { submit } = fetcher;
  useEffect(() => {
    submit({ intent: 'preview', work, target }, { method: 'post', action: path });
  }, [submit, path, work, target, problem]);
  return fetcher.data?.target === target ? fetcher.data.look : null;
}

function unitsOf(preview: ReroutePreview): number {
  return preview.moves.reduce((sum, { units }) => sum + units, 0);
}

function Look({ look }: { readonly look: RerouteLook }) {
  if (!look.ok) return <Banner tone="warning">{look.message}</Banner>;
  const { preview } = look;
  if (preview.missing.length > 0) {
    return (
      <Banner tone="warning" title="It does not have all of it, so nothing can be moved">
        <List>
          {preview.missing.map(({ title, sku, units, has }, index) => (
            <List.Item key={index}>
              <Line title={title} sku={sku} />: {formatCount(has)} of {formatCount(units)} there,{' '}
              {formatCount(units - has)} short
            </List.Item>
          ))}
        </List>
      </Banner>
    );
  }
  if (preview.moves.length === 0) {
    return <Banner tone="info">Nothing would change: it ships from there already.</Banner>;
  }
  return (
    <BlockStack gap="300">
      <ul className="cd-list">
        {preview.moves.map((move, index) => (
          <li key={index} className="cd-row">
            <div className="cd-text">
              <Text as="p" breakWord>
                <Line title={move.title} sku={move.sku} />
              </Text>
              <Text as="p" variant="bodySm" tone="subdued" breakWord>
                {`From ${move.from} to ${move.to}, which has ${formatCount(move.available)} available`}
              </Text>
            </div>
            <Text as="span" numeric>
              × {move.units}
            </Text>
          </li>
        ))}
      </ul>
      <dl className="cd-facts">
        <dt>Parcels</dt>
        <dd>{change(String(preview.parcels.before), String(preview.parcels.after))}</dd>
        <dt>Distance</dt>
        <dd>
          {change(kilometres(preview.distanceKm.before), kilometres(preview.distanceKm.after))}
        </dd>
      </dl>
    </BlockStack>
  );
}

function Line({ title, sku }: { readonly title: string; readonly sku: string | null }) {
  return (
    <>
      <WholeText text={title} fallback="Untitled" />
      {sku !== null && (
        <>
          {' '}
          (<WholeText text={sku} fallback="No SKU" />)
        </>
      )}
    </>
  );
}

function change(before: string, after: string): string {
  return before === after ? `${after}, as before` : `${after} instead of ${before}`;
}

function kilometres(km: number | null): string {
  return km === null ? 'not known' : `${formatCount(km)} km`;
}
