/** Plays changes of stock, policies, depots and kits; compares every number every channel shows. */
import { expect } from 'vitest';
import { setKit } from '../../app/operations/catalog/set-kit';
import { setPolicy } from '../../app/operations/connections/set-policy';
import { setLocationActive } from '../../app/operations/locations/set-location';
import { adjustStock } from '../../app/operations/stock/adjust-stock';
import type { Database } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { postMovements } from '../../app/store/movements';
import { received, seedMerchant } from '../integration/ledger/seed-ledger';
import {
  CHANNELS,
  type Channel,
  DEPOTS,
  GOODS,
  type ModelNumber,
  type Numbers,
  type NumbersCommand,
  type NumbersSetup,
  type Policy,
  REFS,
  sellable,
  shown,
  unitsFor,
  wantedNumber,
} from './numbers-model';
import { lonelyContext } from '../support/lonely-context';
import type { Play } from './sequences';

const STAFF = { kind: 'staff', id: 'staff-1' } as const;
const OPEN: Policy = { sharePercent: 100, bufferUnits: 0, capUnits: null };

type Of<Kind extends NumbersCommand['kind']> = Extract<NumbersCommand, { kind: Kind }>;
type Shops = {
  readonly id: string;
  readonly items: readonly string[];
  readonly depots: readonly string[];
  readonly connections: Readonly<Record<Channel, string>>;
  /** Numbers by the id of their row. */
  readonly numbers: ReadonlyMap<string, ModelNumber>;
};
type World = {
  readonly db: Database;
  readonly context: ReturnType<typeof lonelyContext>;
  readonly shops: Shops;
  readonly stranger: Shops;
  readonly model: Numbers;
};

export async function playNumbers(
  db: Database,
  setup: NumbersSetup,
): Promise<Play<NumbersCommand>> {
  const shops = await seedShops(db, setup);
  const stranger = await seedShops(db, setup);
  const world: World = { db, context: lonelyContext(db), shops, stranger, model: modelOf(setup) };
  let before = await readNumbers(db, shops);
  const strangers = await readNumbers(db, stranger);

  return {
    async step(command) {
      await step(world, command);
      const now = await readNumbers(db, shops);
      const { model } = world;
      for (const [id, number] of shops.numbers) {
        const { channel } = number.listing;
        const wanted = wantedNumber(model, number, model.policies[channel], model.feeds[channel]);
        expect(now.get(id)?.one, `${tellNumber(number)} by itself`).toBe(wanted);
        expect(now.get(id)?.all, `${tellNumber(number)} among all`).toBe(
          number.listing.item === null || !number.listing.tracked ? null : wanted,
        );
        const changed = now.get(id)?.all !== before.get(id)?.all;
        const marked = sharersOf(shops, number).some(
          (other) => (now.get(other)?.seq ?? 0) > (before.get(other)?.seq ?? 0),
        );
        expect(marked || !changed, `${tellNumber(number)} changed and is to be sent`).toBe(true);
      }
      await expectSellable(world);
      before = now;
    },
    async end() {
      expect(await readNumbers(db, stranger), 'the other merchant').toEqual(strangers);
    },
  };
}

/** Numbers of one channel that are one number there: to send any of them is to send it. */
function sharersOf({ numbers }: Shops, { listing, ref }: ModelNumber): string[] {
  return [...numbers].flatMap(([id, other]) => {
    const { channel, shared, item, tracked } = other.listing;
    const same = channel === listing.channel && shared === listing.shared && other.ref === ref;
    return same && tracked && item !== null ? [id] : [];
  });
}

function tellNumber({ listing, ref }: ModelNumber): string {
  const item = listing.item === null ? 'nothing' : (GOODS[listing.item] ?? '?');
  return `${listing.channel}'s number of ${item} (${listing.shared}${ref === '' ? '' : `, ${ref}`})`;
}

