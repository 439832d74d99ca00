/**
 * Merchants of any size, made in the database by sets: what years of trade leave behind, in the
 * proportions of life. Nothing is drawn by chance, so every run has the same rows.
 */
import pg from 'pg';
import { CATALOG_STATEMENTS } from './screens-catalog';
import { ORDER_STATEMENTS } from './screens-orders';
import { TRAIL_STATEMENTS } from './screens-trail';

export type SeededMerchant = {
  /** From 1 to 15: a part of every row's id. */
  readonly number: number;
  readonly merchantId: string;
  readonly shopifyId: string;
  readonly orders: number;
  readonly items: number;
  readonly auditRecords: number;
};

/** Building blocks of the statements, in a schema of the bench's own. */
const FUNCTIONS = `
CREATE SCHEMA IF NOT EXISTS bench;
-- The id of the n-th row of a kind: version 7, so that rows stand in the order they were made.
CREATE OR REPLACE FUNCTION bench.id(merchant int, kind int, n bigint) RETURNS uuid
  LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(n), 12, '0') || '7' || to_hex(merchant * 256 + kind) || '8000000000000000')::uuid
$$;
-- A number from 0 to 999,999 that looks like chance.
CREATE OR REPLACE FUNCTION bench.roll(n bigint, salt int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT (abs(hashint8extended(n, salt) % 1000000))::int $$;
CREATE OR REPLACE FUNCTION bench.pick(words text[], n bigint, salt int) RETURNS text
  LANGUAGE sql IMMUTABLE AS $$
  SELECT words[1 + bench.roll(n, salt) % cardinality(words)] $$;
-- When the n-th of so many things happened: evenly over two years until now.
CREATE OR REPLACE FUNCTION bench.moment(now timestamptz, n bigint, total bigint) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE AS $$
  SELECT now - (total - n)::float8 / total * interval '730 days' $$;`;

/** The merchant that this session is filling. */
const SPEC = `
CREATE TEMP TABLE spec AS SELECT $1::int AS no, $2::uuid AS merchant, $3::uuid AS shopify,
  bench.id($1::int, 1, 2) AS woo, $4::bigint AS orders, $5::int AS items, $6::bigint AS audits,
  date_trunc('milliseconds', now()) AS now, ARRAY(SELECT bench.id($1::int, 2, n)
    FROM generate_series(1, 3) n) AS places`;

/** Tables whose indexes are made after the rows, which is many times faster. */
const LARGE_TABLES = [
  'customer_order',
  'order_line',
  'fulfillment_order',
  'allocation',
  'fulfillment',
  'fulfillment_line',
  'movement',
  'audit_record',
  'inbox_event',
  'job',
];

/** Fills the database with these merchants, who exist already with their Shopify connection. */
export async function seedMerchants(
  url: string,
  merchants: readonly SeededMerchant[],
): Promise<void> {
  await inSession(url, async (client) => {
    await client.query(FUNCTIONS);
    const later = await dropIndexes(client);
    await Promise.all(merchants.map((merchant) => seedMerchant(url, merchant)));
    for (const definition of later) await client.query(definition);
    await client.query('VACUUM (ANALYZE)');
  });
}

async function seedMerchant(url: string, merchant: SeededMerchant): Promise<void> {
  const { number, merchantId, shopifyId, orders, items, auditRecords } = merchant;
  await inSession(url, async (client) => {
    await client.query(SPEC, [number, merchantId, shopifyId, orders, items, auditRecords]);
    for (const statement of [...CATALOG_STATEMENTS, ...ORDER_STATEMENTS, ...TRAIL_STATEMENTS]) {
      await client.query(statement);
    }
  });
}

async function inSession(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'crossdock-bench' });
  await client.connect();
  try {
    // Rows are right by the way they are made; foreign keys would look each of them up.
    await client.query(`SET session_replication_role = replica; SET work_mem = '128MB';
      SET maintenance_work_mem = '512MB'; SET synchronous_commit = off`);
    await work(client);
  } finally {
    await client.end();
  }
}

/** Drops what is no constraint, and answers the statements that make it again. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT i.indexname AS name, i.indexdef AS definition FROM pg_indexes i
      WHERE i.schemaname = 'public' AND i.tablename = ANY($1)
        AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)`,
    [LARGE_TABLES],
  );
  for (const { name } of rows) await client.query(`DROP INDEX "${name}"`);
  return rows.map(({ definition }) => definition);
}
