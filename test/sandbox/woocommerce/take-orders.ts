import type { SandboxAddress } from '../core';
import { announceOrder } from './announce';
import { orderTotalMinor } from './order-bodies';
import { fullName } from './product-bodies';
import { metaValue, minorOf, must, nowOf, putMeta, takeMetaId, takePostId } from './state';
import type { Order, OrderAddress, OrderLine, Product, StoreState } from './state';
import { stockHolder } from './stock-facts';
import {
  changeStatus,
  lineProduct,
  moveQuantity,
  reduceLine,
  reducedUnits,
  restockedUnits,
  setReduced,
} from './stock-rules';

/** The checkout's refusal: "woocommerce_rest_product_partially_out_of_stock". */
export class SoldOutError extends Error {}

export type PlaceOrderInput = {
  /** By product or variation id, or by SKU. */
  lines: { productId?: number; sku?: string; quantity: number }[];
  address?: SandboxAddress | null;
  email?: string;
  /** Default "processing", as after a card payment. */
  status?: string;
  createdVia?: 'store-api' | 'rest-api' | 'checkout';
  paymentMethod?: { id: string; title: string };
  shipping?: { title: string; totalMinor: number } | null;
  customerNote?: string;
  /** Two buyers at the same instant, or an order typed in: takes it although it is sold out. */
  evenIfSoldOut?: boolean;
  /** When it was placed, for past orders: no webhook, no stock is touched. */
  placedAt?: Date;
};

const NO_ADDRESS: OrderAddress = {
  first_name: '',
  last_name: '',
  company: '',
  address_1: '',
  address_2: '',
  city: '',
  state: '',
  postcode: '',
  country: '',
  phone: '',
};

/** Takes an order as the checkout does. Throws SoldOutError. */
export function placeOrder(state: StoreState, input: PlaceOrderInput): Order {
  if (input.evenIfSoldOut !== true && input.placedAt === undefined) refuseSoldOut(state, input);
  const order = blankOrder(state, input);
  state.orders.set(order.id, order);
  const status = input.status ?? 'processing';
  if (input.placedAt !== undefined) {
    order.status = status;
    order.stockReduced = ['processing', 'completed', 'on-hold'].includes(status);
    if (status !== 'on-hold' && status !== 'pending') order.paidAt = order.createdAt;
    if (status === 'completed') order.completedAt = order.createdAt;
    return order;
  }
  changeStatus(state, order, status);
  announceOrder(state, order, 'created');
  saveOrder(state, order);
  return order;
}

/** Every save bumps the date and raises `order.updated`, whatever was changed. */
export function saveOrder(state: StoreState, order: Order): void {
  order.modifiedAt = nowOf(state);
  announceOrder(state, order, 'updated');
}

function blankOrder(state: StoreState, input: PlaceOrderInput): Order {
  const createdAt = input.placedAt ?? nowOf(state);
  const address = input.address ? addressOf(input.address) : NO_ADDRESS;
  return {
    id: takePostId(state),
    status: 'pending',
    statusBeforeTrash: null,
    key: `wc_order_${state.random.hex(13)}`,
    billing: { ...address, email: input.email ?? '' },
    shipping: { ...address, phone: '' },
    createdVia: input.createdVia ?? 'store-api',
    paymentMethod: input.paymentMethod?.id ?? 'bacs',
    paymentMethodTitle: input.paymentMethod?.title ?? 'Bank',
    customerNote: input.customerNote ?? '',
    lines: input.lines.map((line) => newLine(state, findProduct(state, line), line.quantity)),
    shippingLine: input.shipping ? { id: (state.nextLineId += 1), ...input.shipping } : null,
    refunds: [],
    notes: [],
    fulfillments: [],
    meta: [],
    stockReduced: false,
    createdAt,
    modifiedAt: createdAt,
    completedAt: null,
    paidAt: null,
  };
}

export function newLine(state: StoreState, product: Product | null, quantity: number): OrderLine {
  const parent = product ? state.products.get(product.parentId) : undefined;
  const unitMinor = minorOf(state, product?.price ?? '0');
  return {
    id: (state.nextLineId += 1),
    name: product ? fullName(state, product) : 'Unknown',
    productId: parent?.id ?? product?.id ?? 0,
    variationId: parent && product ? product.id : 0,
    quantity,
    totalMinor: unitMinor * quantity,
    unitMinor,
    sku: product?.sku ?? '',
    globalUniqueId: product?.globalUniqueId ?? '',
    parentName: parent?.name ?? null,
    meta: (product?.parentId ? product.attributes : []).map((attribute) => ({
      id: takeMetaId(state),
      key: attribute.name.toLowerCase(),
      value: attribute.options[0] ?? '',
    })),
  };
}

function findProduct(state: StoreState, line: { productId?: number; sku?: string }): Product {
  if (line.productId !== undefined) return must(state.products, line.productId);
  for (const product of state.products.values()) if (product.sku === line.sku) return product;
  throw new Error(`no product with SKU ${line.sku ?? '(none)'}`);
}

function refuseSoldOut(state: StoreState, input: PlaceOrderInput): void {
  const wanted = new Map<number, number>();
  for (const line of input.lines) {
    const holder = stockHolder(state, findProduct(state, line));
    if (!holder || holder.backorders !== 'no') continue;
    wanted.set(holder.id, (wanted.get(holder.id) ?? 0) + line.quantity);
  }
  for (const [id, quantity] of wanted) {
    const holder = must(state.products, id);
    if ((holder.stockQuantity ?? 0) >= quantity) continue;
    throw new SoldOutError(`${holder.sku}: ${quantity} wanted, ${holder.stockQuantity} in stock`);
  }
}

