/** What people wrote about orders and their buyers, where it is kept beside the orders. */
import type { Queryable } from '../platform/database';

/** The job whose payload holds what somebody wrote; its handler takes the emptied one, too. */
const NOTE_JOB = `kind = 'annotate-in-channel'`;
const SAYS_SOMETHING = `(payload ->> 'note' IS NOT NULL OR payload -> 'addTags' <> '[]'
  OR payload -> 'removeTags' <> '[]')`;
const EMPTIED = `payload || '{"note": null, "addTags": [], "removeTags": []}'`;

/**
 * Forgets what actions on many orders knew of these: tags and the words of holds. An action about
 * tags of an erased order can then not be undone for it; `erased` says so. What the actions were
 * asked for goes with it, since it was said of these orders, too; one still running needs it,
 * unless everything (`evenRunning`) is erased. So does what was asked of orders no longer known.
 */
export async function eraseFromBulkActions(
  q: Queryable,
  merchantId: string,
  orderIds: readonly string[],
  evenRunning: boolean,
): Promise<void> {
  await q.query(
    `UPDATE bulk_action_result SET before = (before - 'added' - 'removed')
        || CASE WHEN before ?| ARRAY['added', 'removed'] THEN '{"erased": true}' ELSE '{}' END::jsonb
        || CASE WHEN jsonb_typeof(before -> 'holds') = 'array' THEN jsonb_build_object('holds',
             (SELECT COALESCE(jsonb_agg(hold || '{"note": null}' ORDER BY place), '[]')
                FROM jsonb_array_elements(before -> 'holds') WITH ORDINALITY AS h(hold, place)))
           ELSE '{}' END
      WHERE merchant_id = $1 AND subject_id = ANY($2::uuid[])
        AND before ?| ARRAY['added', 'removed', 'holds']`,
    [merchantId, orderIds],
  );
  await q.query(
    `UPDATE bulk_action a SET payload = a.payload
        || CASE WHEN a.payload ? 'note' THEN '{"note": null}' ELSE '{}' END::jsonb
        || CASE WHEN a.payload ? 'tags' THEN '{"tags": []}' ELSE '{}' END::jsonb
      WHERE a.merchant_id = $1 AND a.payload ?| ARRAY['note', 'tags']
        AND (a.state <> 'running' OR $3) AND (
          EXISTS (SELECT 1 FROM bulk_action_result r
            WHERE r.action_id = a.id AND r.subject_id = ANY($2::uuid[]))
          OR NOT EXISTS (SELECT 1 FROM bulk_action_result r WHERE r.action_id = a.id))`,
    [merchantId, orderIds, evenRunning],
  );
}

/** Forgets notes and tags of these orders that jobs were to tell their channel, or have told. */
export async function eraseFromJobs(
  q: Queryable,
  merchantId: string,
  orderIds: readonly string[],
): Promise<void> {
  await q.query(
    `UPDATE job SET payload = ${EMPTIED}
      WHERE merchant_id = $1 AND ${NOTE_JOB} AND payload ->> 'orderId' = ANY($2::text[])
        AND ${SAYS_SOMETHING}`,
    [merchantId, orderIds],
  );
}

/**
 * The same for up to `limit` jobs that failed before this moment: of these merchants, or (null) of
 * everybody. The jobs themselves stay on the list.
 */
export async function emptyFailedJobs(
  q: Queryable,
  before: Date,
  limit: number,
  merchantIds: readonly string[] | null = null,
): Promise<number> {
  const { rowCount } = await q.query(
    `UPDATE job SET payload = ${EMPTIED} WHERE id IN (
       SELECT id FROM job WHERE state = 'failed' AND finished_at < $1 AND ${NOTE_JOB}
          AND ${SAYS_SOMETHING} AND ($3::uuid[] IS NULL OR merchant_id = ANY($3))
       ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [before, limit, merchantIds],
  );
  return rowCount;
}
