/** Merchants whose names and SKUs are alike, each with two channels, and what the ledger says. */
import type { Cell } from '../../app/domain/stock/cell';
import { INSIDE_STATES } from '../../app/domain/stock/cell';
import type { Database } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { seedMerchant } from '../integration/ledger/seed-ledger';
import { PLACES, SKUS } from './ledger-commands';
import { type LedgerModel, type ModelNumber, type Moved, emptyLedger } from './ledger-model';

export type Merchant = {
  readonly id: string;
  readonly items: readonly string[];
  readonly places: readonly string[];
  readonly model: LedgerModel;
  /** Adjustments by hand that were put on record. */
  adjusted: number;
};

/** Units of each part in the kit. */
const RECIPE = [
  [0, 2],
  [1, 1],
] as const;

/** Channel, item (null: not matched yet), whether its number is ours to send. */
const LISTINGS: readonly (readonly ['shop' | 'outlet', number | null, boolean])[] = [
  ['shop', 0, true],
  ['shop', 0, true],
  ['shop', 1, false],
  ['shop', 2, true],
  ['shop', 3, true],
  ['outlet', 0, true],
  ['outlet', 1, true],
  ['outlet', 3, true],
  ['outlet', 3, false],
  ['outlet', null, true],
];

/** The shop has a number of its own for X and for Y; the outlet has one for X and Z together. */
const FEEDS: Readonly<Record<'shop' | 'outlet', readonly (readonly [number, string])[]>> = {
  shop: [
    [0, 'x'],
    [1, 'y'],
  ],
  outlet: [
    [0, ''],
    [2, ''],
  ],
};

export async function createLedgerMerchant(db: Database): Promise<Merchant> {
  const { merchantId, items, locations } = await seedMerchant(db, SKUS, PLACES);
  const kit = items[3] ?? '';
  await db.query(`UPDATE item SET kind = 'kit' WHERE id = $1`, [kit]);
  for (const [part, units] of RECIPE) {
    await db.query(
      `INSERT INTO kit_component (kit_id, component_id, merchant_id, quantity)
       VALUES ($1, $2, $3, $4)`,
      [kit, items[part], merchantId, units],
    );
  }
  const feeds = new Map(locations.map((id) => [id, new Map<string, string>()]));
  const numbers: ModelNumber[] = [];
  for (const channel of ['shop', 'outlet'] as const) {
    const connection = newId();
    const kind = channel === 'shop' ? 'shopify' : 'woocommerce';
    await db.query(
      `INSERT INTO connection (id, merchant_id, kind, account, name, publishing, imported_at)
       VALUES ($1::uuid, $2, $3, $1::text, $4, true, now())`,
      [connection, merchantId, kind, channel],
    );
    for (const [place, ref] of FEEDS[channel]) {
      const location = locations[place] ?? '';
      feeds.get(location)?.set(connection, ref);
      await db.query(
        `INSERT INTO connection_location (id, merchant_id, connection_id, location_id, external_ref)
         VALUES ($1, $2, $3, $4, $5)`,
        [newId(), merchantId, connection, location, ref],
      );
    }
    const refs = [...new Set(FEEDS[channel].map(([, ref]) => ref))];
    const listings = LISTINGS.filter(([where]) => where === channel).map(
      ([, item, tracked]): ModelListing => ({
        id: newId(),
        connection,
        itemId: item === null ? null : (items[item] ?? null),
        tracked,
      }),
    );
    numbers.push(...(await addListings(db, merchantId, listings, refs)));
  }
  const kits = new Map([[kit, RECIPE.map(([part]) => items[part] ?? '')]]);
  const model = emptyLedger({ items, locations, kits, numbers, feeds });
  return { id: merchantId, items, places: locations, model, adjusted: 0 };
}

type ModelListing = Omit<ModelNumber, 'ref'>;

/** Listings of one channel, with a number for each of its places. */
async function addListings(
  db: Database,
  merchantId: string,
  listings: readonly ModelListing[],
  refs: readonly string[],
): Promise<ModelNumber[]> {
  await db.query(
    `INSERT INTO listing (id, merchant_id, connection_id, item_id, external_ref, stock_ref, title,
       tracked) SELECT id, $1, connection, item, id::text, id::text, 'A listing', tracked
       FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::boolean[])
         AS u(id, connection, item, tracked)`,
    [
      merchantId,
      listings.map(({ id }) => id),
      listings.map(({ connection }) => connection),
      listings.map(({ itemId }) => itemId),
      listings.map(({ tracked }) => tracked),
    ],
  );
  const numbers = listings.flatMap((listing) =>
    refs.map((ref) => ({ ...listing, id: newId(), listing: listing.id, ref })),
  );
  await db.query(
    `INSERT INTO publication (id, merchant_id, connection_id, listing_id, location_ref)
     SELECT id, $1, connection, listing, ref
       FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[]) AS u(id, connection, listing, ref)`,
    [
      merchantId,
      numbers.map(({ id }) => id),
      numbers.map(({ connection }) => connection),
      numbers.map(({ listing }) => listing),
      numbers.map(({ ref }) => ref),
    ],
  );
  return numbers;
}

