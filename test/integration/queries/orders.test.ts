/**
 * The order list and the order page against real PostgreSQL: views, search, filters, paging in both
 * directions, and that another merchant's orders are never there.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Database, createDatabase } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';
import { type Prisma, createPrisma } from '../../../app/platform/prisma';
import { getOrder } from '../../../app/queries/orders/get-order';
import {
  type OrderListInput,
  hasOrders,
  listOrders,
} from '../../../app/queries/orders/list-orders';
import { countViews, listTags, matchingOrderIds } from '../../../app/queries/orders/count-orders';
import { exportOrders } from '../../../app/queries/orders/export-orders';
import { readOrderFilter } from '../../../app/queries/orders/order-filter';
import { createTestDatabase } from '../../support/test-database';
import { type SeededMerchant, seedItem, seedMerchant, seedOrder } from './seed';

const ALL: OrderListInput = {
  ...readOrderFilter(new URLSearchParams(), new Date('2026-11-23T10:05:30Z')),
  oldestFirst: false,
  after: null,
  before: null,
};

let db: Database;
let prisma: Prisma;
let ours: SeededMerchant;
let theirs: SeededMerchant;
let mug: string;

beforeAll(async () => {
  ({ db } = await createTestDatabase());
  prisma = createPrisma(db);
  ours = await seedMerchant(db, 'ours');
  theirs = await seedMerchant(db, 'theirs');
  mug = await seedItem(db, ours, 'MUG-1', 'Mug');
  const [brooklyn, reno] = ours.locations;
  await seedOrder(db, ours, { name: '#1001', placedAt: at(1), status: 'shipped' });
  await seedOrder(db, ours, { name: '#1002', placedAt: at(2), unitsShort: 3, itemId: mug });
  await seedOrder(db, ours, { name: '#1003', placedAt: at(3), connectionId: ours.woo });
  await seedOrder(db, ours, { name: '#1004', placedAt: at(4), unitsUnmatched: 1 });
  await seedOrder(db, ours, { name: '#1005', placedAt: at(5), status: 'cancelled', unitsShort: 1 });
  await seedOrder(db, ours, { name: '#1006', placedAt: at(6), status: 'awaiting_payment' });
  await seedOrder(db, ours, {
    name: '#1007',
    placedAt: at(7),
    status: 'partially_shipped',
    locationId: reno,
    customerName: 'Zoë 100%_Smith',
  });
  await seedOrder(db, ours, { name: '#1008', placedAt: at(8), locationId: brooklyn, itemId: mug });
  await seedOrder(db, theirs, { name: '#1008', placedAt: at(9), unitsShort: 1 });
  await db.query(`UPDATE customer_order SET held = true WHERE name = '#1003'`);
  await db.query(
    `UPDATE customer_order SET tags = '{gift,"=SUM(A1)"}', customer_name = '+1 555', note = 'secret'
      WHERE name = '#1002'`,
  );
  await db.query(`UPDATE customer_order SET tags = '{theirs,gift}' WHERE merchant_id = $1`, [
    theirs.id,
  ]);
});

function at(minute: number): string {
  return `2026-11-20T10:${String(minute).padStart(2, '0')}:00.123Z`;
}

async function names(input: Partial<OrderListInput>): Promise<string[]> {
  const page = await listOrders(prisma, ours.id, { ...ALL, ...input });
  return page.rows.map(({ name }) => name);
}

describe('views of the order list', () => {
  it.each([
    ['all', ['#1008', '#1007', '#1006', '#1005', '#1004', '#1003', '#1002', '#1001']],
    ['to-ship', ['#1008', '#1007']],
    ['short', ['#1002']],
    ['unmatched', ['#1004']],
    ['held', ['#1003']],
    ['late', ['#1004', '#1003', '#1002']],
    ['awaiting-payment', ['#1006']],
    ['shipped', ['#1001']],
    ['cancelled', ['#1005']],
  ] as const)('%s', async (view, expected) => {
    expect(await names({ view })).toEqual(expected);
  });

  it('turns around when the oldest come first', async () => {
    const inOrder = await names({ view: 'to-ship', oldestFirst: true });
    expect(inOrder).toEqual(['#1007', '#1008']);
  });

  it('says what a row needs: money, channel and places', async () => {
    const [row] = (await listOrders(prisma, ours.id, ALL)).rows;
    expect(row).toMatchObject({
      total: { minor: 120450, currency: 'USD' },
      channelName: 'Shop',
      locations: ['Brooklyn'],
    });
  });
});

describe('search and filters', () => {
  it('finds by name with and without the sign, by the start', async () => {
    expect(await names({ search: '1002' })).toEqual(['#1002']);
    expect(await names({ search: ' #1002 ' })).toEqual(['#1002']);
    expect(await names({ search: '100' })).toHaveLength(8);
  });

  it('finds by any part of the customer, with signs taken as they are', async () => {
    expect(await names({ search: 'smith' })).toEqual(['#1007']);
    expect(await names({ search: '100%_' })).toEqual(['#1007']);
    expect(await names({ search: '_%' })).toEqual([]);
  });

  it('finds by SKU', async () => {
    expect(await names({ search: 'mug-1' })).toEqual(['#1008', '#1002']);
  });

  it('finds by how an e-mail address begins, among the own orders only', async () => {
    await db.query(
      `UPDATE customer_order SET email = 'Ada@example.com'
        WHERE name = '#1003' OR merchant_id <> $1`,
      [ours.id],
    );
    expect(await names({ search: 'ada@example.com' })).toEqual(['#1003']);
    expect(await names({ search: 'ada@' })).toEqual(['#1003']);
    expect(await names({ search: '%@example.com' })).toEqual([]);
  });

  it('survives whatever is typed', async () => {
    for (const search of ["'; DROP TABLE item; --", '\\', '\0', 'x'.repeat(5000), '#', '   ']) {
      await expect(names({ search })).resolves.toBeDefined();
    }
  });

  it('filters by channel and by location, and an id that is none finds nothing', async () => {
    expect(await names({ connectionId: ours.woo })).toEqual(['#1003']);
    expect(await names({ locationId: ours.locations[1] })).toEqual(['#1007']);
    expect(await names({ connectionId: 'nonsense' })).toEqual([]);
    expect(await names({ locationId: "' OR 1=1" })).toEqual([]);
    expect(await names({ connectionId: theirs.shopify })).toEqual([]);
  });
});

describe('tags, counts and files', () => {
  it('finds orders by a tag exactly as it is written, and offers the merchant’s own', async () => {
    expect(await names({ tag: 'gift' })).toEqual(['#1002']);
    expect(await names({ tag: 'Gift' })).toEqual([]);
    expect(await names({ tag: 'theirs' })).toEqual([]);
    expect(await listTags(prisma, ours.id)).toEqual(['=SUM(A1)', 'gift']);
  });

  it('counts what waits for somebody', async () => {
    const counts = await countViews(prisma, ours.id, ALL);
    expect(counts).toEqual({ held: 1, short: 1, unmatched: 1, late: 3 });
    const searching = { ...ALL, search: 'nobody' };
    expect(await countViews(prisma, ours.id, searching)).toEqual(counts);
  });

  it('names all that match, newest first, up to a limit', async () => {
    expect(await matchingOrderIds(prisma, ours.id, ALL, 3)).toHaveLength(3);
    expect(await matchingOrderIds(prisma, ours.id, { ...ALL, view: 'held' }, 3)).toHaveLength(1);
  });

  it('writes the matching orders to a file that runs no formula', async () => {
    let file = '';
    for await (const piece of exportOrders(prisma, ours.id, { ...ALL, tag: 'gift' })) file += piece;
    const [heading, line, ...rest] = file.split('\r\n');
    expect(heading?.split(',').slice(0, 3)).toEqual(['Order', 'Placed at', 'Channel']);
    expect(line).toBe(
      `#1002,2026-11-20T10:02:00.123Z,Shop,open,no,paid,'+1 555,Austin,US,1,3,0,0,1204.50,USD,"gift, =SUM(A1)",`,
    );
    expect(rest).toEqual(['']);
    expect(file).not.toContain('secret');
  });
});

describe('paging', () => {
  it('walks forth and back over equal times without losing or repeating a row', async () => {
    const merchant = await seedMerchant(db, 'pages');
    const made: string[] = [];
    for (let index = 0; index < 120; index += 1) {
      const name = `P${String(index)}`;
      await seedOrder(db, merchant, { name, placedAt: at(Math.floor(index / 40)) });
      made.push(name);
    }
    const read = (page: Partial<OrderListInput>) =>
      listOrders(prisma, merchant.id, { ...ALL, ...page });
    const first = await read({});
    const second = await read({ after: first.next });
    const third = await read({ after: second.next });
    const all = [first, second, third].flatMap(({ rows }) => rows.map(({ name }) => name));
    expect(new Set(all)).toEqual(new Set(made));
    expect(all).toHaveLength(120);
    expect([first.previous, third.next]).toEqual([null, null]);
    const back = await read({ before: third.previous });
    expect(back.rows).toEqual(second.rows);
    expect((await read({ before: back.previous })).rows).toEqual(first.rows);
  });

  it('gives the first page for a cursor that makes no sense', async () => {
    const cursors = ['%%%', 'e30', Buffer.from('["x","y"]').toString('base64url')];
    for (const after of cursors) expect(await names({ after })).toHaveLength(8);
  });

  it('reads along indexes, however deep the page', async () => {
    const { url } = await createTestDatabase();
    const large = createDatabase(url);
    const merchant = await seedMerchant(large, 'large');
    await large.query(
      `INSERT INTO customer_order (id, merchant_id, connection_id, external_ref, name, version,
         status, stage, payment_status, placed_at, currency, total_minor)
       SELECT gen_random_uuid(), $1, $2, n::text, '#' || n, '1',
         CASE WHEN n % 500 = 0 THEN 'open' ELSE 'shipped' END, 'open', 'paid',
         now() - n * interval '1 minute', 'USD', 1000 FROM generate_series(1, 60000) n`,
      [merchant.id, merchant.shopify],
    );
    await large.query('ANALYZE customer_order');
    const statements = watchStatements(large);
    const deep = Buffer.from(JSON.stringify(['2020-01-01T00:00:00Z', newId()]));
    const page = { ...ALL, before: deep.toString('base64url') };
    const client = createPrisma(large);
    for (const input of [page, { ...page, view: 'to-ship' as const, search: null }]) {
      await listOrders(client, merchant.id, input);
    }
    await listOrders(client, merchant.id, { ...ALL, search: '#59999' });
    expect(statements).toHaveLength(3);
    for (const { text, values } of [...statements]) {
      const plan = await large.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
      const lines = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(lines).not.toMatch(/Seq Scan on customer_order/);
    }
    await large.close();
  });
});

/** The statements sent from now on, as PostgreSQL gets them. */
function watchStatements(watched: Database): { text: string; values: unknown[] }[] {
  const seen: { text: string; values: unknown[] }[] = [];
  const { pool } = watched;
  const query = pool.query.bind(pool) as (...sent: unknown[]) => unknown;
  Object.assign(pool, {
    query: (...sent: unknown[]) => {
      const [config, values] = sent as [{ text: string; values?: unknown[] }, unknown[]?];
      if (config.text.includes('customer_order') && !config.text.startsWith('EXPLAIN')) {
        seen.push({ text: config.text, values: values ?? config.values ?? [] });
      }
      return query(...sent);
    },
  });
  return seen;
}