async function step(world: World, command: NumbersCommand): Promise<void> {
  switch (command.kind) {
    case 'stock':
      return adjust(world, command);
    case 'policy':
      return applyPolicy(world, command);
    case 'look':
      return look(world, command);
    case 'switch':
      return switchDepot(world, command);
    case 'kit':
      return makeKit(world, command);
  }
}

async function adjust({ context, shops, model }: World, command: Of<'stock'>): Promise<void> {
  const { item, at, state, change } = command;
  if (change === 0) return;
  const row = (state === 'available' ? model.available : model.damaged)[at] ?? [];
  const left = (row[item] ?? 0) + change;
  const answer = await adjustStock(context, {
    merchantId: shops.id,
    itemId: shops.items[item] ?? '',
    locationId: shops.depots[at] ?? '',
    state,
    change,
    reason: 'correction',
    note: null,
    actor: STAFF,
    idempotencyKey: newId(),
  });
  if (left < 0 || model.recipes.has(item)) {
    expect(answer).toMatchObject({ code: 'conflict' });
    return;
  }
  expect(answer).toEqual({ status: 'done', available: left });
  row[item] = left;
}

async function applyPolicy(world: World, command: Of<'policy'>): Promise<void> {
  const { context, shops, stranger, model } = world;
  const { channel, policy, depots } = command;
  const answer = await setPolicy(context, {
    merchantId: command.stranger ? stranger.id : shops.id,
    connectionId: shops.connections[channel],
    actor: STAFF,
    policy: { ...policy, oversell: 'never', brakePercent: 30 },
    locationIds: depots?.map((at) => shops.depots[at] ?? '') ?? null,
    previewed: true,
  });
  const refusal = policyRefusal(model, command);
  if (refusal !== null) {
    expect(answer).toMatchObject({ code: refusal });
    return;
  }
  expect(answer).toEqual({ status: 'done' });
  model.policies[channel] = policy;
  if (depots !== null) model.feeds[channel] = new Map(depots.map((at) => [at, '']));
}

function policyRefusal(model: Numbers, { channel, policy, depots, stranger }: Of<'policy'>) {
  const { sharePercent, bufferUnits } = policy;
  if (sharePercent < 0 || sharePercent > 100 || bufferUnits < 0) return 'validation';
  if (stranger) return 'not_found';
  if (depots === null) return null;
  if (channel === 'shop') return 'conflict';
  const active = depots.filter((at) => model.active[at] === true);
  if (active.length === 0) return 'validation';
  return active.length < depots.length ? 'not_found' : null;
}

/** What a policy that is not saved would make of every number. */
async function look({ db, shops, model }: World, command: Of<'look'>): Promise<void> {
  const { channel, policy, depots } = command;
  const feeds =
    channel === 'shop' ? model.feeds.shop : new Map(depots.map((at) => [at, ''] as const));
  const { rows } = await db.query<{ id: string; units: number; own: number; wanted: number }>(
    `SELECT publication_id AS id, units::int, own, wanted
       FROM wanted_numbers($1, $2, $3, $4, $5::uuid[], $6::text[])`,
    [
      shops.connections[channel],
      policy.sharePercent,
      Math.max(0, policy.bufferUnits),
      policy.capUnits,
      [...feeds.keys()].map((at) => shops.depots[at] ?? ''),
      [...feeds.values()],
    ],
  );
  const proposed = {
    ...policy,
    sharePercent: Math.max(0, policy.sharePercent),
    bufferUnits: Math.max(0, policy.bufferUnits),
  };
  const expected = [...shops.numbers].flatMap(([id, number]) => {
    const { item, tracked } = number.listing;
    if (number.listing.channel !== channel || item === null || !tracked) return [];
    const units = unitsFor(model, item, number.ref, feeds);
    const wanted = wantedNumber(model, number, proposed, feeds);
    return [{ id, units, own: shown(units, proposed), wanted }];
  });
  const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
    a.id < b.id ? -1 : 1;
  expect([...rows].sort(byId)).toEqual(expected.sort(byId));
}

