/** What reaches both stores during the sales: numbers they are told, and what each call costs. */
import type { AppWorld, Witness } from './app-world';

/** A number that a store was told, or (`own`) that a sale or a move of its own left there. */
export type Written = { readonly quantity: number; readonly at: number; readonly own: boolean };

type Calls = { calls: number; points: number };

export type SaleWatch = {
  /** By "channel stockRef locationRef", in the order of arrival. */
  readonly written: Map<string, Written[]>;
  /** By what was asked: a document's name at Shopify, else method and path. */
  readonly requests: Map<string, Calls>;
  throttled: number;
  readonly witness: Witness;
  /** Notes what changed in Shopify by itself. */
  noteOwn(): void;
};

type Entry = Parameters<Witness>[0];

export function createSaleWatch(world: AppWorld): SaleWatch {
  let levels = levelsOf(world);
  const watch: SaleWatch = {
    written: new Map(),
    requests: new Map(),
    throttled: 0,
    witness(entry) {
      if (entry.system === 'shopify') watchShopify(watch, entry);
      else watchWoo(watch, entry);
    },
    noteOwn() {
      const now = levelsOf(world);
      for (const [place, available] of now) {
        if (levels.get(place) !== available) note(watch, `shopify ${place}`, available, true);
      }
      levels = now;
    },
  };
  return watch;
}

/** What Shopify itself shows, by "item location". */
export function levelsOf({ shop }: AppWorld): Map<string, number> {
  return new Map(
    [...shop.state.levels.values()].map(({ itemId, locationId, quantities }) => [
      `${itemId} ${locationId}`,
      quantities.available,
    ]),
  );
}

/** Calls, and points where there are any, of everything whose name fits. */
export function callsOf({ requests }: SaleWatch, fits: RegExp): Calls {
  const sum: Calls = { calls: 0, points: 0 };
  for (const [what, { calls, points }] of requests) {
    if (!fits.test(what)) continue;
    sum.calls += calls;
    sum.points += points;
  }
  return sum;
}

function count(watch: SaleWatch, entry: Entry, points: number): void {
  const document = /(?:query|mutation) (\w+)/.exec(entry.body)?.[1];
  const path = entry.path.split('?')[0] ?? '';
  const name =
    entry.system === 'shopify'
      ? (document ?? entry.operation ?? path)
      : `${entry.method} ${path.replace(/^.*\/wc\/v3\//, '').replace(/\d+/g, 'N')}`;
  const known = watch.requests.get(`${entry.system} ${name}`) ?? { calls: 0, points: 0 };
  known.calls += 1;
  known.points += points;
  watch.requests.set(`${entry.system} ${name}`, known);
}

function note(watch: SaleWatch, key: string, quantity: number, own: boolean): void {
  const list = watch.written.get(key) ?? [];
  list.push({ quantity, at: Date.now(), own });
  watch.written.set(key, list);
}

function watchShopify(watch: SaleWatch, entry: Entry): void {
  count(watch, entry, Number(/"actualQueryCost":(\d+)/.exec(entry.answer)?.[1] ?? 0));
  if (entry.answer.includes('"THROTTLED"')) watch.throttled += 1;
  if (entry.operation === 'fulfillmentOrderMove') watch.noteOwn();
  if (entry.operation !== 'inventorySetQuantities') return;
  const answer = JSON.parse(entry.answer) as {
    data?: { inventorySetQuantities?: { userErrors: readonly unknown[] } };
  };
  if (answer.data?.inventorySetQuantities?.userErrors.length !== 0) return;
  const body = JSON.parse(entry.body) as {
    variables: {
      input: {
        quantities: { inventoryItemId: string; locationId: string; quantity: number }[];
      };
    };
  };
  for (const set of body.variables.input.quantities) {
    note(watch, `shopify ${set.inventoryItemId} ${set.locationId}`, set.quantity, false);
  }
}

function watchWoo(watch: SaleWatch, entry: Entry): void {
  count(watch, entry, 0);
  if (entry.status === 429) watch.throttled += 1;
  if (entry.method !== 'POST' || !entry.path.split('?')[0]?.endsWith('/batch')) return;
  if (entry.status !== 200) return;
  const parent = /products\/(\d+)\/variations/.exec(entry.path)?.[1];
  const { update } = JSON.parse(entry.body) as { update: { id: number; stock_quantity: number }[] };
  for (const set of update) {
    const id = String(set.id);
    const ref = parent === undefined ? `product:${id}` : `variation:${parent}:${id}`;
    note(watch, `woocommerce ${ref} `, set.stock_quantity, false);
  }
}
