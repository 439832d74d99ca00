/** Carries out the events of a plan, as buyers, merchants in their stores, and staff in ours. */
import { connectWooCommerce } from '../../../app/operations/connections/connect-woocommerce';
import { disconnectConnection } from '../../../app/operations/connections/disconnect';
import { installShop } from '../../../app/operations/connections/install-shop';
import { setPolicy } from '../../../app/operations/connections/set-policy';
import { shipFulfillmentOrder } from '../../../app/operations/fulfillment/ship-fulfillment-order';
import { cancelOrder } from '../../../app/operations/orders/cancel-order';
import { holdOrder } from '../../../app/operations/orders/hold-order';
import { releaseHold } from '../../../app/operations/orders/release-hold';
import { adjustStock } from '../../../app/operations/stock/adjust-stock';
import type { Wiring } from '../../../app/wiring.server';
import type { Event, Presses, StoreName } from './plan';
import type { SimWorld } from './world';
import { SHOP_DOMAIN } from './world';

export const STAFF = { kind: 'staff', id: 'staff-1' } as const;

const ADDRESS = {
  firstName: 'Kim',
  lastName: 'Doe',
  name: 'Kim Doe',
  company: '',
  address1: '1 Long Road',
  address2: '',
  city: 'Denver',
  province: 'Colorado',
  provinceCode: 'CO',
  zip: '80202',
  country: 'United States',
  countryCode: 'US',
  phone: '',
};

/** What the world knows of its merchant, and what has been agreed to so far. */
export type Merchant = {
  readonly merchantId: string;
  readonly shopifyId: string;
  readonly wooId: string;
  /** Units of each SKU that staff have added or taken, by forms that were answered or not. */
  readonly adjusted: { readonly sku: string; readonly key: string; readonly by: number }[];
  formsMade: number;
};

/** First visit: installs the app, connects the other store, and puts both live. */
export async function moveIn(world: SimWorld, wiring: Wiring): Promise<Merchant> {
  if (world.neighbor !== null) {
    await world.signIn(wiring, world.neighbor);
    await install(wiring, world.neighbor.domain);
  }
  await world.signIn(wiring);
  const shop = await install(wiring);
  const woo = await connect(world, wiring, shop.merchantId);
  return {
    merchantId: shop.merchantId,
    shopifyId: shop.connectionId,
    wooId: woo,
    adjusted: [],
    formsMade: 0,
  };
}

function install(wiring: Wiring, shop = SHOP_DOMAIN) {
  return installShop(wiring.ctx, {
    shop,
    name: 'Harbor Goods',
    currency: 'USD',
    timezone: 'UTC',
  });
}

async function connect(world: SimWorld, wiring: Wiring, merchantId: string): Promise<string> {
  const { consumerKey, consumerSecret, url } = world.woo;
  const answer = await connectWooCommerce(wiring.ctx, {
    merchantId,
    storeUrl: url,
    consumerKey,
    consumerSecret,
    actor: STAFF,
  });
  if (answer.status === 'done') return answer.connectionId;
  if (answer.code === 'conflict') return '';
  throw new Error(answer.message);
}

/** Does what the event says, or nothing where there is nothing to do it to. */
export async function carryOut(world: SimWorld, merchant: Merchant, event: Event): Promise<void> {
  const { shop, woo } = world;
  switch (event.kind) {
    case 'order':
      return placeOrder(world, event.store, event.lines, event.blind);
    case 'cancel in store':
      return attempt(() => cancelInStore(world, event.store, event.order));
    case 'edit in store':
      return attempt(() => editInShop(world, event.order, event.sku, event.by));
    case 'refund in store':
      return attempt(() => refundInStore(world, event.store, event.order, event.restock));
    case 'trash in store': {
      const order = nth([...woo.state.orders.values()], event.order);
      if (order === undefined) return;
      return attempt(() => (event.forGood ? woo.forceDelete(order.id) : woo.trash(order.id)));
    }
    case 'hold in store': {
      const work = nth([...shop.state.fulfillmentOrders.values()], event.order);
      if (work === undefined) return;
      return attempt(() => void shop.holdInAdmin(work.id));
    }
    case 'type stock in store':
      return attempt(() => typeStock(world, event));
    case 'expire tokens':
      return shop.expireTokens();
    case 'reinstall':
      return reinstall(world, event.awayMs);
    case 'reconnect':
      return reconnect(world, merchant, event.awayMs);
    default:
      return actInApp(world, merchant, event);
  }
}

