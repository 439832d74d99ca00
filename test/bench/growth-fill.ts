/**
 * Movements by the million, as years of sales leave them behind: every unit is committed to an
 * order and leaves, in turn over all levels. Made past the ledger's function, which takes its time,
 * so the levels are set to what the movements add up to, and a sample is checked afterwards.
 */
import type pg from 'pg';
import type { LedgerWorld } from './ledger-database';

const PER_STATEMENT = 500_000;
const SAMPLED_ITEMS = 30;

type Sold = Pick<LedgerWorld, 'merchantId' | 'items' | 'locationIds'>;

/** Adds movements until there are `total`. The opening stock must suffice for half of them. */
export async function fillMovements(client: pg.Client, world: Sold, total: number): Promise<void> {
  await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '512MB'`);
  const { rows } = await client.query<{ there: number }>(
    'SELECT count(*)::int AS there FROM movement',
  );
  const there = rows[0]?.there ?? 0;
  // Indexes are made in one go: a tenth of the time that adding to them takes.
  const indexes = total - there > PER_STATEMENT ? await dropIndexes(client) : [];
  for (let at = there; at < total; at += PER_STATEMENT) {
    const last = Math.min(total, at + PER_STATEMENT) - 1;
    await client.query(SELL, [
      world.merchantId,
      world.items.map(({ id }) => id),
      world.locationIds,
      at,
      last,
      total,
    ]);
  }
  for (const index of indexes) await client.query(index);
  await client.query(SET_LEVELS, [world.merchantId, there]);
  await client.query('VACUUM (ANALYZE)');
  await client.query('CHECKPOINT');
}

/**
 * Movements $4 to $5 of $6, two for each unit: committed, and gone. Their ids and keys grow with
 * time, as those of the product do, over the two years before now.
 */
const SELL = `
  INSERT INTO movement (merchant_id, item_id, quantity, requested, from_state, from_location_id,
    to_state, to_location_id, reason, cause_kind, cause_id, actor_kind, actor_id, idempotency_key,
    occurred_at, recorded_at)
  SELECT $1::uuid, ($2::uuid[])[1 + unit % cardinality($2::uuid[])], 1, 1,
    CASE WHEN sale THEN 'available' ELSE 'committed' END, place,
    CASE WHEN sale THEN 'committed' ELSE 'customer' END, CASE WHEN sale THEN place END,
    CASE WHEN sale THEN 'sale' ELSE 'channel_shipped' END, 'order', ids.order_id, 'channel',
    'bench', CASE WHEN sale THEN 'sale:' ELSE 'channel_shipped:' END || ids.own_id, at, at
  FROM (SELECT n, n / 2 AS unit, n % 2 = 0 AS sale,
      ($3::uuid[])[1 + (n / 2 / cardinality($2::uuid[])) % cardinality($3::uuid[])] AS place,
      now() - interval '730 days' * (1 - n::float8 / $6::bigint) AS at
    FROM generate_series($4::bigint, $5::bigint) AS n) s
  CROSS JOIN LATERAL (SELECT
      lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') AS stamp,
      md5(unit::text) AS noise) t
  CROSS JOIN LATERAL (SELECT
      lpad(to_hex(unit / 3), 12, '0') || '-7000-8000-' || substr(md5((unit / 3)::text), 1, 12)
        AS order_id,
      stamp || '7' || substr(noise, 1, 19) || ':' || stamp || '7' || lpad(to_hex(n), 19, '0')
        AS own_id) ids`;

/** Levels as the fold of their movements, by those after the first $2. */
const SET_LEVELS = `
  UPDATE stock_level l SET available = l.available - s.sold, committed = l.committed + s.sold - s.gone
  FROM (SELECT item_id, from_location_id AS location_id,
      count(*) FILTER (WHERE from_state = 'available')::int AS sold,
      count(*) FILTER (WHERE from_state = 'committed')::int AS gone
    FROM (SELECT * FROM movement ORDER BY seq OFFSET $2) m
    WHERE from_location_id IS NOT NULL GROUP BY item_id, from_location_id) s
  WHERE l.merchant_id = $1 AND l.item_id = s.item_id AND l.location_id = s.location_id`;

/** Answers the statements that make them again. */
async function dropIndexes(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; made: string }>(
    `SELECT indexname AS name, indexdef AS made FROM pg_indexes
      WHERE tablename = 'movement' AND schemaname = 'public' AND indexname <> 'movement_pkey'`,
  );
  for (const { name } of rows) await client.query(`DROP INDEX "${name}"`);
  return rows.map(({ made }) => made);
}

/** How many levels of some items, popular and not, are not what their movements add up to. */
export async function sampleDrift({
  db,
  items,
}: Pick<LedgerWorld, 'db' | 'items'>): Promise<number> {
  const step = Math.max(1, Math.floor(items.length / SAMPLED_ITEMS));
  const sample = items.filter((_, index) => index % step === 0).map(({ id }) => id);
  const { drifted } = await db.one<{ drifted: number }>(
    `SELECT count(*)::int AS drifted FROM stock_level l
      CROSS JOIN LATERAL (SELECT
          sum(CASE WHEN (m.to_location_id, m.to_state) = (l.location_id, 'available') THEN quantity
            ELSE 0 END - CASE WHEN (m.from_location_id, m.from_state)
              = (l.location_id, 'available') THEN quantity ELSE 0 END) AS available,
          sum(CASE WHEN (m.to_location_id, m.to_state) = (l.location_id, 'committed') THEN quantity
            ELSE 0 END - CASE WHEN (m.from_location_id, m.from_state)
              = (l.location_id, 'committed') THEN quantity ELSE 0 END) AS committed
        FROM movement m WHERE m.item_id = l.item_id) f
      WHERE l.item_id = ANY($1::uuid[])
        AND (l.available, l.committed) IS DISTINCT FROM (f.available, f.committed)`,
    [sample],
  );
  return drifted;
}
