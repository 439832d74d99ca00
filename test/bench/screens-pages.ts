/** Every list of the app as people open it: views, filters, searches, sorts, and pages far down. */
import type { Database } from '../../app/platform/database';

export type Screen = {
  readonly name: string;
  readonly path: string;
  /** A file that is streamed: what counts is its first piece. */
  readonly streamed?: boolean;
};

/** Things of one merchant that its screens are about. */
export type Subjects = {
  readonly shopify: string;
  readonly woo: string;
  readonly location: string;
  readonly order: string;
  readonly orderName: string;
  readonly customer: string;
  readonly email: string;
  readonly busyItem: string;
  readonly sku: string;
  readonly message: string;
  readonly run: string;
  /** Where the second page and one far down begin, by list. */
  readonly orders: readonly [string, string];
  readonly items: readonly [string, string];
  readonly itemsBySku: readonly [string, string];
  readonly listings: readonly [string, string];
  readonly activity: readonly [string, string];
};

export async function subjectsOf(db: Database, merchantId: string): Promise<Subjects> {
  const pick = async (sql: string): Promise<string> =>
    (await db.one<{ v: string }>(sql, [merchantId])).v;
  const cursors = async (table: string, column: string): Promise<readonly [string, string]> => {
    const order = table === 'customer_order' || table === 'audit_record' ? 'DESC' : 'ASC';
    const at = (offset: string) =>
      pick(`SELECT json_build_array(v, id)::text AS v FROM (SELECT ${column} AS v, id FROM ${table}
        WHERE merchant_id = $1 ORDER BY ${column} ${order}, id ${order} OFFSET ${offset} LIMIT 1) c`);
    const half = `(SELECT count(*) / 2 FROM ${table} WHERE merchant_id = $1)`;
    const write = (text: string) => Buffer.from(text).toString('base64url');
    return [write(await at('49')), write(await at(half))];
  };
  const newest = (column: string) =>
    pick(`SELECT ${column}::text AS v FROM customer_order WHERE merchant_id = $1
      ORDER BY placed_at DESC OFFSET 7 LIMIT 1`);
  const connection = (kind: string) =>
    pick(`SELECT id AS v FROM connection WHERE merchant_id = $1 AND kind = '${kind}'`);
  return {
    shopify: await connection('shopify'),
    woo: await connection('woocommerce'),
    location: await pick('SELECT id AS v FROM location WHERE merchant_id = $1 AND priority = 2'),
    order: await newest('id'),
    orderName: await newest('name'),
    customer: await newest('customer_name'),
    email: await newest('email'),
    busyItem: await pick('SELECT id AS v FROM item WHERE merchant_id = $1 ORDER BY id LIMIT 1'),
    sku: await pick('SELECT sku AS v FROM item WHERE merchant_id = $1 ORDER BY id LIMIT 1'),
    message: await pick('SELECT id AS v FROM inbox_event WHERE merchant_id = $1 LIMIT 1'),
    run: await pick(`SELECT id AS v FROM reconcile_run WHERE merchant_id = $1
      ORDER BY started_at DESC LIMIT 1`),
    orders: await cursors('customer_order', 'placed_at'),
    items: await cursors('item', 'title'),
    itemsBySku: await cursors('item', 'sku'),
    listings: await cursors('listing', 'title'),
    activity: await cursors('audit_record', 'at'),
  };
}

/** The lists first, then single things. */
export function screensOf(subjects: Subjects): readonly Screen[] {
  return [
    ...orderScreens(subjects),
    ...stockScreens(subjects),
    ...catalogScreens(subjects),
    ...trailScreens(subjects),
    ...otherScreens(subjects),
  ];
}

