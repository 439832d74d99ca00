/** Lines of counts: made of a file's rows or of a choice of items, and counted by people. */
import type {
  CatalogItem,
  CountCatalog,
  CountSelection,
  MatchedRow,
  Place,
} from '../domain/stock/count';
import type { CountBasis, CsvCountRow } from '../domain/stock/read-csv-row';
import type { Queryable } from '../platform/database';

/** All places of a merchant, also those switched off. */
export async function countPlaces(q: Queryable, merchantId: string): Promise<readonly Place[]> {
  const { rows } = await q.query<Place>(
    `SELECT id, name, active FROM location WHERE merchant_id = $1 ORDER BY priority, name, id`,
    [merchantId],
  );
  return rows;
}

/** The items that rows may be about, for a batch of rows. */
export async function readCountCatalog(
  q: Queryable,
  merchantId: string,
  rows: readonly CsvCountRow[],
): Promise<Pick<CountCatalog, 'bySku' | 'byLowerSku' | 'byBarcode'>> {
  const named = rows.filter((row) => row.sku.trim() !== '');
  const skus = [...new Set(named.flatMap((row) => [row.sku, row.sku.trim()]))];
  const exact = await q.query<CatalogItem>(
    `SELECT id, sku, kind FROM item WHERE merchant_id = $1 AND sku = ANY($2::text[])`,
    [merchantId, skus],
  );
  const bySku = new Map(exact.rows.map((item) => [item.sku, item]));
  const others = named.filter((row) => !bySku.has(row.sku) && !bySku.has(row.sku.trim()));
  const lower = [...new Set(others.map((row) => row.sku.trim().toLowerCase()))];
  const alike =
    lower.length === 0
      ? []
      : (
          await q.query<CatalogItem>(
            `SELECT id, sku, kind FROM item
              WHERE merchant_id = $1 AND lower(sku) = ANY($2::text[]) ORDER BY sku`,
            [merchantId, lower],
          )
        ).rows;
  const barcodes = rows
    .filter((row) => row.sku.trim() === '' && row.barcode !== '')
    .map((row) => row.barcode);
  const coded =
    barcodes.length === 0
      ? []
      : (
          await q.query<CatalogItem & { barcode: string }>(
            `SELECT id, sku, kind, barcode FROM item
              WHERE merchant_id = $1 AND barcode = ANY($2::text[]) ORDER BY sku`,
            [merchantId, barcodes],
          )
        ).rows;
  return {
    bySku,
    byLowerSku: grouped(alike, (item) => item.sku.toLowerCase()),
    byBarcode: grouped(coded, (item) => item.barcode),
  };
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** The last row of a file that has a line already; 0 at the start. */
export async function lastPosition(q: Queryable, countId: string): Promise<number> {
  const { last } = await q.one<{ last: number }>(
    `SELECT COALESCE(max(position), 0) AS last FROM stock_count_line WHERE count_id = $1`,
    [countId],
  );
  return last;
}

export type FileLine = CsvCountRow & MatchedRow & { readonly position: number };

/** What the ledger has of what is counted; $12 says what that is. */
const UNITS = `CASE WHEN $12 = 'available' THEN s.available ELSE s.available + s.committed + s.reserved
  + s.safety_stock + s.quality_control + s.damaged END`;

/** Keeps rows of a file as lines. A row that has its line already keeps it. */
export async function insertFileLines(
  q: Queryable,
  count: {
    readonly id: string;
    readonly merchantId: string;
    readonly createdBy: string;
    readonly basis: CountBasis;
  },
  lines: readonly FileLine[],
): Promise<void> {
  await q.query(
    `INSERT INTO stock_count_line (id, count_id, merchant_id, position, item_id, location_id, sku,
        location_text, counted_text, counted, problem, expected, counted_by, counted_at)
     SELECT gen_random_uuid(), $1, $2, u.*, CASE WHEN u.problem IS NULL THEN COALESCE((SELECT ${UNITS}
         FROM stock_level s WHERE s.item_id = u.item_id AND s.location_id = u.location_id), 0) END,
       $3, now()
       FROM unnest($4::int[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::int[],
         $11::text[]) AS u(position, item_id, location_id, sku, location_text, counted_text, counted,
         problem)
     ON CONFLICT (count_id, position) DO NOTHING`,
    [
      count.id,
      count.merchantId,
      count.createdBy,
      lines.map((line) => line.position),
      lines.map((line) => line.itemId),
      lines.map((line) => line.locationId),
      lines.map((line) => (line.sku.trim() === '' ? line.barcode : line.sku)),
      lines.map((line) => line.location),
      lines.map((line) => line.countedText),
      lines.map((line) => (line.problem === null ? line.counted : null)),
      lines.map((line) => line.problem),
      count.basis,
    ],
  );
}

/** Rows about one and the same item and place: which of them is meant, nobody can tell. */
export async function refuseDuplicates(q: Queryable, countId: string): Promise<void> {
  await q.query(
    `UPDATE stock_count_line l SET counted = NULL, expected = NULL, problem = 'Rows '
        || array_to_string(d.rows[1:5], ', ') || CASE WHEN cardinality(d.rows) > 5 THEN ' and more' ELSE '' END
        || ' are about the same item and location, so none of them is used: keep one.'
       FROM (SELECT item_id, location_id, array_agg(position ORDER BY position) AS rows
          FROM stock_count_line WHERE count_id = $1 AND problem IS NULL
         GROUP BY item_id, location_id HAVING count(*) > 1) d
      WHERE l.count_id = $1 AND l.item_id = d.item_id AND l.location_id = d.location_id
        AND l.problem IS NULL`,
    [countId],
  );
}

/** How many lines a count has, and how many of them cannot be used. */
export async function tallyLines(
  q: Queryable,
  countId: string,
): Promise<{ readonly rows: number; readonly problems: number; readonly counted: number }> {
  return q.one(
    `SELECT count(*)::int AS rows, count(problem)::int AS problems,
        count(*) FILTER (WHERE counted IS NOT NULL AND problem IS NULL)::int AS counted
       FROM stock_count_line WHERE count_id = $1`,
    [countId],
  );
}

/** Makes a line for each chosen item, in the order of SKUs. Answers how many. */
export async function insertChosenLines(
  q: Queryable,
  count: { readonly id: string; readonly merchantId: string; readonly locationId: string },
  selection: CountSelection,
  limit: number,
): Promise<number> {
  const [condition, value] = conditionOf(selection);
  const random = selection.kind === 'random';
  const most = random ? Math.min(selection.items, limit) : limit;
  const { rowCount } = await q.query(
    `INSERT INTO stock_count_line (id, count_id, merchant_id, position, item_id, location_id, sku,
        expected)
     SELECT gen_random_uuid(), $1, $2, row_number() OVER (ORDER BY c.sku, c.id), c.id, $3, c.sku,
        ${onHand('c')}
       FROM (SELECT i.id, i.sku, s.* FROM item i
          LEFT JOIN stock_level s ON s.item_id = i.id AND s.location_id = $3
         WHERE i.merchant_id = $2 AND i.kind = 'simple' AND ${condition}
         ORDER BY ${random ? 'random()' : 'i.sku'} LIMIT $5) c`,
    [count.id, count.merchantId, count.locationId, value, most],
  );
  return rowCount;
}

function onHand(alias: string): string {
  return `COALESCE(${alias}.available + ${alias}.committed + ${alias}.reserved
    + ${alias}.safety_stock + ${alias}.quality_control + ${alias}.damaged, 0)`;
}

/** $4 is the value. What is chosen by name may never have been at the location. */
function conditionOf(selection: CountSelection): readonly [string, unknown] {
  switch (selection.kind) {
    case 'search': {
      const text = selection.text
        .trim()
        .toLowerCase()
        .replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
      return [
        `(lower(i.sku) LIKE $4 OR lower(i.title) LIKE $4 OR lower(i.variant_title) LIKE $4)`,
        `%${text}%`,
      ];
    }
    case 'skus':
      return [
        `lower(i.sku) = ANY($4::text[])`,
        selection.skus.map((sku) => sku.trim().toLowerCase()),
      ];
    case 'stale':
      return [
        `s.item_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stock_count_line l
           WHERE l.item_id = i.id AND l.location_id = $3 AND l.moved IS NOT NULL
             AND l.counted_at > now() - $4::int * interval '1 day')`,
        selection.days,
      ];
    case 'all':
    case 'random':
      return [`s.item_id IS NOT NULL AND $4::text IS NULL`, null];
  }
}

/** On hand at a line's place as it is counted: what the number will be compared with. */
const LEDGER_NOW = `COALESCE((SELECT ${onHand('s')} FROM stock_level s
  WHERE s.item_id = l.item_id AND s.location_id = l.location_id), 0)`;

/** Who wrote a number, when it was not what the writer had seen. */
export type LineNow = { readonly id: string; readonly counted: number | null };

/** Sets a line's number, unless somebody else changed it since it was `seen`. Null: they did. */
export async function setCounted(
  q: Queryable,
  line: {
    readonly countId: string;
    readonly lineId: string;
    readonly counted: number | null;
    readonly seen: number | null;
    readonly by: string;
  },
): Promise<LineNow | null> {
  return q.maybeOne<LineNow>(
    `UPDATE stock_count_line l SET counted = $3, counted_by = $5, counted_at = now(),
        expected = ${LEDGER_NOW}
      WHERE count_id = $1 AND id = $2 AND (counted IS NOT DISTINCT FROM $4 OR counted_by = $5)
      RETURNING id, counted`,
    [line.countId, line.lineId, line.counted, line.seen, line.by],
  );
}

/** Scans of one line by which one that is sent again is known. */
const KEYS_KEPT = 50;

/** Adds one unit to the line of an item, made when the list had none. The same key adds once. */
export async function addScanned(
  q: Queryable,
  count: { readonly id: string; readonly merchantId: string; readonly locationId: string },
  scan: {
    readonly itemId: string;
    readonly sku: string;
    readonly key: string;
    readonly by: string;
  },
): Promise<LineNow & { readonly added: boolean }> {
  const known = await q.maybeOne<LineNow & { readonly repeated: boolean }>(
    `SELECT id, counted, $3 = ANY(recent_keys) AS repeated FROM stock_count_line
      WHERE count_id = $1 AND item_id = $2 ORDER BY position LIMIT 1 FOR UPDATE`,
    [count.id, scan.itemId, scan.key],
  );
  if (known?.repeated === true) return { id: known.id, counted: known.counted, added: false };
  if (known !== null) {
    const line = await q.one<LineNow>(
      `UPDATE stock_count_line l SET counted = COALESCE(counted, 0) + 1, counted_by = $2,
          counted_at = now(), recent_keys = ($3::text || recent_keys)[1:$4::int],
          expected = ${LEDGER_NOW}
        WHERE id = $1 RETURNING id, counted`,
      [known.id, scan.by, scan.key, KEYS_KEPT],
    );
    return { ...line, added: false };
  }
  const made = await q.one<LineNow>(
    `INSERT INTO stock_count_line (id, count_id, merchant_id, position, item_id, location_id, sku,
        expected, counted, counted_by, counted_at, recent_keys)
     SELECT gen_random_uuid(), $1, $2, (SELECT COALESCE(max(position), 0) + 1 FROM stock_count_line
         WHERE count_id = $1), $3, $4, $5, COALESCE((SELECT ${onHand('s')} FROM stock_level s
         WHERE s.item_id = $3 AND s.location_id = $4), 0), 1, $6, now(), ARRAY[$7::text]
     RETURNING id, counted`,
    [count.id, count.merchantId, scan.itemId, count.locationId, scan.sku, scan.by, scan.key],
  );
  return { ...made, added: true };
}

/** Items that a scanned or typed code may mean, by SKU or barcode. Two are enough to doubt. */
export async function itemsByCode(
  q: Queryable,
  merchantId: string,
  code: string,
): Promise<readonly (CatalogItem & { readonly title: string })[]> {
  const { rows } = await q.query<CatalogItem & { title: string }>(
    `SELECT id, sku, kind, title FROM item WHERE merchant_id = $1
        AND (lower(sku) = lower($2) OR barcode = $2)
      ORDER BY (sku = $2) DESC, (lower(sku) = lower($2)) DESC, sku LIMIT 2`,
    [merchantId, code],
  );
  const [first] = rows;
  return first?.sku === code ? [first] : rows;
}

/** Asks for another count of every line that differs from the ledger. Answers how many. */
export async function askToRecount(q: Queryable, countId: string): Promise<number> {
  const { rowCount } = await q.query(
    `UPDATE stock_count_line l SET earlier = l.counted, counted = NULL, counted_by = NULL,
        counted_at = NULL
      WHERE l.count_id = $1 AND l.counted IS NOT NULL AND l.counted <> l.expected`,
    [countId],
  );
  return rowCount;
}

/** What nobody counted is taken to be gone. */
export async function countRestAsZero(q: Queryable, countId: string, by: string): Promise<void> {
  await q.query(
    `UPDATE stock_count_line l SET counted = 0, counted_by = $2, counted_at = now(),
        expected = ${LEDGER_NOW} WHERE count_id = $1 AND counted IS NULL AND problem IS NULL`,
    [countId, by],
  );
}
