import type { ControlledItem, ControlledOrder, ControlledStore } from '../core';
import { checkInvariants } from './check-invariants';
import { fullName } from './product-bodies';
import { must } from './state';
import type { Order, Product, StoreState } from './state';
import { stockHolder } from './stock-facts';
import { setQuantity } from './stock-rules';
import { placeOrder, setOrderStatus } from './take-orders';

/** The same store as the control page and the traffic generator handle it. */
export function controlStore(state: StoreState): ControlledStore {
  return {
    id: state.id,
    system: 'woocommerce',
    account: state.id,
    name: state.name,
    adminUrl: null,
    faults: state.faults,
    journal: state.journal,
    items: () =>
      [...state.products.values()]
        .filter((product) => product.type !== 'variable' && product.status === 'publish')
        .map((product) => itemOf(state, product)),
    orders: (limit) =>
      [...state.orders.values()]
        .reverse()
        .slice(0, limit)
        .map((order) => orderOf(order)),
    placeOrder: (order) =>
      orderOf(
        placeOrder(state, {
          lines: order.lines.map(({ itemId, quantity }) => ({
            productId: Number.parseInt(itemId, 10),
            quantity,
          })),
          address: order.address,
          email: order.email,
          shipping: { title: 'Flat rate', totalMinor: 500 },
        }),
      ),
    cancelOrder: (orderId) => {
      setOrderStatus(state, must(state.orders, Number.parseInt(orderId, 10)), 'cancelled');
    },
    setAvailable: (itemId, _locationId, available) => {
      const product = must(state.products, Number.parseInt(itemId, 10));
      const holder = stockHolder(state, product) ?? product;
      setQuantity(state, holder, available, 'typed in by the merchant');
    },
    deliveries: (after) =>
      state.sender.deliveries({ account: state.id, ...(after === undefined ? {} : { after }) }),
    invariants: () => checkInvariants(state),
  };
}

function itemOf(state: StoreState, product: Product): ControlledItem {
  const holder = stockHolder(state, product);
  return {
    id: String(product.id),
    sku: product.sku,
    title: fullName(state, product),
    stock:
      holder === null
        ? []
        : [
            {
              locationId: '',
              locationName: state.name,
              available: holder.stockQuantity ?? 0,
              committed: null,
            },
          ],
  };
}

function orderOf(order: Order): ControlledOrder {
  return {
    id: String(order.id),
    name: `#${order.id}`,
    placedAt: order.createdAt,
    customer: `${order.billing.first_name} ${order.billing.last_name}`.trim(),
    units: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    status: order.status,
    canCancel: ['pending', 'processing', 'on-hold'].includes(order.status),
  };
}
