/** Plays what happens to orders on the real operations and on the model, and compares. */
import { expect } from 'vitest';
import type { ChannelConnector } from '../../app/contracts/channel';
import { setKit } from '../../app/operations/catalog/set-kit';
import { setPolicy } from '../../app/operations/connections/set-policy';
import { setLocationActive } from '../../app/operations/locations/set-location';
import { allocateShort as allocateShortly } from '../../app/operations/orders/allocate-short';
import { cancelOrder } from '../../app/operations/orders/cancel-order';
import { holdOrder } from '../../app/operations/orders/hold-order';
import { releaseHold } from '../../app/operations/orders/release-hold';
import { adjustStock } from '../../app/operations/stock/adjust-stock';
import { OPEN_POLICY } from '../../app/domain/stock/stock-policy';
import type { Database } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { findDrift } from '../../app/store/movements';
import { type AllocationCommand, type AllocationSetup, REFS, SITES } from './allocation-commands';
import {
  type Stock,
  allocateShort,
  demandOf,
  needsOf,
  planOrder,
  promisedOf,
  shortOf,
} from './allocation-model';
import { playParcels } from './allocation-parcels';
import { playReadings } from './allocation-readings';
import { rerouted } from './allocation-reroute';
import { modelOf, readModel, readShops, seedShops } from './allocation-world';
import { type AllocationWorld, STAFF, formOf } from './allocation-world-in-play';
import { lonelyContext } from '../support/lonely-context';
import type { Play } from './sequences';

type Of<Kind extends AllocationCommand['kind']> = Extract<AllocationCommand, { kind: Kind }>;

/** A channel that knows no holds: asked for nothing but that. */
const quietChannel = { capabilities: { holds: false } } as unknown as ChannelConnector;

export async function playAllocation(
  db: Database,
  setup: AllocationSetup,
): Promise<Play<AllocationCommand>> {
  const world: AllocationWorld = {
    db,
    context: lonelyContext(db, () => Promise.resolve(quietChannel)),
    recipe: setup.recipe,
    shops: await seedShops(db, setup),
    stranger: await seedShops(db, setup),
    stock: modelOf(setup),
    woken: new Set(),
  };
  const parcels = playParcels(world);
  const readings = playReadings(world);
  const untouched = await readShops(db, world.stranger);

  const step = async (command: AllocationCommand): Promise<void> => {
    switch (command.kind) {
      case 'read':
        return readings.take(command.readings);
      case 'cancel':
        return cancel(world, command);
      case 'hold':
      case 'lift':
        return hold(world, command);
      case 'ship':
        return parcels.ship(command);
      case 'ship again':
        return parcels.shipAgain();
      case 'stock':
        return adjust(world, command);
      case 'switch':
        return switchPlace(world, command);
      case 'feed':
        return feed(world, command);
      case 'recipe':
        return makeKit(world, command);
      case 'reroute':
        return rerouted(world, command);
    }
  };

  return {
    async step(command) {
      await step(command);
      await runJobs(world);
      expect(await readShops(db, world.shops)).toEqual(readModel(world.stock));
      expectPromisesKept(world.stock);
    },
    async end() {
      expect(await findDrift(db, world.shops.id)).toEqual([]);
      expect(await readShops(db, world.stranger), 'the other merchant').toEqual(untouched);
    },
  };
}

/** What was woken, and nothing else, is allocated: in the order of the jobs. */
async function runJobs({ db, context, shops, stock, woken }: AllocationWorld): Promise<void> {
  const expected = [...woken].filter((item) => shortOf(stock, item));
  woken.clear();
  const { rows } = await db.query<{ itemId: string }>(
    `UPDATE job SET state = 'done' WHERE merchant_id = $1 AND kind = 'allocate-short'
        AND state = 'queued' RETURNING id, payload->>'itemId' AS "itemId"`,
    [shops.id],
  );
  const items = rows.map(({ itemId }) => shops.items.indexOf(itemId));
  expect([...items].sort(), 'items woken').toEqual(expected.sort());
  for (const item of items) {
    await allocateShortly(context, { merchantId: shops.id, itemId: shops.items[item] ?? '' });
    allocateShort(stock, item);
  }
}

/** Units wanted are promised, gone or short; and nobody waits for what could be promised. */
function expectPromisesKept(stock: Stock): void {
  for (const order of stock.orders.values()) {
    const ships = demandOf(order) === 'ship';
    for (const line of order.lines.filter(({ item }) => item !== null)) {
      const kept = line.shipped + promisedOf(line) + line.short;
      expect(kept).toBe(ships ? Math.max(line.quantity, line.shipped) : line.shipped);
    }
    expect(needsOf(stock, order), `#${order.ref} waits for what is there`).toEqual([]);
  }
}