async function switchDepot({ context, shops, model }: World, command: Of<'switch'>): Promise<void> {
  const { at, on } = command;
  const answer = await setLocationActive(context, {
    merchantId: shops.id,
    locationId: shops.depots[at] ?? '',
    actor: STAFF,
    active: on,
    withStock: true,
  });
  const last = model.active.every((active, other) => other === at || !active);
  if (!on && model.active[at] === true && last) {
    expect(answer).toMatchObject({ code: 'conflict' });
    return;
  }
  expect(answer).toEqual({ status: 'done' });
  model.active[at] = on;
}

async function makeKit(world: World, command: Of<'kit'>): Promise<void> {
  const { context, shops, stranger, model } = world;
  const { item, parts, writeOff } = command;
  const answer = await setKit(context, {
    merchantId: shops.id,
    itemId: shops.items[item] ?? '',
    parts: parts.map(([part, quantity]) => ({
      itemId: shops.items[part] ?? stranger.items[0] ?? '',
      quantity,
    })),
    writeOff,
    actor: STAFF,
  });
  const refusal = kitRefusal(model, command);
  if (refusal !== null) {
    expect(answer).toMatchObject({ code: refusal });
    return;
  }
  expect(answer).toEqual({ status: 'done' });
  if (parts.length === 0) {
    model.recipes.delete(item);
    return;
  }
  model.recipes.set(item, parts);
  for (const row of model.available) row[item] = 0;
}

function kitRefusal(model: Numbers, { item, parts, writeOff }: Of<'kit'>): string | null {
  const twice = new Set(parts.map(([part]) => part)).size < parts.length;
  const itself = parts.some(([part]) => part === item);
  const odd = parts.some(([, each]) => each < 1 || each > 1000);
  if (twice || itself || odd) return 'validation';
  const [wrong] = parts.filter(([part]) => part >= GOODS.length || model.recipes.has(part));
  if (wrong !== undefined) return wrong[0] >= GOODS.length ? 'not_found' : 'conflict';
  if (parts.length === 0) return null;
  const used = [...model.recipes.values()].some((recipe) => recipe.some(([part]) => part === item));
  const has = (cells: readonly (readonly number[])[]): boolean =>
    cells.some((row) => (row[item] ?? 0) > 0);
  return used || has(model.damaged) || (has(model.available) && !writeOff) ? 'conflict' : null;
}

async function expectSellable({ db, shops, model }: World): Promise<void> {
  const { rows } = await db.query<{ item: string; depot: string; units: number }>(
    `SELECT item_id AS item, location_id AS depot, available AS units FROM sellable_level
      WHERE merchant_id = $1 AND available <> 0`,
    [shops.id],
  );
  const seen = rows.map(({ item, depot, units }) => {
    return `${GOODS[shops.items.indexOf(item)] ?? '?'} ${DEPOTS[shops.depots.indexOf(depot)] ?? '?'} ${String(units)}`;
  });
  const expected = GOODS.flatMap((sku, item) =>
    DEPOTS.flatMap((depot, at) => {
      const units = sellable(model, item, at);
      return units === 0 ? [] : [`${sku} ${depot} ${String(units)}`];
    }),
  );
  expect(seen.sort(), 'what can be sold').toEqual(expected.sort());
}

/** By number: what it should show, asked for alone and among all, and how often it was marked. */
async function readNumbers(db: Database, { id, connections }: Shops) {
  const { rows } = await db.query<{
    id: string;
    seq: number;
    one: number | null;
    all: number | null;
  }>(
    `SELECT p.id, p.dirty_seq::int AS seq, wanted_of(p.id) AS one, w.wanted AS all
       FROM publication p LEFT JOIN (SELECT * FROM wanted_numbers($2) UNION ALL
         SELECT * FROM wanted_numbers($3)) w ON w.publication_id = p.id
      WHERE p.merchant_id = $1`,
    [id, connections.shop, connections.outlet],
    { name: 'read_numbers' },
  );
  return new Map(rows.map(({ id: number, ...rest }) => [number, rest]));
}

