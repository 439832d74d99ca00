/** What staff do in the app. */
import { setPolicy } from '../../../app/operations/connections/set-policy';
import { shipFulfillmentOrder } from '../../../app/operations/fulfillment/ship-fulfillment-order';
import { cancelOrder } from '../../../app/operations/orders/cancel-order';
import { holdOrder } from '../../../app/operations/orders/hold-order';
import { releaseHold } from '../../../app/operations/orders/release-hold';
import { adjustStock } from '../../../app/operations/stock/adjust-stock';
import type { Wiring } from '../../../app/wiring.server';
import {
  type Answer,
  type Merchant,
  PRESS_AGAIN_MS,
  STAFF,
  newForm,
  nth,
  pause,
  pressAs,
  untilDone,
  untilThere,
} from './person';
import type { Event, Presses } from './plan';
import type { SimWorld } from './world';

export async function actInApp(world: SimWorld, merchant: Merchant, event: Event): Promise<void> {
  const { merchantId } = merchant;
  switch (event.kind) {
    case 'ship':
      return ship(world, merchant, event.pick, event.part, event.presses);
    case 'adjust':
      return adjust(world, merchant, event);
    case 'hold':
      return hold(world, merchant, event.pick, event.lift);
    case 'cancel': {
      const key = newForm(merchant);
      const order = await untilThere(world, (one) => pickOrder(one, merchantId, event.pick));
      if (order === null) return;
      return untilDone(world, async (wiring) => {
        const form = { merchantId, orderId: order, reason: 'Buyer', actor: STAFF };
        await cancelOrder(wiring.ctx, { ...form, idempotencyKey: key });
      });
    }
    case 'buffer':
      return untilDone(world, async (wiring) => {
        const policy = {
          bufferUnits: event.units,
          sharePercent: 100,
          capUnits: null,
          oversell: 'never' as const,
          brakePercent: 30,
        };
        const change = { merchantId, connectionId: merchant.wooId, actor: STAFF };
        await setPolicy(wiring.ctx, { ...change, policy, locationIds: null, previewed: true });
      });
    default:
      throw new Error(`Nobody does ${event.kind}.`);
  }
}

async function pickOrder(wiring: Wiring, merchantId: string, pick: number): Promise<string | null> {
  const { rows } = await wiring.db.query<{ id: string }>(
    `SELECT id FROM customer_order WHERE merchant_id = $1 ORDER BY placed_at, external_ref`,
    [merchantId],
  );
  return nth(rows, pick)?.id ?? null;
}

type Work = { id: string; lines: { allocationId: string; quantity: number }[] };

async function ship(
  world: SimWorld,
  merchant: Merchant,
  pick: number,
  part: boolean,
  presses: Presses,
): Promise<void> {
  const { merchantId } = merchant;
  const key = newForm(merchant);
  const work = await untilThere(world, async (wiring) => {
    const { rows } = await wiring.db.query<Work>(
      `SELECT f.id, json_agg(json_build_object('allocationId', a.id, 'quantity', a.quantity)
          ORDER BY a.created_at, a.item_id) AS lines
         FROM fulfillment_order f JOIN allocation a ON a.fulfillment_order_id = f.id
        WHERE f.merchant_id = $1 AND f.status = 'open' AND a.quantity > 0
        GROUP BY f.id ORDER BY min(a.created_at), f.location_id`,
      [merchantId],
    );
    return nth(rows, pick) ?? null;
  });
  if (work === null) return;
  const lines = part
    ? work.lines.slice(0, 1).map(({ allocationId }) => ({ allocationId, quantity: 1 }))
    : work.lines;
  const press = (): Promise<Answer> =>
    untilDone(world, (wiring) =>
      shipFulfillmentOrder(wiring.ctx, {
        merchantId,
        fulfillmentOrderId: work.id,
        lines,
        tracking: { company: 'UPS', number: `1Z-${key}`, url: null },
        notifyCustomer: true,
        actor: STAFF,
        idempotencyKey: key,
      }),
    );
  await pressAs(world, presses, press);
}

async function adjust(
  world: SimWorld,
  merchant: Merchant,
  event: { sku: string; location: string; by: number; presses: Presses },
): Promise<void> {
  const { merchantId } = merchant;
  const key = newForm(merchant);
  const press = (): Promise<Answer | null> =>
    untilDone(world, async (wiring) => {
      const place = await wiring.db.maybeOne<{ item: string; location: string }>(
        `SELECT i.id AS item, l.id AS location FROM item i, location l
          WHERE i.merchant_id = $1 AND l.merchant_id = $1 AND i.sku = $2 AND l.name = $3`,
        [merchantId, event.sku, event.location],
      );
      if (place === null) return null;
      const answer = await adjustStock(wiring.ctx, {
        merchantId,
        itemId: place.item,
        locationId: place.location,
        change: event.by,
        reason: 'found',
        note: null,
        actor: STAFF,
        idempotencyKey: key,
      });
      const known = merchant.adjusted.some((one) => one.key === key);
      if (answer.status === 'done' && !known) {
        merchant.adjusted.push({ sku: event.sku, key, by: event.by });
      }
      return answer;
    });
  await pressAs(world, event.presses, press);
}

async function hold(
  world: SimWorld,
  merchant: Merchant,
  pick: number,
  lift: boolean,
): Promise<void> {
  const { merchantId } = merchant;
  const key = newForm(merchant);
  const orderId = await untilThere(world, (wiring) => pickOrder(wiring, merchantId, pick));
  if (orderId === null) return;
  const form = { merchantId, orderId, actor: STAFF, idempotencyKey: key };
  await untilDone(world, (wiring) =>
    holdOrder(wiring.ctx, { ...form, reason: 'other', note: null }),
  );
  if (!lift) return;
  await pause(PRESS_AGAIN_MS);
  const release = { ...form, holdId: null, idempotencyKey: `${key}-lift` };
  await untilDone(world, (wiring) => releaseHold(wiring.ctx, release));
}