async function cancel(world: AllocationWorld, command: Of<'cancel'>): Promise<void> {
  const order = world.stock.orders.get(REFS[command.ref] ?? '');
  const form = await formOf(world, command.ref, command);
  const answer = await cancelOrder(world.context, { ...form, reason: 'Changed their mind' });
  if (order === undefined || command.stranger) {
    expect(answer).toMatchObject({ code: 'not_found' });
  } else if (order.status === 'cancelled') {
    expect(answer).toEqual({ status: 'duplicate' });
  } else if (order.status === 'shipped' || order.lines.some(({ shipped }) => shipped > 0)) {
    expect(answer).toMatchObject({ code: 'conflict' });
  } else {
    expect(answer).toEqual({ status: 'done' });
    order.cancel = 'pending';
    for (const item of planOrder(world.stock, order, () => 0).freed) world.woken.add(item);
  }
}

async function hold(world: AllocationWorld, command: Of<'hold'> | Of<'lift'>): Promise<void> {
  const order = world.stock.orders.get(REFS[command.ref] ?? '');
  const form = await formOf(world, command.ref, command);
  const sets = command.kind === 'hold';
  const answer = sets
    ? await holdOrder(world.context, { ...form, reason: 'merchant', note: null })
    : await releaseHold(world.context, { ...form, holdId: null });
  if (order === undefined || command.stranger) {
    expect(answer).toMatchObject({ code: 'not_found' });
    return;
  }
  const over = order.status === 'cancelled' || order.status === 'shipped';
  if (order.held === sets || (sets && over)) {
    expect(answer).toMatchObject({ code: 'conflict' });
    return;
  }
  expect(answer).toEqual({ status: 'done' });
  order.held = sets;
}

async function adjust(world: AllocationWorld, { item, at, change }: Of<'stock'>): Promise<void> {
  const { context, shops, stock, woken } = world;
  if (change === 0) return;
  const row = stock.available[at] ?? [];
  const left = (row[item] ?? 0) + change;
  const answer = await adjustStock(context, {
    merchantId: shops.id,
    itemId: shops.items[item] ?? '',
    locationId: shops.places[at] ?? '',
    change,
    reason: change > 0 ? 'received' : 'lost',
    note: null,
    actor: STAFF,
    idempotencyKey: newId(),
  });
  if (left < 0) {
    expect(answer).toMatchObject({ code: 'conflict' });
    return;
  }
  expect(answer).toEqual({ status: 'done', available: left });
  row[item] = left;
  if (change > 0) woken.add(item);
}

async function switchPlace(world: AllocationWorld, command: Of<'switch'>): Promise<void> {
  const { context, shops, stock, woken } = world;
  const { at, on, withStock } = command;
  const place = stock.places[at];
  if (place === undefined) return;
  const answer = await setLocationActive(context, {
    merchantId: shops.id,
    locationId: shops.places[at] ?? '',
    actor: STAFF,
    active: on,
    withStock,
  });
  if (place.active !== on && !on) {
    const last = stock.places.every((other) => other === place || !other.active);
    const promised = [...stock.orders.values()].some(({ lines }) =>
      lines.some(({ promises }) => promises.some((one) => one.at === at && one.quantity > 0)),
    );
    const units = (stock.available[at] ?? []).some((count) => count > 0);
    if (last || promised || (units && !withStock)) {
      expect(answer).toMatchObject({ code: 'conflict' });
      return;
    }
  }
  expect(answer).toEqual({ status: 'done' });
  if (on && !place.active) wakeAt(stock, [at], woken);
  place.active = on;
}

async function makeKit(world: AllocationWorld, { units }: Of<'recipe'>): Promise<void> {
  const { context, shops } = world;
  const answer = await setKit(context, {
    merchantId: shops.id,
    itemId: shops.items[2] ?? '',
    parts: units.flatMap((quantity, item) =>
      quantity === 0 ? [] : [{ itemId: shops.items[item] ?? '', quantity }],
    ),
    writeOff: false,
    actor: STAFF,
  });
  expect(answer).toEqual({ status: 'done' });
  world.recipe = units;
}

/** Whoever waits for what lies there is woken. */
function wakeAt(stock: Stock, places: readonly number[], woken: Set<number>): void {
  for (const at of places) {
    stock.available[at]?.forEach((units, item) => {
      if (units > 0) woken.add(item);
    });
  }
}

async function feed(world: AllocationWorld, { places }: Of<'feed'>): Promise<void> {
  const { context, shops, stock, woken } = world;
  const answer = await setPolicy(context, {
    merchantId: shops.id,
    connectionId: shops.connections.outlet,
    actor: STAFF,
    policy: { ...OPEN_POLICY, brakePercent: 30 },
    locationIds: places.map((at) => shops.places[at] ?? ''),
    previewed: true,
  });
  const active = places.filter((at) => stock.places[at]?.active === true);
  if (active.length === 0 || active.length < places.length) {
    expect(answer).toMatchObject({ code: active.length === 0 ? 'validation' : 'not_found' });
    return;
  }
  expect(answer).toEqual({ status: 'done' });
  const added = places.filter((at) => stock.places[at]?.feeds.has('outlet') === false);
  SITES.forEach((_, at) => {
    if (places.includes(at)) stock.places[at]?.feeds.add('outlet');
    else stock.places[at]?.feeds.delete('outlet');
  });
  wakeAt(stock, added, woken);
}
