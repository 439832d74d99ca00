/** The whole audit trail as an operator searches it: the archive first, which is older. */
import { uncompressLines } from '../../platform/compressed-lines';
import type { Queryable } from '../../platform/database';

export type RecordSearch = {
  readonly merchantId: string;
  /** Both ends included. */
  readonly from: Date;
  readonly until: Date;
  /** The id of a subject or of a cause. */
  readonly about?: string | null;
  readonly action?: string | null;
};

export type FoundRecord = {
  /** The record as the database writes it: one JSON object. */
  readonly line: string;
  readonly archived: boolean;
};

const ROWS_AT_A_TIME = 1_000;

type Fields = Readonly<Record<'at' | 'subject_id' | 'cause_id' | 'action', string>>;

/** Every matching record, oldest first, read a piece at a time. */
export async function* searchRecords(
  q: Queryable,
  search: RecordSearch,
): AsyncGenerator<FoundRecord> {
  const { rows: archives } = await q.query<{ id: string }>(
    `SELECT id FROM audit_archive WHERE merchant_id = $1 AND last_at >= $2 AND first_at <= $3
      ORDER BY first_at, id`,
    [search.merchantId, search.from, search.until],
  );
  for (const { id } of archives) {
    const row = await q.maybeOne<{ body: Buffer }>(`SELECT body FROM audit_archive WHERE id = $1`, [
      id,
    ]);
    const lines = row === null ? [] : await uncompressLines(row.body);
    for (const line of lines) {
      if (matches(JSON.parse(line) as Fields, search)) yield { line, archived: true };
    }
  }
  yield* recordsInTable(q, search);
}

function matches(record: Fields, search: RecordSearch): boolean {
  const { from, until, about = null, action = null } = search;
  const at = new Date(record.at);
  return (
    at >= from &&
    at <= until &&
    (about === null || record.subject_id === about || record.cause_id === about) &&
    (action === null || record.action === action)
  );
}

type Position = { readonly at: Date; readonly id: string };

async function* recordsInTable(q: Queryable, search: RecordSearch): AsyncGenerator<FoundRecord> {
  const { merchantId, from, until, about = null, action = null } = search;
  let after: Position | undefined;
  do {
    const { rows }: { rows: (Position & { line: string })[] } = await q.query(
      `SELECT at, id, to_jsonb(a)::text AS line FROM audit_record a
        WHERE merchant_id = $1 AND at >= $2 AND at <= $3
          AND ($4::text IS NULL OR subject_id = $4 OR cause_id = $4)
          AND ($5::text IS NULL OR action = $5)
          AND ($6::timestamptz IS NULL OR (at, id) > ($6, $7::uuid))
        ORDER BY at, id LIMIT $8`,
      [
        ...[merchantId, from, until, about, action],
        ...[after?.at ?? null, after?.id ?? null, ROWS_AT_A_TIME],
      ],
    );
    for (const { line } of rows) yield { line, archived: false };
    after = rows.length < ROWS_AT_A_TIME ? undefined : rows.at(-1);
  } while (after !== undefined);
}
