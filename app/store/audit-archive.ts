/**
 * Old audit records, kept compressed: a row holds up to a thousand of them, one JSON object a
 * line, as the database itself writes it. Taking records out and putting their archive in is one
 * transaction, and the database refuses to delete records without it.
 */
import { compressLines, uncompressLines } from '../platform/compressed-lines';
import type { Queryable, Transaction } from '../platform/database';
import { newId } from '../platform/ids';

/** Moves up to `limit` of a merchant's oldest records from before then. Answers how many. */
export async function archiveOldest(
  tx: Transaction,
  merchantId: string,
  before: Date,
  limit: number,
): Promise<number> {
  const { rows } = await tx.query<{ id: string; at: Date; line: string }>(
    `SELECT id, at, to_jsonb(a)::text AS line FROM audit_record a
      WHERE merchant_id = $1 AND at < $2 ORDER BY at, id LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [merchantId, before, limit],
  );
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const archiveId = newId();
  const body = await compressLines(rows.map(({ line }) => line));
  await tx.query(
    `INSERT INTO audit_archive (id, merchant_id, first_at, last_at, records, body)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [archiveId, merchantId, first.at, last.at, rows.length, body],
  );
  await tx.query(`SELECT set_config('crossdock.audit_archive', $1, true)`, [archiveId]);
  await tx.query(`DELETE FROM audit_record WHERE id = ANY($1::uuid[])`, [rows.map(({ id }) => id)]);
  return rows.length;
}

/** When a merchant's oldest record in the table happened; null when there is none. */
export async function oldestRecordAt(q: Queryable, merchantId: string): Promise<Date | null> {
  const row = await q.maybeOne<{ at: Date }>(
    `SELECT at FROM audit_record WHERE merchant_id = $1 ORDER BY at LIMIT 1`,
    [merchantId],
  );
  return row?.at ?? null;
}

/** Archives with records from this time (both ends included), oldest first. */
export async function listArchives(
  q: Queryable,
  merchantId: string,
  from: Date,
  until: Date,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string }>(
    `SELECT id FROM audit_archive
      WHERE merchant_id = $1 AND last_at >= $2 AND first_at <= $3 ORDER BY first_at, id`,
    [merchantId, from, until],
  );
  return rows.map(({ id }) => id);
}

/** Puts an archive's records back into the table and drops it. Answers how many they are. */
export async function restoreArchive(
  tx: Transaction,
  merchantId: string,
  archiveId: string,
): Promise<number> {
  const row = await tx.maybeOne<{ body: Buffer }>(
    `DELETE FROM audit_archive WHERE id = $1 AND merchant_id = $2 RETURNING body`,
    [archiveId, merchantId],
  );
  if (row === null) return 0;
  const lines = await uncompressLines(row.body);
  await tx.query(
    `INSERT INTO audit_record SELECT r.* FROM unnest($1::jsonb[]) l,
       jsonb_populate_record(NULL::audit_record, l) r`,
    [lines],
  );
  return lines.length;
}