/** What the database has of some merchants, movements only those after `seq`. */
export async function readLedger(db: Database, merchants: readonly Merchant[], seq: number) {
  const { levels, movements, marked, adjusted } = await db.one<{
    levels: Record<string, string | number>[] | null;
    movements: Record<string, string | number | null>[] | null;
    marked: { id: string; seq: number }[];
    adjusted: { id: string; records: number }[] | null;
  }>(
    `SELECT (SELECT json_agg(l) FROM stock_level l WHERE l.item_id = ANY($1::uuid[])) AS levels,
       (SELECT json_agg(m ORDER BY m.seq) FROM movement m
         WHERE m.seq > $2 AND (m.item_id = ANY($1::uuid[]) OR m.merchant_id = ANY($3::uuid[])))
         AS movements,
       (SELECT json_agg(json_build_object('id', p.id, 'seq', p.dirty_seq)) FROM publication p
         WHERE p.merchant_id = ANY($3::uuid[])) AS marked,
       (SELECT json_agg(json_build_object('id', a.merchant_id, 'records', a.records))
          FROM (SELECT merchant_id, count(*) AS records FROM audit_record
                 WHERE merchant_id = ANY($3::uuid[]) AND action = 'stock.adjusted'
                 GROUP BY merchant_id) a) AS adjusted`,
    [merchants.flatMap(({ items }) => items), seq, merchants.map(({ id }) => id)],
  );
  return {
    cells: cellsOf(levels ?? []),
    movements: (movements ?? []).map(tellRow),
    last: Number((movements ?? []).at(-1)?.['seq'] ?? seq),
    marked: Object.fromEntries(marked.filter((one) => one.seq > 0).map((one) => [one.id, one.seq])),
    adjusted: merchants.map(
      ({ id }) => (adjusted ?? []).find((one) => one.id === id)?.records ?? 0,
    ),
  };
}

/** Units above zero, by "merchant item place state". */
function cellsOf(levels: readonly Record<string, string | number>[]): Record<string, number> {
  return Object.fromEntries(
    levels.flatMap((level) =>
      INSIDE_STATES.filter((state) => level[state] !== 0).map((state) => [
        [level['merchant_id'], level['item_id'], level['location_id'], state].join(' '),
        Number(level[state]),
      ]),
    ),
  );
}

/** A movement in a line, as its row has it. */
function tellRow(row: Record<string, string | number | null>): string {
  const cell = (side: string): string =>
    `${String(row[`${side}_state`])}@${String(row[`${side}_location_id`])}`;
  return [
    row['merchant_id'],
    row['item_id'],
    `${String(row['quantity'])} of ${String(row['requested'])}`,
    `${cell('from')} → ${cell('to')}`,
    row['reason'],
    `${String(row['cause_kind'])}:${String(row['cause_id'])}`,
    `${String(row['actor_kind'])}:${String(row['actor_id'])}`,
    String(row['note']),
    row['idempotency_key'],
  ].join(' | ');
}

/** The same movement, as the model has it. */
export function tellMoved(merchantId: string, { draft, moved }: Moved): string {
  const cell = ({ state, locationId }: Cell): string => `${state}@${String(locationId)}`;
  return [
    merchantId,
    draft.itemId,
    `${String(moved)} of ${String(draft.quantity)}`,
    `${cell(draft.from)} → ${cell(draft.to)}`,
    draft.reason,
    `${draft.cause.kind}:${draft.cause.id}`,
    `${draft.actor.kind}:${draft.actor.id}`,
    String(draft.note),
    draft.key,
  ].join(' | ');
}

/** Units above zero of the model, keyed as `readLedger` does. */
export function cellsOfModels(merchants: readonly Merchant[]): Record<string, number> {
  return Object.fromEntries(
    merchants.flatMap(({ id, model }) =>
      [...model.cells].flatMap(([key, units]) => (units === 0 ? [] : [[`${id} ${key}`, units]])),
    ),
  );
}
