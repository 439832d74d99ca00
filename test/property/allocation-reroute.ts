/** Open units that ship from elsewhere: where somebody wants them, or where the rules do. */
import { expect } from 'vitest';
import { previewReroute } from '../../app/operations/orders/preview-reroute';
import { rerouteOrder } from '../../app/operations/orders/reroute-order';
import { type AllocationCommand, REFS } from './allocation-commands';
import {
  type Line,
  type Need,
  type Order,
  type Promised,
  route,
  settle,
  shippingPlaces,
} from './allocation-model';
import { type AllocationWorld, formOf } from './allocation-world-in-play';

type Command = Extract<AllocationCommand, { kind: 'reroute' }>;
type Movable = { readonly line: Line; readonly promise: Promised };

export async function rerouted(world: AllocationWorld, command: Command): Promise<void> {
  const { context, shops, stock, db } = world;
  const order = stock.orders.get(REFS[command.ref] ?? '');
  const form = await formOf(world, command.ref, command);
  const from = command.part && order !== undefined ? firstWork(order) : null;
  const work =
    from === null
      ? null
      : await db.one<{ id: string }>(
          `SELECT id FROM fulfillment_order WHERE order_id = $1 AND location_id = $2
              AND status = 'open'`,
          [form.orderId, shops.places[from]],
        );
  const wish = {
    fulfillmentOrderId: work?.id ?? null,
    target:
      command.to === null
        ? ({ kind: 'rules' } as const)
        : ({ kind: 'location', locationId: shops.places[command.to] ?? '' } as const),
  };
  const preview = await previewReroute(context, { ...form, ...wish });
  const token = preview.status === 'done' && !command.stale ? preview.token : 'of an older look';
  const answer = await rerouteOrder(context, { ...form, ...wish, token });
  if (order === undefined || command.stranger) {
    expect([preview, answer]).toMatchObject([{ code: 'not_found' }, { code: 'not_found' }]);
    return;
  }
  const wanted = rerouteByModel(world, order, from, command);
  expect(answer).toMatchObject(wanted === 'done' ? { status: 'done' } : { code: wanted });
}

/** The first place where something of the order is promised. */
function firstWork({ lines }: Order): number | null {
  const places = lines.flatMap(({ promises }) =>
    promises.flatMap(({ at, quantity }) => (quantity > 0 ? [at] : [])),
  );
  return places.length === 0 ? null : Math.min(...places);
}

function rerouteByModel(
  { stock, woken }: AllocationWorld,
  order: Order,
  from: number | null,
  { to, stale }: Command,
): 'done' | 'conflict' {
  const units: Movable[] = order.lines.flatMap((line) =>
    line.promises
      .filter(({ at, quantity }) => quantity > 0 && (from === null || at === from))
      .map((promise) => ({ line, promise })),
  );
  if (order.status === 'cancelled' || order.held || units.length === 0) return 'conflict';
  const own = (at: number, item: number): number =>
    units.reduce((sum, { line, promise }) => {
      return sum + (promise.at === at && line.item === item ? promise.quantity : 0);
    }, 0);
  const lines = [...new Set(units.map(({ line }) => line))];
  const needs = lines.map((line): Need => {
    const quantity = units.reduce(
      (sum, one) => sum + (one.line === line ? one.promise.quantity : 0),
      0,
    );
    return { line, item: line.item ?? 0, quantity };
  });
  const { assigned, short } = route(
    needs,
    shippingPlaces(stock, order.channel).filter((at) => to === null || at === to),
    stock.places,
    (at, item) => (stock.available[at]?.[item] ?? 0) + own(at, item),
  );
  const moving = assigned.some(
    ({ line, at, quantity }) =>
      quantity >
      units.reduce((sum, one) => {
        return sum + (one.line === line && one.promise.at === at ? one.promise.quantity : 0);
      }, 0),
  );
  if (!moving && short === 0) return 'done';
  if (stale || short > 0) return 'conflict';
  for (const { line, promise } of units) {
    const there = assigned.find((one) => one.line === line && one.at === promise.at);
    const stays = Math.min(promise.quantity, there?.quantity ?? 0);
    if (there !== undefined) there.quantity -= stays;
    if (promise.quantity === stays) continue;
    change(promise.at, line.item ?? 0, promise.quantity - stays);
    promise.quantity = stays;
    woken.add(line.item ?? 0);
  }
  // What a line gets elsewhere is promised anew, line by line.
  for (const line of lines) {
    for (const { at, item, quantity } of assigned.filter((one) => one.line === line)) {
      if (quantity === 0) continue;
      change(at, item, -quantity);
      line.promises.push({ at, quantity, shipped: 0 });
    }
  }
  settle(order);
  return 'done';

  function change(at: number, item: number, count: number): void {
    const row = stock.available[at];
    if (row !== undefined) row[item] = (row[item] ?? 0) + count;
  }
}
