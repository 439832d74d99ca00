import type {
  ControlledItem,
  ControlledOrder,
  ControlledStore,
  Faults,
  Journal,
  WebhookSender,
} from '../core';
import { orderActions } from './order-actions';
import { levelsOf, setAvailable } from './stock';
import { must } from './state';
import type { Order } from './state';
import type { SandboxShop } from './shop';
import { orderFulfillmentStatus } from './webhook-bodies';

/** A simulated Shopify store as the control page and the traffic generator see it. */
export function controlledStore(
  shop: SandboxShop,
  parts: { faults: Faults; journal: Journal; sender: WebhookSender; adminUrl: string },
): ControlledStore {
  const { state } = shop;
  return {
    id: `shopify-${shop.handle}`,
    system: 'shopify',
    account: shop.domain,
    name: shop.name,
    adminUrl: parts.adminUrl,
    faults: parts.faults,
    journal: parts.journal,
    items: () =>
      [...state.variants.values()].map((variant): ControlledItem => {
        const title = must(state.products, variant.productId).title;
        return {
          id: variant.id,
          sku: variant.sku,
          title: variant.title === 'Default Title' ? title : `${title} - ${variant.title}`,
          stock: levelsOf(state, variant.itemId).map((level) => ({
            locationId: level.locationId,
            locationName: must(state.locations, level.locationId).name,
            available: level.quantities.available,
            committed: level.quantities.committed,
          })),
        };
      }),
    orders: (limit) =>
      [...state.orders.values()]
        .slice(-limit)
        .reverse()
        .map((order) => {
          const shown = toControlledOrder(order);
          const status = shown.status === 'open' ? waitsFor(shop, order) : shown.status;
          return { ...shown, status, actions: possible(shop, order) };
        }),
    placeOrder: (order) =>
      toControlledOrder(
        shop.placeOrder({
          lines: order.lines.map((line) => ({ variantId: line.itemId, quantity: line.quantity })),
          shippingAddress: order.address,
          email: order.email,
        }),
      ),
    cancelOrder(orderId) {
      shop.cancelOrder(orderId);
    },
    actOnOrder(orderId, action) {
      const order = must(state.orders, orderId);
      const run = orderActions(shop, order).find(({ id }) => id === action)?.run ?? null;
      if (run === null) throw new Error('That cannot happen to this order now.');
      return run();
    },
    setAvailable(itemId, locationId, quantity) {
      setAvailable(state, must(state.variants, itemId).itemId, locationId, quantity);
    },
    deliveries: (after) =>
      parts.sender.deliveries({
        account: shop.domain,
        ...(after === undefined ? {} : { after }),
      }),
    invariants: () => shop.invariants(),
  };
}

/** An open order in a word: some of its work may be held, or wait for its date. */
function waitsFor(shop: SandboxShop, order: Order): string {
  const statuses = new Set(shop.fulfillmentOrders(order.id).map(({ status }) => status));
  if (statuses.has('ON_HOLD')) return 'on hold';
  return statuses.has('SCHEDULED') ? 'scheduled' : 'open';
}

const possible = (shop: SandboxShop, order: Order): { id: string; label: string }[] =>
  orderActions(shop, order).flatMap(({ id, label, run }) => (run === null ? [] : [{ id, label }]));

function toControlledOrder(order: Order): ControlledOrder {
  const address = order.shippingAddress;
  const shipped = orderFulfillmentStatus(order);
  return {
    id: order.id,
    name: order.name,
    placedAt: order.createdAt,
    customer: address === null ? '(no name)' : `${address.firstName} ${address.lastName}`,
    units: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    status:
      order.cancelledAt !== null
        ? 'cancelled'
        : shipped === null
          ? 'open'
          : shipped === 'partial'
            ? 'partly shipped'
            : 'shipped',
    canCancel: order.cancelledAt === null && shipped === null,
  };
}
