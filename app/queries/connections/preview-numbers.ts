/** Every number a channel would show under a policy that need not be saved yet, and why. */
import { Prisma } from '../../../generated/prisma/client';
import { type NumberSteps, numberSteps } from '#app/domain/stock/publish-quantity';
import type { NumberPolicy } from '#app/domain/stock/stock-policy';
import type { Prisma as Client } from '#app/platform/prisma';
import { type Page, type PageInput, keyset, toPage } from '../paging';
import { containing, searchText } from '../search-text';

/** `waiting`: changes that were not sent yet and that nobody has agreed to; the brake's view. */
export const NUMBER_VIEWS = ['changes', 'all', 'waiting'] as const;
export type NumberView = (typeof NUMBER_VIEWS)[number];

export type Proposal = NumberPolicy & {
  /** Which of our locations feed it; null = as it is (always, where each location has a number). */
  readonly locationIds: readonly string[] | null;
};

/** Whose channel, and which. */
export type Whose = { readonly merchantId: string; readonly connectionId: string };

export type NumberTotals = {
  readonly numbers: number;
  readonly changes: number;
  readonly up: number;
  readonly down: number;
  /** Of those that fall, the ones that fall to nothing. */
  readonly toZero: number;
};

export type PreviewedNumber = {
  readonly id: string;
  readonly itemId: string;
  readonly title: string;
  readonly sku: string | null;
  readonly isKit: boolean;
  /** What the channel is believed to hold; null = not known. */
  readonly holds: number | null;
  readonly wouldShow: number;
  readonly feeds: readonly { readonly name: string; readonly units: number }[];
  /** How the policy makes it of those. */
  readonly steps: NumberSteps;
  /** Titles of other listings that share the number, which is the smallest of theirs. */
  readonly sharedWith: readonly string[];
};

type NumberRow = Pick<
  PreviewedNumber,
  'id' | 'itemId' | 'title' | 'sku' | 'isKit' | 'holds' | 'wouldShow'
> & { readonly units: number; readonly sharers: number };

const ROWS_PER_PAGE = 25;
const SHARERS_NAMED = 5;

/** One page of numbers, by title. */
export async function previewNumbers(
  prisma: Client,
  whose: Whose,
  proposal: Proposal,
  input: PageInput & { readonly view: NumberView; readonly search: string | null },
): Promise<Page<PreviewedNumber>> {
  const keys = keyset(input, {
    column: 'n.title',
    id: 'n.id',
    type: 'text',
    descending: false,
    size: ROWS_PER_PAGE,
  });
  const rows = await prisma.$queryRaw<NumberRow[]>`
    SELECT * FROM (${numbersSql(whose, proposal)}) n
    WHERE ${inView(input.view)} ${matching(input.search)} ${keys.condition}
    ORDER BY ${keys.order} LIMIT ${keys.limit}`;
  const page = toPage(rows, keys, ({ title, id }) => ({ value: title, id }));
  const [feeds, sharers] = await Promise.all([
    feedsOf(prisma, whose, proposal, page.rows),
    sharersOf(prisma, whose, page.rows),
  ]);
  return {
    ...page,
    rows: page.rows.map(({ units, sharers: _, ...row }) => ({
      ...row,
      feeds: feeds.get(row.id) ?? [],
      steps: numberSteps([units], proposal),
      sharedWith: sharers.get(row.id) ?? [],
    })),
  };
}

/** What the proposal would change, over all numbers of the channel. */
export async function totalNumbers(
  prisma: Client,
  whose: Whose,
  proposal: Proposal,
): Promise<NumberTotals> {
  const [totals] = await prisma.$queryRaw<NumberTotals[]>`
    SELECT count(*)::int AS numbers,
      (count(*) FILTER (WHERE n.holds IS DISTINCT FROM n."wouldShow"))::int AS changes,
      (count(*) FILTER (WHERE n."wouldShow" > n.holds))::int AS up,
      (count(*) FILTER (WHERE n."wouldShow" < n.holds))::int AS down,
      (count(*) FILTER (WHERE n."wouldShow" = 0 AND n.holds > 0))::int AS "toZero"
    FROM (${numbersSql(whose, proposal)}) n`;
  return totals ?? { numbers: 0, changes: 0, up: 0, down: 0, toZero: 0 };
}

