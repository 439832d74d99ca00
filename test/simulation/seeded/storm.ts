/** Carries out the events of a plan, as buyers, merchants in their stores, and staff in ours. */
import { connectWooCommerce } from '../../../app/operations/connections/connect-woocommerce';
import { disconnectConnection } from '../../../app/operations/connections/disconnect';
import { installShop } from '../../../app/operations/connections/install-shop';
import type { Wiring } from '../../../app/wiring.server';
import { actInApp } from './act-in-app';
import { type Merchant, STAFF, nth, pause, untilDone } from './person';
import type { Event, StoreName } from './plan';
import { SHOP_DOMAIN, type SimWorld } from './world';

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
