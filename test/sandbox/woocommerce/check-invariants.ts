import { fulfilledUnits } from './serve-orders';
import { metaValue } from './state';
import type { Order, StoreState } from './state';

/** What is wrong with the store's own books, in a sentence each; empty when all is well. */
export function checkInvariants(state: StoreState): string[] {
  return [
    ...state.complaints,
    ...unexplainedStock(state),
    ...[...state.orders.values()].flatMap((order) => [...sentTooMuch(order), ...toldTwice(order)]),
    ...doubleWebhooks(state),
  ];
}

/** A number is the sum of everything that ever moved it. */
function unexplainedStock(state: StoreState): string[] {
  const sums = new Map<number, number>();
  for (const { productId, delta } of state.stockChanges) {
    sums.set(productId, (sums.get(productId) ?? 0) + delta);
  }
  return [...state.products.values()]
    .filter((product) => product.managesStock)
    .filter((product) => (product.stockQuantity ?? 0) !== (sums.get(product.id) ?? 0))
    .map((product) => {
      const sum = sums.get(product.id) ?? 0;
      return `${product.sku}: stock is ${product.stockQuantity}, its changes add up to ${sum}`;
    });
}

function sentTooMuch(order: Order): string[] {
  const sent = fulfilledUnits(order);
  return [...sent].flatMap(([lineId, units]) => {
    const ordered = order.lines.find((line) => line.id === lineId)?.quantity ?? 0;
    return units > ordered
      ? [`order ${order.id}: ${units} units of line ${lineId} sent, ${ordered} ordered`]
      : [];
  });
}

/** The same parcel shown twice, or the same note sent to the customer twice. */
function toldTwice(order: Order): string[] {
  const numbers = order.fulfillments
    .map((fulfillment) => metaValue(fulfillment.meta, '_tracking_number'))
    .filter((number): number is string => typeof number === 'string');
  const trackings = metaValue(order.meta, '_wc_shipment_tracking_items');
  if (Array.isArray(trackings)) {
    for (const entry of trackings as { tracking_number: string }[]) {
      numbers.push(`extension ${entry.tracking_number}`);
    }
  }
  const notes = order.notes.filter((note) => note.toCustomer).map((note) => `note ${note.text}`);
  return repeated([...numbers, ...notes]).map((what) => `order ${order.id}: told twice: ${what}`);
}

function doubleWebhooks(state: StoreState): string[] {
  const all = [...state.webhooks.values()].map(
    ({ topic, deliveryUrl }) => `${topic} ${deliveryUrl}`,
  );
  return repeated(all).map((what) => `two webhooks for ${what}`);
}

function repeated(list: readonly string[]): string[] {
  return [...new Set(list.filter((entry, index) => list.indexOf(entry) !== index))];
}
