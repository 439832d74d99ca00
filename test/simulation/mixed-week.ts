/** A week of everything that happens to a merchant, out of one seed, on both stores. */
import { shipFulfillmentOrder } from '../../app/operations/fulfillment/ship-fulfillment-order';
import { adjustStock } from '../../app/operations/stock/adjust-stock';
import { createRandom } from '../sandbox/core';
import { type MerchantWorld, STAFF } from '../support/merchant-world';

export const SKUS = ['TEE', 'MUG', 'BAG', 'CAP', 'SOAP'] as const;
/**
 * So much of everything that nothing runs short: then what happens does not depend on its order.
 */
export const PLENTY = { West: 400, East: 300, Outside: 200 } as const;

type Random = ReturnType<typeof createRandom>;
type Act = (world: MerchantWorld, random: Random) => void | Promise<void>;

const sku = (random: Random): string => random.pick(SKUS);
const units = (random: Random): number => random.integer(1, 4);

/** What the store has that the action can be done to; nothing of the kind: nothing happens. */
function openShopOrder(world: MerchantWorld, random: Random) {
  const open = [...world.shop.state.orders.values()].filter(
    (order) => order.cancelledAt === null && openWork(world, order.id) !== undefined,
  );
  return open.length === 0 ? null : random.pick(open);
}

function openWork(world: MerchantWorld, orderId: string) {
  return world.shop
    .fulfillmentOrders(orderId)
    .find(({ status, holds }) => status === 'OPEN' && holds.length === 0);
}

function wooOrder(world: MerchantWorld, random: Random, statuses: readonly string[]) {
  const fitting = [...world.woo.state.orders.values()].filter(({ status }) =>
    statuses.includes(status),
  );
  return fitting.length === 0 ? null : random.pick(fitting);
}

const buyOnShopify: Act = (world, random) => {
  const lines = [...new Set([sku(random), sku(random)])].map((one) => ({
    sku: one,
    quantity: units(random),
  }));
  world.shop.placeOrder({ lines });
};

const buyOnWoo: Act = (world, random) => {
  const wanted = sku(random);
  const product = [...world.woo.state.products.values()].find((one) => one.sku === wanted);
  world.woo.placeOrder({ lines: [{ productId: product?.id ?? 0, quantity: units(random) }] });
};

const editOnShopify: Act = (world, random) => {
  const order = openShopOrder(world, random);
  if (order === null) return;
  world.shop.editOrder(order.id, { note: `Note ${String(random.integer(1, 99))}`, tags: ['vip'] });
};

const refundOnShopify: Act = (world, random) => {
  const order = openShopOrder(world, random);
  const line = order?.lines.find(({ currentQuantity }) => currentQuantity > 0);
  if (!order || !line) return;
  world.shop.refundInAdmin(order.id, {
    lines: [{ sku: line.sku, quantity: 1 }],
    restock: true,
  });
};

const cancelOnShopify: Act = (world, random) => {
  const order = openShopOrder(world, random);
  if (order !== null && order.fulfillmentIds.length === 0) world.shop.cancelOrder(order.id);
};

const shipOnShopify: Act = (world, random) => {
  const order = openShopOrder(world, random);
  const work = order === null ? undefined : openWork(world, order.id);
  if (work !== undefined)
    world.shop.fulfillInAdmin(work.id, `1Z${String(random.integer(1e6, 9e6))}`);
};

const changeWooStatus =
  (from: readonly string[], to: string): Act =>
  (world, random) => {
    const order = wooOrder(world, random, from);
    if (order !== null) world.woo.setStatus(order.id, to);
  };

const trashOnWoo: Act = (world, random) => {
  const order = wooOrder(world, random, ['processing']);
  if (order !== null) world.woo.trash(order.id);
};

const editStockInStore: Act = (world, random) => {
  const wanted = sku(random);
  const product = [...world.woo.state.products.values()].find((one) => one.sku === wanted);
  world.woo.setStock(product?.id ?? 0, random.integer(1, 900));
};

const adjustHere: Act = async (world, random) => {
  await adjustStock(world.wiring.ctx, {
    merchantId: world.merchantId,
    itemId: await world.itemId(sku(random)),
    locationId: await world.locationId(random.pick(['West', 'East'])),
    change: random.pick([-3, 2, 5]),
    reason: 'received',
    note: null,
    idempotencyKey: `week:${random.hex(12)}`,
    actor: STAFF,
  });
};

/** Ships the oldest open work whole, the way a packer does. */
const shipHere: Act = async (world) => {
  const { rows } = await world.db.query<{ id: string; allocationId: string; quantity: number }>(
    `SELECT f.id, a.id AS "allocationId", a.quantity FROM allocation a
       JOIN (SELECT f.id FROM fulfillment_order f JOIN customer_order o ON o.id = f.order_id
         WHERE f.status = 'open' AND NOT o.held ORDER BY f.id LIMIT 1) f
         ON f.id = a.fulfillment_order_id WHERE a.quantity > 0`,
  );
  const [first] = rows;
  if (first === undefined) return;
  await shipFulfillmentOrder(world.wiring.ctx, {
    merchantId: world.merchantId,
    fulfillmentOrderId: first.id,
    lines: null,
    tracking: { company: 'UPS', number: `T${first.id.slice(-10)}`, url: null },
    notifyCustomer: false,
    idempotencyKey: `week:${first.id}`,
    actor: STAFF,
  });
};

/** How often each thing happens, in parts of the whole. */
const ACTS: readonly (readonly [number, Act])[] = [
  [8, buyOnShopify],
  [6, buyOnWoo],
  [2, editOnShopify],
  [2, refundOnShopify],
  [1, cancelOnShopify],
  [2, shipOnShopify],
  [1, changeWooStatus(['processing'], 'on-hold')],
  [1, changeWooStatus(['on-hold'], 'processing')],
  [1, changeWooStatus(['processing', 'on-hold'], 'cancelled')],
  [1, changeWooStatus(['processing'], 'failed')],
  [1, trashOnWoo],
  [1, editStockInStore],
  [3, adjustHere],
  [3, shipHere],
];

/** Lets `count` things happen, waiting now and then until all is quiet, as nights are. */
export async function liveThrough(
  world: MerchantWorld,
  seed: number,
  count: number,
): Promise<void> {
  const random = createRandom(seed);
  const drum = ACTS.flatMap(([parts, act]) => Array.from({ length: parts }, () => act));
  for (let done = 1; done <= count; done += 1) {
    await random.pick(drum)(world, random);
    if (done % 20 === 0) await world.settle();
  }
  await world.settle();
}
