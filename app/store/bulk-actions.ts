/** Actions on many orders: what was asked, how far it is, and what became of each order. */
import type { Queryable } from '../platform/database';
import { toJsonParameter } from '../platform/postgres-types';

export type BulkAction = {
  readonly id: string;
  readonly merchantId: string;
  readonly kind: string;
  readonly payload: unknown;
  /** running | done | undone */
  readonly state: string;
  readonly undoOf: string | null;
  readonly createdBy: string;
};

const COLUMNS = `id, merchant_id AS "merchantId", kind, payload, state, undo_of AS "undoOf",
  created_by AS "createdBy"`;

export async function findBulkAction(
  q: Queryable,
  merchantId: string,
  actionId: string,
): Promise<BulkAction | null> {
  return q.maybeOne<BulkAction>(
    `SELECT ${COLUMNS} FROM bulk_action WHERE merchant_id = $1 AND id = $2`,
    [merchantId, actionId],
  );
}

export type NewBulkAction = Omit<BulkAction, 'state'> & { readonly createdAt: Date };

/** False: it was started before under this id. */
async function insertAction(q: Queryable, action: NewBulkAction): Promise<boolean> {
  const { rowCount } = await q.query(
    `INSERT INTO bulk_action (id, merchant_id, kind, payload, total, undo_of, created_by, created_at)
     VALUES ($1, $2, $3, $4::jsonb, 0, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
    [
      action.id,
      action.merchantId,
      action.kind,
      toJsonParameter(action.payload),
      action.undoOf,
      action.createdBy,
      action.createdAt,
    ],
  );
  return rowCount === 1;
}

/**
 * Notes an action on these orders, of which only the merchant's own count. Answers how many they
 * are; null when the action was started before.
 */
export async function insertBulkAction(
  q: Queryable,
  action: NewBulkAction,
  orderIds: readonly string[],
): Promise<number | null> {
  if (!(await insertAction(q, action))) return null;
  const { rowCount } = await q.query(
    `INSERT INTO bulk_action_result (action_id, subject_id, merchant_id)
     SELECT $1, id, $2 FROM customer_order WHERE merchant_id = $2 AND id = ANY($3::uuid[])`,
    [action.id, action.merchantId, orderIds],
  );
  return setTotal(q, action, rowCount);
}

/** Notes the undoing of an action: of the orders it changed, with what it changed of each. */
export async function insertUndoing(
  q: Queryable,
  action: NewBulkAction & { readonly undoOf: string },
): Promise<number | null> {
  if (!(await insertAction(q, action))) return null;
  const { rowCount } = await q.query(
    `INSERT INTO bulk_action_result (action_id, subject_id, merchant_id, before)
     SELECT $1, subject_id, merchant_id, before FROM bulk_action_result
      WHERE action_id = $3 AND merchant_id = $2 AND state = 'done'`,
    [action.id, action.merchantId, action.undoOf],
  );
  return setTotal(q, action, rowCount);
}

async function setTotal(q: Queryable, action: NewBulkAction, total: number): Promise<number> {
  await q.query(`UPDATE bulk_action SET total = $2 WHERE id = $1`, [action.id, total]);
  return total;
}

/** Marks an action that has ended as undone; false when it cannot be, or was before. */
export async function markUndone(
  q: Queryable,
  merchantId: string,
  actionId: string,
): Promise<boolean> {
  const { rowCount } = await q.query(
    `UPDATE bulk_action SET state = 'undone' WHERE merchant_id = $1 AND id = $2 AND state = 'done'`,
    [merchantId, actionId],
  );
  return rowCount === 1;
}

export type WaitingResult = { readonly orderId: string; readonly before: unknown };

/** Locks the next orders of an action that nothing was done with yet, by id. */
export async function lockWaitingResults(
  q: Queryable,
  actionId: string,
  limit: number,
): Promise<readonly WaitingResult[]> {
  const { rows } = await q.query<WaitingResult>(
    `SELECT subject_id AS "orderId", before FROM bulk_action_result
      WHERE action_id = $1 AND state = 'waiting' ORDER BY subject_id LIMIT $2 FOR UPDATE`,
    [actionId, limit],
  );
  return rows;
}

export type BulkResult = {
  readonly orderId: string;
  readonly state: 'done' | 'skipped' | 'failed';
  readonly message: string | null;
  readonly before: unknown;
};

/** Writes what became of orders, once each, and how far the action is. */
export async function saveBulkResults(
  q: Queryable,
  actionId: string,
  results: readonly BulkResult[],
): Promise<void> {
  if (results.length === 0) return;
  await q.query(
    `WITH written AS (
       UPDATE bulk_action_result r SET state = w.state, message = w.message,
          before = COALESCE(w.before, r.before)
         FROM jsonb_to_recordset($2::jsonb)
           AS w("orderId" uuid, state text, message text, before jsonb)
        WHERE r.action_id = $1 AND r.subject_id = w."orderId" AND r.state = 'waiting'
        RETURNING r.state)
     UPDATE bulk_action a SET done = a.done + n.done, failed = a.failed + n.failed
       FROM (SELECT count(*) AS done, count(*) FILTER (WHERE state = 'failed') AS failed
               FROM written) n
      WHERE a.id = $1`,
    [actionId, toJsonParameter(results)],
  );
}

/** The action has come to its end. */
export async function finishBulkAction(q: Queryable, actionId: string, at: Date): Promise<void> {
  await q.query(
    `UPDATE bulk_action SET state = 'done', finished_at = $2 WHERE id = $1 AND state = 'running'`,
    [actionId, at],
  );
}

/** Whether an order was cancelled because of this, and of nothing else. */
export async function wasCancelledBy(
  q: Queryable,
  merchantId: string,
  orderId: string,
  causeId: string,
): Promise<boolean> {
  const row = await q.maybeOne<{ found: boolean }>(
    `SELECT true AS found FROM audit_record WHERE merchant_id = $1 AND cause_id = $3
        AND subject_id = $2 AND action = 'order.cancelled' LIMIT 1`,
    [merchantId, orderId, causeId],
  );
  return row !== null;
}

/** Whether it is still known what became of each order. */
export async function hasResults(q: Queryable, actionId: string): Promise<boolean> {
  const row = await q.maybeOne(`SELECT 1 FROM bulk_action_result WHERE action_id = $1 LIMIT 1`, [
    actionId,
  ]);
  return row !== null;
}
