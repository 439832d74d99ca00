import { announceProduct } from './announce';
import { stockHolder } from './stock-facts';
import { metaValue, nowOf } from './state';
import type { Order, OrderLine, Product, StoreState } from './state';

/** Sets a number; the same number again is a change to WooCommerce, too: date and event. */
export function setQuantity(
  state: StoreState,
  holder: Product,
  quantity: number,
  why: string,
): void {
  const delta = quantity - (holder.stockQuantity ?? 0);
  holder.stockQuantity = quantity;
  state.stockChanges.push({ productId: holder.id, delta, why });
  touchProduct(state, holder);
}

export function moveQuantity(state: StoreState, holder: Product, delta: number, why: string): void {
  setQuantity(state, holder, (holder.stockQuantity ?? 0) + delta, why);
}

export function touchProduct(state: StoreState, product: Product): void {
  product.modifiedAt = nowOf(state);
  announceProduct(state, product, 'updated');
}

export function lineProduct(state: StoreState, line: OrderLine): Product | null {
  return state.products.get(line.variationId > 0 ? line.variationId : line.productId) ?? null;
}

/** Units of a line that WooCommerce has taken, as its `_reduced_stock` meta tells. */
export function reducedUnits(line: OrderLine): number {
  const units = metaValue(line.meta, '_reduced_stock');
  return typeof units === 'string' ? Number.parseInt(units, 10) : 0;
}

/** Units of a line that refunds have put back, as its `_restock_refunded_items` meta tells. */
export function restockedUnits(line: OrderLine): number {
  const units = metaValue(line.meta, '_restock_refunded_items');
  return typeof units === 'string' ? Number.parseInt(units, 10) : 0;
}

/** Takes a line's units out of stock, below zero if need be: WooCommerce does so, too. */
export function reduceLine(state: StoreState, line: OrderLine, units: number, why: string): void {
  const product = lineProduct(state, line);
  const holder = product && stockHolder(state, product);
  if (!product || !holder || units === 0) return;
  moveQuantity(state, holder, -units, why);
  setReduced(state, line, reducedUnits(line) + units);
  if (units > 0) product.totalSales += units;
}

export function setReduced(state: StoreState, line: OrderLine, units: number): void {
  line.meta = line.meta.filter((meta) => meta.key !== '_reduced_stock');
  if (units <= 0) return;
  state.nextMetaId += 1;
  line.meta.push({ id: state.nextMetaId, key: '_reduced_stock', value: String(units) });
}

export function reduceOrder(state: StoreState, order: Order): void {
  if (order.stockReduced) return;
  order.stockReduced = true;
  for (const line of order.lines) reduceLine(state, line, line.quantity, `order ${order.id}`);
}

export function restoreOrder(state: StoreState, order: Order): void {
  if (!order.stockReduced) return;
  order.stockReduced = false;
  for (const line of order.lines) {
    reduceLine(state, line, -reducedUnits(line), `order ${order.id} ${order.status}`);
  }
}

const TAKES_STOCK = new Set(['processing', 'completed', 'on-hold']);
const GIVES_STOCK_BACK = new Set(['cancelled', 'pending']);

/**
 * Moves an order to a status with all that follows. Observed: stock is taken once; `cancelled`
 * and `pending` give it back; `failed`, the trash and a forced deletion do not.
 */
export function changeStatus(state: StoreState, order: Order, status: string): void {
  if (order.status === status) return;
  order.status = status;
  if (status === 'completed') order.completedAt ??= nowOf(state);
  if (status === 'completed' || status === 'processing') order.paidAt ??= nowOf(state);
  if (TAKES_STOCK.has(status)) reduceOrder(state, order);
  if (GIVES_STOCK_BACK.has(status)) restoreOrder(state, order);
}