export function addressOf(address: SandboxAddress): OrderAddress {
  return {
    first_name: address.firstName,
    last_name: address.lastName,
    company: address.company ?? '',
    address_1: address.address1,
    address_2: address.address2 ?? '',
    city: address.city,
    state: address.provinceCode,
    postcode: address.zip,
    country: address.countryCode,
    phone: address.phone ?? '',
  };
}

/** The trash keeps the order and takes back no stock; `order.deleted` tells of it. */
export function trashOrder(state: StoreState, order: Order): void {
  if (order.status === 'trash') return;
  order.statusBeforeTrash = order.status;
  order.status = 'trash';
  order.modifiedAt = nowOf(state);
  announceOrder(state, order, 'deleted');
}

export function restoreFromTrash(state: StoreState, order: Order): void {
  if (order.status !== 'trash') return;
  order.status = order.statusBeforeTrash ?? 'pending';
  order.statusBeforeTrash = null;
  order.modifiedAt = nowOf(state);
  announceOrder(state, order, 'restored');
}

/** Gone at once and without a word: deliveries still waiting will carry an error object. */
export function deleteOrder(state: StoreState, order: Order): void {
  state.orders.delete(order.id);
}

/** A merchant changes how many of a line were ordered; 0 removes the line. */
export function editLine(state: StoreState, order: Order, lineId: number, quantity: number): void {
  const line = order.lines.find((candidate) => candidate.id === lineId);
  if (!line) return;
  if (order.stockReduced && order.status !== 'refunded') {
    const taken = reducedUnits(line) + (quantity === 0 ? 0 : restockedUnits(line));
    reduceLine(state, line, quantity - taken, `order ${order.id} edited`);
  }
  line.quantity = quantity;
  line.totalMinor = line.unitMinor * quantity;
  if (quantity === 0) order.lines = order.lines.filter((candidate) => candidate !== line);
}

export type RefundInput = {
  lines: { lineId: number; quantity: number; totalMinor?: number }[];
  /** Default: the sum of the lines. */
  amountMinor?: number;
  reason?: string;
  /**
   * Put the units back into stock. `later`: the store waits for the payment gateway, and does so
   * when `restockRefund` is called.
   */
  restock?: boolean | 'later';
};

export function refundOrder(state: StoreState, order: Order, input: RefundInput) {
  const lines = input.lines.flatMap(({ lineId, quantity, totalMinor }) => {
    const line = order.lines.find((candidate) => candidate.id === lineId);
    if (!line) return [];
    const total = totalMinor ?? line.unitMinor * quantity;
    return [
      {
        line,
        quantity,
        totalMinor: total,
        lineId: (state.nextLineId += 1),
        metaId: takeMetaId(state),
      },
    ];
  });
  const sum = lines.reduce((total, entry) => total + entry.totalMinor, 0);
  const amountMinor = input.amountMinor ?? sum;
  const before = order.refunds.reduce((total, refund) => total + refund.amountMinor, 0);
  const full = before + amountMinor >= orderTotalMinor(order);
  const refund = {
    id: takePostId(state),
    createdAt: nowOf(state),
    amountMinor,
    reason: input.reason ?? '',
    kind: full ? ('full' as const) : ('partial' as const),
    metaId: takeMetaId(state),
    lines,
  };
  order.refunds.unshift(refund);
  if (input.restock === undefined || input.restock === true)
    for (const entry of lines) restock(state, order, entry);
  if (full) order.status = 'refunded';
  saveOrder(state, order);
  return refund;
}

/**
 * What a store does once the gateway has paid a refund back: `wc_create_refund` saves the refund,
 * calls the gateway, and only then puts the units back and announces the order.
 */
export function restockRefund(state: StoreState, order: Order, refundId: number): void {
  const refund = order.refunds.find(({ id }) => id === refundId);
  for (const entry of refund?.lines ?? []) restock(state, order, entry);
  saveOrder(state, order);
}

function restock(
  state: StoreState,
  order: Order,
  entry: { line: OrderLine; quantity: number },
): void {
  const product = lineProduct(state, entry.line);
  const holder = product && stockHolder(state, product);
  if (!holder || metaValue(entry.line.meta, '_reduced_stock') === undefined) return;
  moveQuantity(state, holder, entry.quantity, `order ${order.id} refunded`);
  setReduced(state, entry.line, reducedUnits(entry.line) - entry.quantity);
  const restocked = restockedUnits(entry.line) + entry.quantity;
  putMeta(state, entry.line.meta, '_restock_refunded_items', String(restocked));
}

/** Moves an order to a status as the merchant or a payment would, and saves it. */
export function setOrderStatus(state: StoreState, order: Order, status: string): void {
  if (order.status === 'trash' && status !== 'trash') restoreFromTrash(state, order);
  if (order.status !== status) {
    changeStatus(state, order, status);
    addSystemNote(state, order, `Order status changed to ${status}.`);
  }
  saveOrder(state, order);
}

export function addSystemNote(state: StoreState, order: Order, text: string): void {
  order.notes.push({
    id: (state.nextNoteId += 1),
    author: 'WooCommerce',
    createdAt: nowOf(state),
    text,
    toCustomer: false,
  });
}
