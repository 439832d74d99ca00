import { Prisma as Sql } from '../../../generated/prisma/client';
import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';
import { type Keyset, type Page, type PageInput, keyset, toPage } from '../paging';

export type MovementRow = {
  readonly seq: string;
  readonly quantity: number;
  readonly requested: number;
  readonly fromState: string;
  readonly fromLocation: string | null;
  readonly toState: string;
  readonly toLocation: string | null;
  readonly reason: string;
  readonly causeKind: string;
  readonly causeId: string;
  /** The order behind it, when there is one, so that a sentence can name and link it. */
  readonly orderId: string | null;
  readonly orderName: string | null;
  readonly actorKind: string;
  /** Name of the channel that passed it on; null for people and Crossdock itself. */
  readonly actorName: string | null;
  readonly note: string | null;
  readonly occurredAt: Date;
};

const MOVEMENTS_PER_PAGE = 25;

/** One page of an item's movements, newest first. Another merchant's item has none. */
export async function listMovements(
  prisma: Prisma,
  merchantId: string,
  itemId: string,
  page: PageInput,
): Promise<Page<MovementRow>> {
  const keys = keyset(page, {
    column: 'm.seq',
    id: 'm.seq',
    type: 'bigint',
    descending: true,
    size: MOVEMENTS_PER_PAGE,
  });
  if (!isId(itemId)) return { rows: [], next: null, previous: null };
  const rows = await prisma.$queryRaw<MovementRow[]>`
    SELECT m.seq::text, m.quantity, m.requested, m.from_state AS "fromState",
      f.name AS "fromLocation", m.to_state AS "toState", t.name AS "toLocation", m.reason,
      m.cause_kind AS "causeKind", m.cause_id AS "causeId", o.id AS "orderId",
      o.name AS "orderName", m.actor_kind AS "actorKind", a.name AS "actorName", m.note,
      m.occurred_at AS "occurredAt"
    FROM (
      SELECT m.* FROM movement m
      WHERE m.merchant_id = ${merchantId}::uuid AND ${stretchOf(itemId, keys)}
      ORDER BY m.item_id ${direction(keys)}, ${keys.order} LIMIT ${keys.limit}) m
    LEFT JOIN location f ON f.id = m.from_location_id
    LEFT JOIN location t ON t.id = m.to_location_id
    LEFT JOIN connection a ON m.actor_kind = 'channel' AND a.id::text = m.actor_id
      AND a.merchant_id = m.merchant_id
    LEFT JOIN fulfillment s ON s.merchant_id = m.merchant_id AND s.id = CASE
      WHEN m.cause_kind = 'fulfillment' AND m.cause_id ~ '^[0-9a-f-]{36}$'
      THEN m.cause_id::uuid END
    LEFT JOIN customer_order o ON o.merchant_id = m.merchant_id AND o.id = CASE
      WHEN s.id IS NOT NULL THEN s.order_id
      WHEN m.cause_kind = 'order' AND m.cause_id ~ '^[0-9a-f-]{36}$' THEN m.cause_id::uuid END
    ORDER BY ${keys.order}`;
  return toPage(rows, keys, ({ seq }) => ({ value: seq, id: seq }));
}

const LAST_SEQ = '9223372036854775807';

/**
 * An item's movements above or below the page's row, as one stretch of the index by item. Written
 * as two equalities, the newest of all movements might be walked in search of a seldom sold item's.
 */
function stretchOf(itemId: string, { backward, position }: Keyset): Sql.Sql {
  const [over, under] = backward
    ? [position?.id ?? '0', LAST_SEQ]
    : ['0', position?.id ?? LAST_SEQ];
  return Sql.sql`(m.item_id, m.seq) > (${itemId}::uuid, ${over}::bigint)
    AND (m.item_id, m.seq) < (${itemId}::uuid, ${under}::bigint)`;
}

function direction({ backward }: Keyset): Sql.Sql {
  return Sql.raw(backward ? 'ASC' : 'DESC');
}
