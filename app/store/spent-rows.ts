/** Rows that have served their purpose. */
import type { Queryable } from '../platform/database';

/** Deletes up to `limit` results of actions that finished before this moment. Answers how many. */
export async function deleteOldResults(q: Queryable, before: Date, limit: number): Promise<number> {
  const { rowCount } = await q.query(
    `DELETE FROM bulk_action_result WHERE (action_id, subject_id) IN (
       SELECT r.action_id, r.subject_id FROM bulk_action a
         JOIN bulk_action_result r ON r.action_id = a.id
        WHERE a.finished_at < $1 AND a.state <> 'running' LIMIT $2)`,
    [before, limit],
  );
  return rowCount;
}

/** Deletes up to `limit` intents that were made before this moment. Answers how many. */
export async function deleteOldIntents(q: Queryable, before: Date, limit: number): Promise<number> {
  const { rowCount } = await q.query(
    `DELETE FROM connect_intent WHERE id IN (
       SELECT id FROM connect_intent WHERE created_at < $1 LIMIT $2)`,
    [before, limit],
  );
  return rowCount;
}