/** Every number of a channel with what it would show. `wanted_numbers` does the counting. */
export function numbersSql(whose: Whose, proposal: Proposal): Prisma.Sql {
  const { sharePercent, bufferUnits, capUnits } = proposal;
  const feeds = feedsSql(whose, proposal);
  return Prisma.sql`
    SELECT w.publication_id AS id, w.item_id AS "itemId", li.title, li.sku,
      i.kind = 'kit' AS "isKit", p.known_quantity AS holds, w.wanted AS "wouldShow",
      w.units::float8 AS units, w.sharers::int AS sharers, w.location_ref AS "locationRef", li.external_ref AS "listingRef",
      p.dirty_seq > p.sent_seq AND (p.agreed_seq > p.sent_seq
          AND (p.dirty_seq = p.agreed_seq OR p.agreed_quantity = w.wanted)) IS NOT TRUE
        AND COALESCE(p.settled_quantity, p.known_quantity) IS DISTINCT FROM w.wanted AS waiting
    FROM connection c
    CROSS JOIN LATERAL wanted_numbers(c.id, ${sharePercent}::int, ${bufferUnits}::int,
      ${capUnits}::int, ARRAY(SELECT f.location_id FROM (${feeds}) f ORDER BY f.location_id),
      ARRAY(SELECT f.ref FROM (${feeds}) f ORDER BY f.location_id)) w
    JOIN publication p ON p.id = w.publication_id
    JOIN listing li ON li.id = w.listing_id
    JOIN item i ON i.id = w.item_id
    WHERE c.id = ${whose.connectionId}::uuid AND c.merchant_id = ${whose.merchantId}::uuid`;
}

/** Our locations that would feed it, each under the channel's ref. */
function feedsSql({ merchantId, connectionId }: Whose, { locationIds }: Proposal): Prisma.Sql {
  return locationIds === null
    ? Prisma.sql`SELECT cl.location_id, cl.external_ref AS ref FROM connection_location cl
        WHERE cl.connection_id = ${connectionId}::uuid AND cl.merchant_id = ${merchantId}::uuid`
    : Prisma.sql`SELECT lo.id AS location_id, ''::text AS ref FROM location lo
        WHERE lo.id = ANY(${[...locationIds]}::uuid[]) AND lo.merchant_id = ${merchantId}::uuid`;
}

function inView(view: NumberView): Prisma.Sql {
  if (view === 'waiting') return Prisma.sql`n.waiting`;
  return view === 'all' ? Prisma.sql`true` : Prisma.sql`n.holds IS DISTINCT FROM n."wouldShow"`;
}

function matching(typed: string | null): Prisma.Sql {
  const text = searchText(typed);
  if (text === null) return Prisma.empty;
  const pattern = containing(text);
  return Prisma.sql`AND (lower(n.sku) LIKE ${pattern} OR lower(n.title) LIKE ${pattern})`;
}

async function feedsOf(
  prisma: Client,
  whose: Whose,
  proposal: Proposal,
  rows: readonly NumberRow[],
): Promise<Map<string, { name: string; units: number }[]>> {
  const found = await prisma.$queryRaw<{ id: string; name: string; units: number }[]>`
    SELECT p.id, lo.name, s.units
    FROM publication p
    JOIN listing li ON li.id = p.listing_id
    JOIN (${feedsSql(whose, proposal)}) f ON f.ref = p.location_ref
    JOIN location lo ON lo.id = f.location_id AND lo.active
    CROSS JOIN LATERAL (SELECT COALESCE(sum(l.available), 0)::int AS units
      FROM sellable_level l WHERE l.item_id = li.item_id AND l.location_id = lo.id) s
    WHERE p.id = ANY(${rows.map(({ id }) => id)}::uuid[])
    ORDER BY lo.priority, lo.name, lo.id`;
  const feeds = new Map<string, { name: string; units: number }[]>();
  for (const { id, name, units } of found) {
    feeds.set(id, [...(feeds.get(id) ?? []), { name, units }]);
  }
  return feeds;
}

async function sharersOf(
  prisma: Client,
  { connectionId }: Whose,
  rows: readonly NumberRow[],
): Promise<Map<string, string[]>> {
  const shared = rows.filter(({ sharers }) => sharers > 1).map(({ id }) => id);
  if (shared.length === 0) return new Map();
  const found = await prisma.$queryRaw<{ id: string; titles: string[] }[]>`
    SELECT p.id, (array_agg(o.title ORDER BY o.title, o.id))[:${SHARERS_NAMED}::int] AS titles
    FROM publication p
    JOIN listing li ON li.id = p.listing_id
    JOIN listing o ON o.connection_id = ${connectionId}::uuid AND o.stock_ref = li.stock_ref
      AND o.id <> li.id AND o.item_id IS NOT NULL AND o.tracked
    WHERE p.id = ANY(${shared}::uuid[]) GROUP BY p.id`;
  return new Map(found.map(({ id, titles }) => [id, titles]));
}
