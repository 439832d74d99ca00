export { createWooStore } from './store';
export type { NewProduct, WooStore, WooStoreOptions } from './store';
export { SoldOutError } from './take-orders';
export type { PlaceOrderInput, RefundInput } from './take-orders';
export type { Order, Product, Refund } from './state';