/** Named screens under one path, each with the parameters it is opened with. */
function under(
  what: string,
  path: string,
  choices: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Screen[] {
  return Object.entries(choices).map(([name, parameters]) => {
    const query = new URLSearchParams(parameters).toString();
    return { name: `${what}: ${name}`, path: query === '' ? path : `${path}?${query}` };
  });
}

function orderScreens(of: Subjects): Screen[] {
  const [second, deep] = of.orders;
  return [
    ...under('Orders', '/app/orders', {
      'all, newest': {},
      'all, oldest first': { sort: 'placed asc' },
      'page 2': { after: second },
      'far down': { after: deep },
      'far down, backwards': { before: deep },
      'to ship': { view: 'to-ship' },
      'to ship, oldest first': { view: 'to-ship', sort: 'placed asc' },
      'on hold': { view: 'held' },
      short: { view: 'short' },
      unmatched: { view: 'unmatched' },
      late: { view: 'late' },
      'awaiting payment': { view: 'awaiting-payment' },
      shipped: { view: 'shipped' },
      'shipped, far down': { view: 'shipped', after: deep },
      cancelled: { view: 'cancelled' },
      'of one store': { channel: of.woo },
      'of one location': { location: of.location },
      'to ship, of one location': { view: 'to-ship', location: of.location },
      'of a common tag': { tag: 'wholesale' },
      'of a rare tag': { tag: 'vip' },
      "of a tag that others' orders have": { tag: 'of-the-other' },
      'of a tag nothing has': { tag: 'nothing-has-it' },
      'search, a name': { q: of.orderName },
      'search, part of a name': { q: '#10' },
      'search, a customer': { q: of.customer },
      'search, part of a customer': { q: 'eck' },
      'search, an e-mail': { q: of.email },
      'search, a SKU': { q: of.sku },
      'search, nothing found': { q: 'zzzzzz' },
      'held, search': { view: 'held', q: 'ada' },
    }),
    ...under('Selecting all orders', '/app/orders/count', {
      all: {},
      shipped: { view: 'shipped' },
      'to ship': { view: 'to-ship' },
      'of a common tag': { tag: 'wholesale' },
      'of one location': { location: of.location },
    }),
    { name: 'Orders file, first piece', path: '/app/orders/export', streamed: true },
    { name: 'An order', path: `/app/orders/${of.order}` },
  ];
}

function stockScreens(of: Subjects): Screen[] {
  return [
    ...under('Inventory', '/app/inventory', {
      'by title': {},
      'by title, backwards': { sort: 'title desc' },
      'by SKU': { sort: 'sku asc' },
      'by SKU, backwards': { sort: 'sku desc' },
      'page 2': { after: of.items[0] },
      'far down': { after: of.items[1] },
      'far down by SKU': { sort: 'sku asc', after: of.itemsBySku[1] },
      low: { view: 'low' },
      'out of stock': { view: 'out-of-stock' },
      short: { view: 'short' },
      'not listed': { view: 'not-listed' },
      'of one location': { location: of.location },
      'low, of one location': { view: 'low', location: of.location },
      'search, a SKU': { q: of.sku },
      'search, part of a title': { q: 'woven' },
      'search, part of a SKU': { q: '0042' },
      'search, nothing found': { q: 'zzzzzz' },
      'search, out of stock': { q: 'harbor', view: 'out-of-stock' },
    }),
    ...under('Choosing an item', '/app/items', { all: { q: '' }, 'by a word': { q: 'pine' } }),
    { name: 'Stock file, first piece', path: '/app/inventory/export', streamed: true },
    { name: 'An item with a long history', path: `/app/inventory/${of.busyItem}` },
    {
      name: 'An item with a long history, as of a moment',
      path: `/app/inventory/${of.busyItem}?at=2026-06-01T00:00:00.000Z`,
    },
    { name: 'Counts', path: '/app/inventory/counts' },
  ];
}

function catalogScreens(of: Subjects): Screen[] {
  return under('Catalog', '/app/catalog', {
    'to match': {},
    'fits twice': { view: 'twice' },
    matched: { view: 'matched' },
    'set aside': { view: 'aside' },
    all: { view: 'all' },
    'all, far down': { view: 'all', after: of.listings[1] },
    'all, of one store': { view: 'all', channel: of.woo },
    'search, a word': { view: 'all', q: 'woven' },
    'search, a SKU': { view: 'all', q: of.sku },
    'search, nothing found': { view: 'all', q: 'zzzzzz' },
  });
}

function trailScreens(of: Subjects): Screen[] {
  const about = { subject: of.busyItem };
  return [
    ...under('Activity', '/app/activity', {
      all: {},
      'page 2': { after: of.activity[0] },
      'far down': { after: of.activity[1] },
      stock: { group: 'stock' },
      channels: { group: 'channels' },
      settings: { group: 'settings' },
      'by people': { actor: 'staff' },
      'by channels': { actor: 'channel' },
      'stock, by people': { group: 'stock', actor: 'staff' },
      'of one store': { channel: of.woo },
      'stock, of one store': { group: 'stock', channel: of.woo },
      'of one item': about,
      'search, an order': { q: of.orderName },
      'search, nothing found': { q: 'zzzzzz' },
      'a week': { from: '2026-03-01', to: '2026-03-07' },
    }),
    { name: 'Activity file, first piece', path: '/app/activity/export', streamed: true },
    { name: 'A message', path: `/app/activity/messages/${of.message}` },
    ...under('Jobs', '/app/jobs', {
      failed: {},
      waiting: { view: 'waiting' },
      done: { view: 'done' },
      messages: { view: 'inbox' },
      'messages that failed': { view: 'inbox', state: 'failed' },
      'messages waiting': { view: 'inbox', state: 'received' },
    }),
    { name: 'Reconciliation', path: '/app/reconciliation' },
    { name: 'A reconciliation', path: `/app/reconciliation/${of.run}` },
  ];
}

function otherScreens(of: Subjects): Screen[] {
  return [
    { name: 'Home', path: '/app' },
    { name: 'Channels', path: '/app/channels' },
    { name: 'A channel', path: `/app/channels/${of.shopify}` },
    ...under("A channel's numbers", `/app/channels/${of.woo}/numbers`, {
      changes: {},
      all: { view: 'all' },
      search: { view: 'all', q: 'woven' },
    }),
    ...under("Shopify's numbers", `/app/channels/${of.shopify}/numbers`, { all: { view: 'all' } }),
    { name: 'Locations', path: '/app/locations' },
    { name: 'A location', path: `/app/locations/${of.location}` },
    { name: 'Settings', path: '/app/settings' },
  ];
}
