import type { MovementDraft, MovementResult } from '../domain/stock/movement';
import type { Queryable } from '../platform/database';
import type { StatementPart } from './rows';

type ResultRow = { moved: number; outcome: MovementResult['outcome'] };

/** How a batch is taken: all lines or nothing, or each line as much as there still is. */
export type PostMode = 'all' | 'partial';

/**
 * The one way stock changes: posts a batch of movements through `ledger_post` (see the ledger
 * migration), which locks, guards, updates levels, records movements and marks publications in
 * one statement. Answers one result per draft, in order.
 *
 * Errors (PostgreSQL codes): CD001 a key was posted before with other content; CD002 an item or
 * location is not this merchant's; 23505 two drafts of one batch share a key.
 */
export async function postMovements(
  q: Queryable,
  merchantId: string,
  drafts: readonly MovementDraft[],
  mode: PostMode,
): Promise<readonly MovementResult[]> {
  if (drafts.length === 0) return [];
  const { text, params } = postingOf(merchantId, drafts, mode);
  const { rows } = await q.query<ResultRow>(text(1), params, { name: 'ledger_post' });
  return rows.map((row) => ({ moved: row.moved, outcome: row.outcome }));
}

/** The statement of `postMovements`, its parameters numbered from `first`, to go with others. */
export function postingOf(
  merchantId: string,
  drafts: readonly MovementDraft[],
  mode: PostMode,
): StatementPart {
  return {
    text: postText,
    params: [
      merchantId,
      mode === 'partial',
      drafts.map((draft) => draft.itemId),
      drafts.map((draft) => draft.quantity),
      drafts.map((draft) => draft.from.state),
      drafts.map((draft) => draft.from.locationId),
      drafts.map((draft) => draft.to.state),
      drafts.map((draft) => draft.to.locationId),
      drafts.map((draft) => draft.key),
      drafts.map((draft) => draft.reason),
      drafts.map((draft) => draft.cause.kind),
      drafts.map((draft) => draft.cause.id),
      drafts.map((draft) => draft.actor.kind),
      drafts.map((draft) => draft.actor.id),
      drafts.map((draft) => draft.note),
      drafts.map((draft) => draft.occurredAt),
    ],
  };
}

/** Which of these keys have been posted already. */
export async function postedKeys(
  q: Queryable,
  merchantId: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await q.query<{ key: string }>(
    `SELECT idempotency_key AS key FROM movement
      WHERE merchant_id = $1 AND idempotency_key = ANY($2::text[])`,
    [merchantId, keys],
  );
  return new Set(rows.map((row) => row.key));
}

const POST_TYPES =
  `uuid boolean uuid[] int[] text[] uuid[] text[] uuid[] text[] text[] text[] text[]
  text[] text[] text[] timestamptz[]`.split(/\s+/);

function postText(first: number): string {
  const params = POST_TYPES.map((type, index) => `$${String(first + index)}::${type}`);
  return `SELECT moved, outcome FROM ledger_post(${params.join(', ')}) ORDER BY line`;
}

/** Rows of `ledger_drift`: levels that are not the fold of their movements. Must be empty. */
export async function findDrift(
  q: Queryable,
  merchantId: string,
): Promise<readonly { itemId: string; locationId: string; level: number[]; fold: number[] }[]> {
  const { rows } = await q.query<{
    itemId: string;
    locationId: string;
    level: number[];
    fold: number[];
  }>(
    `SELECT item_id AS "itemId", location_id AS "locationId", level_units AS level, fold_units AS fold
       FROM ledger_drift($1::uuid)`,
    [merchantId],
  );
  return rows;
}
