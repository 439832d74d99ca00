/** Counts as a whole, and the pieces of the files some of them come from. */
import type { CountSummary } from '../domain/stock/count';
import type { CountBasis } from '../domain/stock/read-csv-row';
import type { Queryable } from '../platform/database';
import type { NewJob } from './jobs';

export type CountState =
  | 'uploading'
  | 'reading'
  | 'open'
  | 'posting'
  | 'posted'
  | 'undoing'
  | 'undone'
  | 'cancelled'
  | 'failed';

export type StoredCount = {
  readonly id: string;
  readonly merchantId: string;
  readonly name: string;
  readonly kind: 'cycle' | 'file';
  readonly locationId: string | null;
  readonly state: CountState;
  readonly basis: CountBasis;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly postedBy: string | null;
  readonly summary: CountSummary;
};

const COLUMNS = `id, merchant_id AS "merchantId", name, kind, location_id AS "locationId", state, basis,
  created_by AS "createdBy", created_at AS "createdAt", posted_by AS "postedBy",
  COALESCE(summary, '{}') AS summary`;

/** A merchant's count, or null. With `lock` nobody else changes its state until the commit. */
export async function findCount(
  q: Queryable,
  merchantId: string,
  id: string,
  options: { readonly lock: boolean } = { lock: false },
): Promise<StoredCount | null> {
  return q.maybeOne<StoredCount>(
    `SELECT ${COLUMNS} FROM stock_count WHERE id = $1 AND merchant_id = $2
      ${options.lock ? 'FOR UPDATE' : ''}`,
    [id, merchantId],
  );
}

export type NewCount = {
  readonly id: string;
  readonly merchantId: string;
  readonly name: string;
  readonly kind: 'cycle' | 'file';
  readonly locationId: string | null;
  readonly state: CountState;
  readonly blind: boolean;
  readonly fileName: string | null;
  readonly createdBy: string;
};

/** False: there is a count of this id already, whoever's it is. */
export async function insertCount(q: Queryable, count: NewCount): Promise<boolean> {
  const { rowCount } = await q.query(
    `INSERT INTO stock_count (id, merchant_id, name, kind, location_id, state, blind, file_name,
        created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
    [
      count.id,
      count.merchantId,
      count.name,
      count.kind,
      count.locationId,
      count.state,
      count.blind,
      count.fileName,
      count.createdBy,
    ],
  );
  return rowCount === 1;
}

/** Changes a count's state, and whatever else is named; parts of the summary are added to it. */
export async function updateCount(
  q: Queryable,
  id: string,
  change: {
    readonly state?: CountState;
    readonly summary?: CountSummary;
    readonly basis?: CountBasis;
    readonly postedBy?: string;
    readonly postedAt?: Date;
    readonly undoneAt?: Date;
  },
): Promise<void> {
  await q.query(
    `UPDATE stock_count SET state = COALESCE($2, state), basis = COALESCE($3, basis),
        summary = COALESCE(summary, '{}') || $4::jsonb, posted_by = COALESCE($5, posted_by),
        posted_at = COALESCE($6, posted_at), undone_at = COALESCE($7, undone_at)
      WHERE id = $1`,
    [
      id,
      change.state ?? null,
      change.basis ?? null,
      JSON.stringify(change.summary ?? {}),
      change.postedBy ?? null,
      change.postedAt ?? null,
      change.undoneAt ?? null,
    ],
  );
}

/** The job that reads, posts or undoes a count: one of them at a time. */
export function countJob(
  kind: 'read-count-file' | 'post-count' | 'undo-count',
  count: { readonly id: string; readonly merchantId: string },
): NewJob {
  return {
    kind,
    merchantId: count.merchantId,
    payload: { merchantId: count.merchantId, countId: count.id },
    serialKey: `count:${count.id}`,
    dedupeKey: `${kind}:${count.id}`,
    causeKind: 'count',
    causeId: count.id,
  };
}

/** Keeps one piece of an upload. */
export async function insertChunk(
  q: Queryable,
  countId: string,
  position: number,
  bytes: Uint8Array,
): Promise<void> {
  await q.query(`INSERT INTO stock_count_chunk (count_id, position, bytes) VALUES ($1, $2, $3)`, [
    countId,
    position,
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  ]);
}

/** The pieces of an upload, in order, one in memory at a time. */
export async function* readChunks(q: Queryable, countId: string): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; position += 1) {
    const chunk = await q.maybeOne<{ bytes: Buffer }>(
      `SELECT bytes FROM stock_count_chunk WHERE count_id = $1 AND position = $2`,
      [countId, position],
    );
    if (chunk === null) return;
    yield chunk.bytes;
  }
}

/**
 * How many other files of the merchant are on their way or being read. Until the commit nobody
 * else finds out.
 */
export async function lockUploads(q: Queryable, merchantId: string, id: string): Promise<number> {
  await q.query(`SELECT pg_advisory_xact_lock(hashtextextended('uploads:' || $1, 0))`, [
    merchantId,
  ]);
  const { count } = await q.one<{ count: number }>(
    `SELECT count(*)::int AS count FROM stock_count
      WHERE merchant_id = $1 AND id <> $2 AND state IN ('uploading', 'reading')`,
    [merchantId, id],
  );
  return count;
}

/**
 * Deletes lines of counts that nobody can use any more: given up or failed, or posted or undone
 * before `before`. At most `max`; answers how many.
 */
export async function deleteOldLines(q: Queryable, before: Date, max: number): Promise<number> {
  const { rowCount } = await q.query(
    `DELETE FROM stock_count_line WHERE id IN (SELECT l.id FROM stock_count c
        JOIN stock_count_line l ON l.count_id = c.id
        WHERE c.state IN ('cancelled', 'failed') OR (c.state = 'posted' AND c.posted_at < $1)
          OR (c.state = 'undone' AND c.undone_at < $1)
        LIMIT $2)`,
    [before, max],
  );
  return rowCount;
}

/** Deletes pieces of uploads that broke off before `before`. At most `max`; answers how many. */
export async function deleteOldChunks(q: Queryable, before: Date, max: number): Promise<number> {
  const { rowCount } = await q.query(
    `DELETE FROM stock_count_chunk WHERE (count_id, position) IN (
        SELECT p.count_id, p.position FROM stock_count c
        JOIN stock_count_chunk p ON p.count_id = c.id
        WHERE c.created_at < $1 AND c.state NOT IN ('reading', 'open') LIMIT $2)`,
    [before, max],
  );
  return rowCount;
}

/** A file that was read is not kept. */
export async function deleteChunks(q: Queryable, countId: string): Promise<void> {
  await q.query(`DELETE FROM stock_count_chunk WHERE count_id = $1`, [countId]);
}

/** Uploads of a merchant that broke off before this moment: nobody will go on with them. */
export async function deleteBrokenUploads(
  q: Queryable,
  merchantId: string,
  before: Date,
): Promise<void> {
  await q.query(
    `WITH broken AS (SELECT id FROM stock_count
        WHERE merchant_id = $1 AND state = 'uploading' AND created_at < $2),
      pieces AS (DELETE FROM stock_count_chunk WHERE count_id IN (SELECT id FROM broken))
     SELECT 1`,
    [merchantId, before],
  );
  await q.query(
    `DELETE FROM stock_count WHERE merchant_id = $1 AND state = 'uploading' AND created_at < $2`,
    [merchantId, before],
  );
}