/** The far side refuses what makes no sense there, as its own screens would. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // Nothing happened in the store, so nothing is to be heard of it.
  }
}

function nth<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length];
}

function placeOrder(
  { shop, woo }: SimWorld,
  store: StoreName,
  lines: { sku: string; quantity: number }[],
  evenIfSoldOut: boolean,
): void {
  attempt(() => {
    const buyer = { email: 'kim@example.com', lines, evenIfSoldOut };
    if (store === 'shopify') shop.placeOrder({ ...buyer, shippingAddress: ADDRESS });
    else woo.placeOrder({ ...buyer, address: ADDRESS });
  });
}

function cancelInStore({ shop, woo }: SimWorld, store: StoreName, index: number): void {
  if (store === 'shopify') {
    const order = nth([...shop.state.orders.values()], index);
    if (order !== undefined) shop.cancelOrder(order.id);
    return;
  }
  const order = nth([...woo.state.orders.values()], index);
  if (order !== undefined) woo.setStatus(order.id, 'cancelled');
}

function editInShop({ shop }: SimWorld, index: number, sku: string, by: number): void {
  const order = nth([...shop.state.orders.values()], index);
  if (order === undefined) return;
  const change = { sku, quantity: Math.abs(by) };
  shop.editOrder(order.id, by > 0 ? { add: [change] } : { remove: [change] });
}

function refundInStore(
  { shop, woo }: SimWorld,
  store: StoreName,
  index: number,
  restock: boolean,
): void {
  if (store === 'shopify') {
    const order = nth([...shop.state.orders.values()], index);
    const [line] = order?.lines ?? [];
    if (order === undefined || line === undefined) return;
    shop.refundInAdmin(order.id, { lines: [{ sku: line.sku, quantity: 1 }], restock });
    return;
  }
  const order = nth([...woo.state.orders.values()], index);
  const [line] = order?.lines ?? [];
  if (order === undefined || line === undefined) return;
  woo.refund(order.id, { lines: [{ lineId: line.id, quantity: 1 }], restock });
}

function typeStock(
  { shop, woo }: SimWorld,
  edit: { store: StoreName; sku: string; location: string; by: number },
): void {
  if (edit.store === 'shopify') {
    const now = shop.available(edit.sku, edit.location);
    shop.setAvailable(edit.sku, edit.location, Math.max(0, now + edit.by));
    return;
  }
  const product = [...woo.state.products.values()].find(({ sku }) => sku === edit.sku);
  if (product?.stockQuantity === null || product?.stockQuantity === undefined) return;
  woo.setStock(product.id, Math.max(0, product.stockQuantity + edit.by));
}

async function reinstall(world: SimWorld, awayMs: number): Promise<void> {
  const { shop } = world;
  if (!shop.state.installed) return;
  shop.uninstall();
  await pause(awayMs);
  shop.install();
  // They open the app again, and again if it did not answer.
  await untilDone(world, async (wiring) => {
    await world.signIn(wiring);
    await install(wiring);
  });
}

async function reconnect(world: SimWorld, merchant: Merchant, awayMs: number): Promise<void> {
  const { merchantId, wooId: connectionId } = merchant;
  await untilDone(world, async (wiring) => {
    await disconnectConnection(wiring.ctx, { merchantId, connectionId, actor: STAFF });
  });
  await pause(awayMs);
  await untilDone(world, async (wiring) => {
    await connect(world, wiring, merchantId);
  });
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

const PRESS_AGAIN_MS = 1_500;
const PRESSES_MAX = 40;
const LOOKS_MAX = 10;

/** A person who gets no answer, or an error, tries again. */
export async function untilDone<T>(
  world: SimWorld,
  work: (wiring: Wiring) => Promise<T>,
): Promise<T> {
  for (let press = 1; ; press += 1) {
    try {
      const answer = world.asStaff(work);
      if (answer !== null) return await answer;
    } catch (problem) {
      if (press >= PRESSES_MAX) throw problem;
    }
    if (press >= PRESSES_MAX) throw new Error('The app never answered.');
    await pause(PRESS_AGAIN_MS);
  }
}

function newForm(merchant: Merchant): string {
  merchant.formsMade += 1;
  return `form-${String(merchant.formsMade)}`;
}

/** A person who looks for something to do it to, and looks again. */
async function untilThere<T>(
  world: SimWorld,
  find: (wiring: Wiring) => Promise<T | null>,
): Promise<T | null> {
  for (let look = 1; look <= LOOKS_MAX; look += 1) {
    const found = await untilDone(world, find);
    if (found !== null) return found;
    await pause(PRESS_AGAIN_MS);
  }
  return null;
}

type Answer = { readonly status: string; readonly message?: string };

/** A form that has done its work says so as often as it is sent. */
async function pressAs(
  world: SimWorld,
  presses: Presses,
  send: () => Promise<Answer | null>,
): Promise<void> {
  const press = async (): Promise<Answer | null> => {
    const answer = await send();
    world.scheduler.note(`people: ${answer?.status ?? 'nothing to do'} ${answer?.message ?? ''}`);
    return answer;
  };
  if (presses === 'twice at once') {
    await Promise.all([press(), press()]);
    return;
  }
  const first = await press();
  if (presses === 'once') return;
  const again = await press();
  if (first?.status === 'done' && again?.status === 'refused') {
    throw new Error('It was done, and refused when it was sent again.');
  }
}

async function actInApp(world: SimWorld, merchant: Merchant, event: Event): Promise<void> {
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