describe('tenants', () => {
  it('shows nothing of another merchant, by list or by id', async () => {
    const [foreign] = (await listOrders(prisma, theirs.id, ALL)).rows;
    expect(foreign).toBeDefined();
    expect(await getOrder(prisma, ours.id, foreign?.id ?? '')).toBeNull();
    expect(await getOrder(prisma, theirs.id, foreign?.id ?? '')).not.toBeNull();
  });

  it('answers null for what is no id', async () => {
    for (const id of ['', '1', newId(), "'; --"]) {
      expect(await getOrder(prisma, ours.id, id)).toBeNull();
    }
  });

  it('tells a merchant without orders from one whose search found none', async () => {
    const empty = await seedMerchant(db, 'empty');
    expect(await hasOrders(prisma, empty.id)).toBe(false);
    expect(await hasOrders(prisma, ours.id)).toBe(true);
  });
});

describe('the order page', () => {
  it('has lines with their places, the work, and the address', async () => {
    const [row] = (await listOrders(prisma, ours.id, ALL)).rows;
    const order = await getOrder(prisma, ours.id, row?.id ?? '');
    expect(order?.lines).toMatchObject([
      { title: 'Mug', places: [{ locationName: 'Brooklyn', allocated: 1, shipped: 0 }] },
    ]);
    expect(order?.fulfillmentOrders).toMatchObject([
      { locationName: 'Brooklyn', status: 'open', lines: [{ title: 'Mug', quantity: 1 }] },
    ]);
    expect(order?.shipTo).toMatchObject({ name: 'Ada', city: 'Austin', zip: null });
  });
});
