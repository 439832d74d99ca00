import { Badge, BlockStack, Card, Layout, Page, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { Page as RowsPage } from '#app/queries/paging';
import type { ItemDetail } from '#app/queries/stock/get-item';
import type { LevelAsOf } from '#app/queries/stock/levels-as-of';
import type { MovementRow } from '#app/queries/stock/list-movements';
import type { KitView } from '#app/queries/catalog/get-kit';
import { AppLink } from '../parts/links';
import { Calm } from '../parts/no-match';
import { Pager } from '../parts/pager';
import { WholeText } from '../parts/text-of-strangers';
import { Timeline } from '../parts/timeline';
import { countOf } from '../words/numbers';
import { cutTitle, itemTitle } from '../words/plain-text';
import { auditBecause, movementSentence, reasonWords } from '../words/sentences';
import { AdjustDialog } from './adjust-dialog';
import { AsOfCard } from './as-of-card';
import { KitCard } from './kit-card';
import { KitDialog } from './kit-dialog';
import { LevelsCard } from './levels-card';
import { ListingsCard } from './listings-card';

export type ItemPageProps = {
  readonly item: ItemDetail;
  readonly kit: KitView;
  readonly movements: RowsPage<MovementRow>;
  /** Units at a moment somebody asked for; null when nobody did. */
  readonly asOf: { readonly at: Date; readonly levels: readonly LevelAsOf[] } | null;
};

/** One item: what there is and where, what channels were told, and every movement behind it. */
export function ItemPage({ item, kit, movements, asOf }: ItemPageProps) {
  const [adjusting, setAdjusting] = useState<string | null>(null);
  const [editingKit, setEditingKit] = useState(false);
  const isKit = kit.parts.length > 0;
  return (
    <Page
      title={cutTitle(itemTitle(item))}
      titleMetadata={
        <>
          {isKit && <Badge tone="info">Kit</Badge>}
          {item.shortUnits > 0 && (
            <Badge tone="critical">{`${countOf(item.shortUnits, 'unit')} short`}</Badge>
          )}
        </>
      }
      backAction={{ content: 'Inventory', url: '/app/inventory' }}
      {...(isKit
        ? {}
        : {
            primaryAction: {
              content: 'Adjust stock',
              onAction: () => {
                setAdjusting('');
              },
            },
          })}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {!isKit && <LevelsCard levels={item.levels} onAdjust={setAdjusting} />}
            <ListingsCard listings={item.listings} />
            <MovementsCard movements={movements} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <AboutCard item={item} />
            <KitCard
              kit={kit}
              onEdit={() => {
                setEditingKit(true);
              }}
            />
            <AsOfCard asOf={asOf} />
          </BlockStack>
        </Layout.Section>
      </Layout>
      {editingKit && (
        <KitDialog
          itemId={item.id}
          kit={kit}
          ownUnits={item.levels.reduce((sum, level) => sum + level.available, 0)}
          onClose={() => {
            setEditingKit(false);
          }}
        />
      )}
      {adjusting !== null && (
        <AdjustDialog
          target={{
            itemId: item.id,
            title: itemTitle(item),
            sku: item.sku,
            places: item.levels,
            locationId: adjusting === '' ? null : adjusting,
          }}
          onClose={() => {
            setAdjusting(null);
          }}
        />
      )}
    </Page>
  );
}

function AboutCard({ item }: { readonly item: ItemDetail }) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingSm">
          Item
        </Text>
        <dl className="cd-facts">
          <dt>SKU</dt>
          <dd>
            <WholeText text={item.sku} fallback="No SKU" />
          </dd>
          <dt>Barcode</dt>
          <dd>
            <WholeText text={item.barcode} fallback="None" />
          </dd>
          <dt>Weight</dt>
          <dd>{item.weightGrams === null ? 'Unknown' : `${String(item.weightGrams)} g`}</dd>
        </dl>
      </BlockStack>
    </Card>
  );
}

function MovementsCard({ movements }: { readonly movements: RowsPage<MovementRow> }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          Movements
        </Text>
        {movements.rows.length === 0 ? (
          <Calm title="Nothing has moved yet">
            Every sale, adjustment and delivery of this item shows here.
          </Calm>
        ) : (
          <Timeline
            rows={movements.rows.map((movement) => ({
              id: movement.seq,
              at: movement.occurredAt,
              sentence: <MovementLine movement={movement} />,
              because: movementBecause(movement),
            }))}
          />
        )}
        <Pager page={movements} label="movements" prefix="m-" />
      </BlockStack>
    </Card>
  );
}

function MovementLine({ movement }: { readonly movement: MovementRow }) {
  return (
    <>
      {movementSentence(movement)}
      {movement.orderId !== null && (
        <>
          {' '}
          <AppLink to={`/app/orders/${movement.orderId}`}>{movement.orderName}</AppLink>
        </>
      )}
    </>
  );
}

function movementBecause(movement: MovementRow): string {
  const reason = reasonWords(movement.reason);
  const who = auditBecause({
    action: '',
    actorKind: movement.actorKind,
    causeKind: movement.orderId === null ? movement.causeKind : 'request',
    data: movement.actorName === null ? {} : { channelName: movement.actorName },
  });
  const note = movement.note === null || movement.note === '' ? '' : ` “${movement.note}”`;
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)} · ${who}${note}`;
}