function feedsOf(): Record<Channel, Map<number, string>> {
  return {
    shop: new Map([
      [0, 'x'],
      [1, 'y'],
      [2, 'y'],
    ]),
    outlet: new Map([
      [0, ''],
      [2, ''],
    ]),
  };
}

function modelOf({ stock, listings }: NumbersSetup): Numbers {
  return {
    available: stock.map((units) => [...units]),
    damaged: DEPOTS.map(() => GOODS.map(() => 0)),
    active: DEPOTS.map(() => true),
    recipes: new Map(),
    policies: { shop: OPEN, outlet: OPEN },
    feeds: feedsOf(),
    listings,
  };
}

async function seedShops(db: Database, { stock, listings }: NumbersSetup): Promise<Shops> {
  const { merchantId, items, locations } = await seedMerchant(db, GOODS, DEPOTS);
  const connections = { shop: newId(), outlet: newId() };
  await db.query(
    `INSERT INTO connection (id, merchant_id, kind, account, name, publishing, imported_at)
     VALUES ($1::uuid, $3, 'shopify', $1::text, 'Shop', true, now()),
            ($2::uuid, $3, 'woocommerce', $2::text, 'Outlet', true, now())`,
    [connections.shop, connections.outlet, merchantId],
  );
  const feeds = CHANNELS.flatMap((channel) =>
    [...feedsOf()[channel]].map(([at, ref]) => [connections[channel], locations[at], ref]),
  );
  await db.query(
    `INSERT INTO connection_location (id, merchant_id, connection_id, location_id, external_ref)
     SELECT gen_random_uuid(), $1, connection, location, ref
       FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS u(connection, location, ref)`,
    [merchantId, ...[0, 1, 2].map((column) => feeds.map((feed) => feed[column]))],
  );
  const opening = stock.flatMap((units, at) =>
    units.flatMap((quantity, item) =>
      quantity > 0 ? [received(items[item] ?? '', locations[at] ?? '', quantity)] : [],
    ),
  );
  await postMovements(db, merchantId, opening, 'all');
  const numbers = await seedListings(db, merchantId, items, connections, listings);
  return { id: merchantId, items, depots: locations, connections, numbers };
}

async function seedListings(
  db: Database,
  merchantId: string,
  items: readonly string[],
  connections: Shops['connections'],
  listings: NumbersSetup['listings'],
): Promise<Map<string, ModelNumber>> {
  const numbers = new Map<string, ModelNumber>();
  const ids = listings.map(() => newId());
  await db.query(
    `INSERT INTO listing (id, merchant_id, connection_id, item_id, external_ref, stock_ref, title,
       tracked) SELECT id, $1, connection, item, id::text, shared, 'A listing', tracked
       FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::boolean[])
         AS u(id, connection, item, shared, tracked)`,
    [
      merchantId,
      ids,
      listings.map(({ channel }) => connections[channel]),
      listings.map(({ item }) => (item === null ? null : items[item])),
      listings.map(({ shared }) => shared),
      listings.map(({ tracked }) => tracked),
    ],
  );
  const rows = listings.flatMap((listing, index) =>
    REFS[listing.channel].map((ref) => ({ id: newId(), listing, listingId: ids[index], ref })),
  );
  for (const { id, listing, ref } of rows) numbers.set(id, { listing, ref });
  await db.query(
    `INSERT INTO publication (id, merchant_id, connection_id, listing_id, location_ref)
     SELECT id, $1, connection, listing, ref
       FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[]) AS u(id, connection, listing, ref)`,
    [
      merchantId,
      rows.map(({ id }) => id),
      rows.map(({ listing }) => connections[listing.channel]),
      rows.map(({ listingId }) => listingId),
      rows.map(({ ref }) => ref),
    ],
  );
  return numbers;
}
