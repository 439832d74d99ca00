import { Prisma } from '../../../generated/prisma/client';
import { csvLine } from '#app/domain/shared/csv-cell';
import { EXPLANATIONS } from '#app/domain/stock/explain-difference';
import { isId } from '#app/platform/ids';
import type { Prisma as Client } from '#app/platform/prisma';
import { type Page, type PageInput, keyset, toPage } from '../paging';
import type { RunRow } from './list-runs';

export const FINDING_VIEWS = ['all', 'waiting', ...EXPLANATIONS] as const;
export type FindingView = (typeof FINDING_VIEWS)[number];

export type FindingRow = {
  readonly id: string;
  /** Null when the listing has no item any more. */
  readonly itemId: string | null;
  readonly sku: string | null;
  readonly title: string;
  /** The channel's location; null where it keeps one number for all. */
  readonly locationName: string | null;
  readonly channelQuantity: number | null;
  readonly wantedQuantity: number;
  readonly explanation: string;
  readonly repair: string;
  readonly note: string | null;
  readonly at: Date;
};

/** The merchant's run, or null. */
export async function getRun(
  prisma: Client,
  merchantId: string,
  runId: string,
): Promise<RunRow | null> {
  if (!isId(runId)) return null;
  const [row] = await prisma.$queryRaw<RunRow[]>`
    SELECT r.id, r.connection_id AS "connectionId", c.name AS "channelName", r.trigger, r.state,
      r.total, r.checked, r.differing, r.repaired, r.detail, r.started_at AS "startedAt",
      r.finished_at AS "finishedAt",
      (SELECT count(*)::int FROM reconcile_finding f
        WHERE f.run_id = r.id AND f.repair = 'waiting') AS waiting
    FROM reconcile_run r JOIN connection c ON c.id = r.connection_id
    WHERE r.id = ${runId}::uuid AND r.merchant_id = ${merchantId}::uuid`;
  return row ?? null;
}

/** One page of what a run found. */
export async function listFindings(
  prisma: Client,
  merchantId: string,
  runId: string,
  input: PageInput & { readonly view: FindingView; readonly size?: number },
): Promise<Page<FindingRow>> {
  const keys = keyset(input, {
    column: 'f.at',
    id: 'f.id',
    type: 'timestamptz',
    descending: false,
    ...(input.size === undefined ? {} : { size: input.size }),
  });
  const rows = await prisma.$queryRaw<FindingRow[]>`
    SELECT f.id, li.item_id AS "itemId", COALESCE(i.sku, li.sku) AS sku,
      COALESCE(li.title, 'A listing that is gone') AS title,
      CASE WHEN f.location_ref = '' THEN NULL ELSE COALESCE((SELECT min(lo.name)
        FROM connection_location cl JOIN location lo ON lo.id = cl.location_id
        WHERE cl.connection_id = f.connection_id AND cl.external_ref = f.location_ref),
        'Another location') END AS "locationName",
      f.channel_quantity AS "channelQuantity", f.wanted_quantity AS "wantedQuantity",
      f.explanation, f.repair, f.note, f.at
    FROM (SELECT f.*, r.connection_id FROM reconcile_finding f
        JOIN reconcile_run r ON r.id = f.run_id
      WHERE f.run_id = ${runId}::uuid AND f.merchant_id = ${merchantId}::uuid
        ${shown(input.view)} ${keys.condition}
      ORDER BY ${keys.order} LIMIT ${keys.limit}) f
    LEFT JOIN listing li ON li.id = f.listing_id
    LEFT JOIN item i ON i.id = li.item_id
    ORDER BY ${keys.order}`;
  return toPage(rows, keys, (row) => ({ value: row.at.toISOString(), id: row.id }));
}

function shown(view: FindingView): Prisma.Sql {
  if (view === 'all') return Prisma.empty;
  if (view === 'waiting') return Prisma.sql`AND f.repair = 'waiting'`;
  return Prisma.sql`AND f.explanation = ${view}`;
}

export type FindingWords = {
  readonly explanation: (finding: FindingRow) => string;
  readonly repair: (finding: FindingRow) => string;
};

const ROWS_AT_A_TIME = 1000;
const HEADINGS = [
  'SKU',
  'Listing',
  'Location',
  'Channel holds',
  'Should hold',
  'Why',
  'What was done',
  'Found at',
];

/** What a run found, as a CSV file in pieces. Nothing in it runs as a formula. */
export async function* exportFindings(
  prisma: Client,
  merchantId: string,
  runId: string,
  words: FindingWords,
): AsyncGenerator<string> {
  yield csvLine(HEADINGS);
  let after: string | null = null;
  do {
    const page: Page<FindingRow> = await listFindings(prisma, merchantId, runId, {
      view: 'all',
      size: ROWS_AT_A_TIME,
      after,
      before: null,
    });
    const lines = page.rows.map((row) =>
      csvLine([
        row.sku,
        row.title,
        row.locationName,
        row.channelQuantity,
        row.wantedQuantity,
        words.explanation(row),
        words.repair(row),
        row.at.toISOString(),
      ]),
    );
    if (lines.length > 0) yield lines.join('');
    after = page.next;
  } while (after !== null);
}
