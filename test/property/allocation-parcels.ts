/** Parcels that leave from the work of a place: all of it, or some units of one promise. */
import { expect } from 'vitest';
import {
  type ShipFulfillmentOrder,
  shipFulfillmentOrder,
} from '../../app/operations/fulfillment/ship-fulfillment-order';
import { newId } from '../../app/platform/ids';
import type { AllocationCommand } from './allocation-commands';
import { type Order, type Promised, settle } from './allocation-model';
import { type AllocationWorld, STAFF } from './allocation-world-in-play';

type Work = { readonly order: Order; readonly at: number };

export function playParcels(world: AllocationWorld) {
  let last: ShipFulfillmentOrder | null = null;

  return {
    async ship(command: Extract<AllocationCommand, { kind: 'ship' }>): Promise<void> {
      const { context, shops, stranger } = world;
      const works = openWork(world);
      const work = works[command.pick % Math.max(1, works.length)];
      if (work === undefined) return;
      const rows = await readWork(world, work);
      const picked = rows[command.pick % rows.length];
      if (picked === undefined) throw new Error('Open work has nothing promised.');
      const { units } = command;
      const input: ShipFulfillmentOrder = {
        merchantId: command.stranger ? stranger.id : shops.id,
        fulfillmentOrderId: picked.workId,
        lines: units === null ? null : [{ allocationId: picked.allocationId, quantity: units }],
        tracking: { company: null, number: null, url: null },
        notifyCustomer: false,
        actor: STAFF,
        idempotencyKey: newId(),
      };
      const answer = await shipFulfillmentOrder(context, input);
      if (command.stranger) {
        expect(answer).toMatchObject({ code: 'not_found' });
        return;
      }
      if (work.order.held || (units !== null && units > picked.promise.quantity)) {
        expect(answer).toMatchObject({ code: 'conflict' });
        return;
      }
      expect(answer).toMatchObject({ status: 'done' });
      last = input;
      const leaving = units === null ? rows : [picked];
      for (const { promise, line } of leaving) leave(promise, line, units ?? promise.quantity);
    },

    /** The same form sent twice ships once. */
    async shipAgain(): Promise<void> {
      if (last === null) return;
      const answer = await shipFulfillmentOrder(world.context, last);
      expect(answer).toMatchObject({ status: 'duplicate' });
    },
  };

  function leave(promise: Promised, line: Order['lines'][number], units: number): void {
    promise.quantity -= units;
    promise.shipped += units;
    line.shipped += units;
    const item = line.item ?? 0;
    world.stock.gone[item] = (world.stock.gone[item] ?? 0) + units;
    const order = [...world.stock.orders.values()].find(({ lines }) => lines.includes(line));
    if (order !== undefined) settle(order);
  }
}

/** Orders with something promised at a place, one entry a place. */
function openWork({ stock }: AllocationWorld): Work[] {
  return [...stock.orders.values()].flatMap((order) =>
    stock.places.flatMap((_, at) =>
      order.lines.some(({ promises }) => promises.some((one) => one.at === at && one.quantity > 0))
        ? [{ order, at }]
        : [],
    ),
  );
}

/** The promises of open work, in the database and in the model, both oldest first. */
async function readWork({ db, shops }: AllocationWorld, { order, at }: Work) {
  const { rows } = await db.query<{ workId: string; allocationId: string; name: string }>(
    `SELECT f.id AS "workId", a.id AS "allocationId",
        CASE WHEN l.parent_line_id IS NULL THEN l.sku ELSE 'KIT.' || l.sku END AS name
       FROM fulfillment_order f JOIN customer_order o ON o.id = f.order_id
       JOIN allocation a ON a.fulfillment_order_id = f.id
       JOIN order_line l ON l.id = a.order_line_id
      WHERE o.merchant_id = $1 AND o.external_ref = $2 AND f.location_id = $3
        AND f.status = 'open' AND a.quantity > 0 ORDER BY a.id`,
    [shops.id, order.ref, shops.places[at]],
  );
  return rows.map((row, index) => {
    const line = order.lines.find(({ name }) => name === row.name);
    const earlier = rows.slice(0, index).filter(({ name }) => name === row.name).length;
    const promise = line?.promises.filter((one) => one.at === at && one.quantity > 0)[earlier];
    if (line === undefined || promise === undefined) throw new Error('A promise is unknown.');
    return { ...row, line, promise };
  });
}
