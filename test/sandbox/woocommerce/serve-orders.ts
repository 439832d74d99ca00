import type { SandboxReply, SandboxRequest } from '../core';
import { listPage } from './collections';
import {
  fulfillmentBody,
  listedRefundBody,
  noteBody,
  orderBody,
  orderTotalMinor,
  refundBody,
} from './order-bodies';
import { invalidId, invalidParam, noRoute, refuse, reply } from './replies';
import type { Body } from './replies';
import { isBody, listOf, textOf } from './serve-products';
import { metaValue, minorOf, nowOf, putMeta, takeMetaId } from './state';
import type { Fulfillment, Order, StoreState } from './state';
import {
  deleteOrder,
  editLine,
  placeOrder,
  refundOrder,
  saveOrder,
  setOrderStatus,
  trashOrder,
} from './take-orders';

export const ORDER_STATUSES: Readonly<Record<string, string>> = {
  pending: 'Pending payment',
  processing: 'Processing',
  'on-hold': 'On hold',
  completed: 'Completed',
  cancelled: 'Cancelled',
  refunded: 'Refunded',
  failed: 'Failed',
  'checkout-draft': 'Draft',
};

/** "any" is everything but the trash; any other status has to be one the store knows. */
export function listOrders(state: StoreState, request: SandboxRequest): SandboxReply {
  const statuses = (request.query.get('status') ?? 'any').split(',');
  const odd = statuses.find(
    (status) => !['any', 'trash'].includes(status) && !ORDER_STATUSES[status],
  );
  if (odd !== undefined) return invalidParam('status', `status[0] is not one of any, trash, …`);
  const any = statuses.includes('any');
  const all = [...state.orders.values()].filter((order) =>
    any ? order.status !== 'trash' : statuses.includes(order.status),
  );
  return listPage(state, request, all, (order) => orderBody(state, order));
}

/** Finds the order or says the same as a real store does. */
export function withOrder(
  state: StoreState,
  id: number,
  act: (order: Order) => SandboxReply,
): SandboxReply {
  const order = state.orders.get(id);
  return order ? act(order) : invalidId('woocommerce_rest_shop_order_invalid_id');
}

/** Neither stock nor the existence of a product is checked for an order made by REST. */
export function createOrder(state: StoreState, body: Body): SandboxReply {
  const paid = body['set_paid'] === true;
  const billing = isBody(body['billing']) ? body['billing'] : {};
  const shippingLine = listOf(body['shipping_lines'])[0];
  const known = listOf(body['line_items']).map((line) => ({
    productId: idOf(line['variation_id']) || idOf(line['product_id']),
    quantity: Math.trunc(Number(line['quantity'] ?? 1)),
  }));
  const order = placeOrder(state, {
    lines: known.filter((line) => state.products.has(line.productId)),
    email: textOf(billing['email']),
    status: paid ? 'processing' : textOf(body['status']) || 'pending',
    createdVia: 'rest-api',
    paymentMethod: {
      id: textOf(body['payment_method']),
      title: textOf(body['payment_method_title']),
    },
    shipping: shippingLine
      ? {
          title: textOf(shippingLine['method_title']),
          totalMinor: minorOf(state, textOf(shippingLine['total'])),
        }
      : null,
    evenIfSoldOut: true,
  });
  order.billing = { ...order.billing, ...textFields(billing) };
  order.shipping = { ...order.shipping, ...textFields(body['shipping']) };
  return reply(201, orderBody(state, order));
}

function textFields(value: unknown): Record<string, string> {
  const entries = Object.entries(isBody(value) ? value : {});
  return Object.fromEntries(entries.map(([name, text]) => [name, textOf(text)]));
}

export function updateOrder(state: StoreState, order: Order, body: Body): SandboxReply {
  const status = textOf(body['status']).replace(/^wc-/, '');
  if (status !== '' && !ORDER_STATUSES[status]) {
    return invalidParam('status', 'status is not one of pending, processing, …');
  }
  for (const meta of listOf(body['meta_data'])) {
    putMeta(state, order.meta, textOf(meta['key']), meta['value']);
  }
  for (const line of listOf(body['line_items'])) {
    editLine(state, order, idOf(line['id']), Math.trunc(Number(line['quantity'])));
  }
  if (typeof body['customer_note'] === 'string') order.customerNote = body['customer_note'];
  setOrderStatus(state, order, status === '' ? order.status : status);
  return reply(200, orderBody(state, order));
}

export function removeOrder(state: StoreState, order: Order, force: boolean): SandboxReply {
  const body = orderBody(state, order);
  if (force) deleteOrder(state, order);
  else trashOrder(state, order);
  return reply(200, body);
}

export function listRefunds(
  state: StoreState,
  request: SandboxRequest,
  order: Order,
): SandboxReply {
  return listPage(state, request, order.refunds, (refund) =>
    listedRefundBody(state, order, refund),
  );
}

export function createRefund(state: StoreState, order: Order, body: Body): SandboxReply {
  const amountMinor = minorOf(state, textOf(body['amount']));
  const before = order.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0);
  if (amountMinor <= 0 || before + amountMinor > orderTotalMinor(order)) {
    return refuse('woocommerce_rest_invalid_order_refund', 'Refund amount is invalid.', 400);
  }
  const refund = refundOrder(state, order, {
    amountMinor,
    reason: textOf(body['reason']),
    restock: body['api_restock'] !== false,
    lines: listOf(body['line_items']).map((line) => ({
      lineId: idOf(line['id']),
      quantity: Math.trunc(Number(line['quantity'])),
      totalMinor: minorOf(state, textOf(line['refund_total'])),
    })),
  });
  return reply(201, refundBody(state, order, refund));
}

export function listNotes(state: StoreState, order: Order, type: string | null): SandboxReply {
  const chosen = order.notes.filter((note) => {
    if (type === 'customer') return note.toCustomer;
    return type !== 'internal' || !note.toCustomer;
  });
  return reply(
    200,
    [...chosen].reverse().map((note) => noteBody(state, order, note)),
  );
}

export function createNote(state: StoreState, order: Order, body: Body): SandboxReply {
  const text = textOf(body['note']);
  if (text === '') return invalidParam('note', 'note is required.');
  const toCustomer = body['customer_note'] === true;
  const id = (state.nextNoteId += 1);
  const note = { id, author: 'WooCommerce', createdAt: nowOf(state), text, toCustomer };
  order.notes.push(note);
  return reply(201, noteBody(state, order, note));
}

export function listFulfillments(state: StoreState, order: Order): SandboxReply {
  if (!state.features.fulfillments) return noRoute();
  const list = order.fulfillments.map((fulfillment) => fulfillmentBody(order, fulfillment));
  return reply(200, state.features.fulfillmentsWrapped ? { fulfillments: list } : list);
}

/** Takes any quantity for any line, as often as it is sent: that is how the real one is, too. */
export function createFulfillment(state: StoreState, order: Order, body: Body): SandboxReply {
  if (!state.features.fulfillments) return noRoute();
  const items = listOf(body['meta_data']).find((meta) => meta['key'] === '_items');
  const list = listOf(items?.['value']);
  if (
    list.length === 0 ||
    !list.every((item) => isCount(item['item_id']) && isCount(item['qty']))
  ) {
    return refuse('woocommerce_fulfillment_error', 'The fulfillment should contain items.', 400);
  }
  const fulfillment: Fulfillment = {
    id: (state.nextFulfillmentId += 1),
    isFulfilled: body['is_fulfilled'] === true,
    status: textOf(body['status']),
    updatedAt: nowOf(state),
    meta: [],
  };
  for (const meta of listOf(body['meta_data'])) {
    putMeta(state, fulfillment.meta, textOf(meta['key']), meta['value']);
  }
  if (fulfillment.isFulfilled) {
    const value = nowOf(state).toISOString().slice(0, 19).replace('T', ' ');
    fulfillment.meta.push({ key: '_date_fulfilled', value, id: takeMetaId(state) });
  }
  order.fulfillments.push(fulfillment);
  const sent = fulfilledUnits(order);
  const all = order.lines.every((line) => (sent.get(line.id) ?? 0) >= line.quantity);
  putMeta(state, order.meta, '_fulfillment_status', all ? 'fulfilled' : 'partially_fulfilled');
  saveOrder(state, order);
  return reply(201, fulfillmentBody(order, fulfillment));
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0;

/** Units per line id that the fulfillments of an order add up to. */
export function fulfilledUnits(order: Order): Map<number, number> {
  const sums = new Map<number, number>();
  for (const fulfillment of order.fulfillments.filter((entry) => entry.isFulfilled)) {
    for (const item of listOf(metaValue(fulfillment.meta, '_items'))) {
      const line = idOf(item['item_id']);
      sums.set(line, (sums.get(line) ?? 0) + Number(item['qty']));
    }
  }
  return sums;
}

const TRACKINGS_META = '_wc_shipment_tracking_items';

export function listTrackings(state: StoreState, order: Order): SandboxReply {
  if (!state.features.shipmentTracking) return noRoute();
  return reply(200, listOf(metaValue(order.meta, TRACKINGS_META)).map(trackingBody));
}

export function createTracking(state: StoreState, order: Order, body: Body): SandboxReply {
  if (!state.features.shipmentTracking) return noRoute();
  if (textOf(body['tracking_number']) === '') {
    return invalidParam('tracking_number', 'tracking_number is required.');
  }
  const entry = {
    tracking_provider: textOf(body['tracking_provider']),
    custom_tracking_provider: textOf(body['custom_tracking_provider']),
    custom_tracking_link: textOf(body['custom_tracking_link']),
    tracking_number: textOf(body['tracking_number']),
    tracking_product_code: '',
    date_shipped: String(Math.floor(Date.parse(textOf(body['date_shipped'])) / 1000)),
    tracking_id: state.random.hex(32),
  };
  const entries = [...listOf(metaValue(order.meta, TRACKINGS_META)), entry];
  putMeta(state, order.meta, TRACKINGS_META, entries);
  saveOrder(state, order);
  return reply(201, trackingBody(entry));
}

function trackingBody(entry: Body): Body {
  return {
    tracking_id: entry['tracking_id'],
    tracking_provider: textOf(entry['tracking_provider']) || entry['custom_tracking_provider'],
    tracking_link: entry['custom_tracking_link'],
    tracking_number: entry['tracking_number'],
    date_shipped: new Date(Number(entry['date_shipped']) * 1000).toISOString().slice(0, 10),
  };
}

function idOf(value: unknown): number {
  const id = Number.parseInt(textOf(value), 10);
  return Number.isInteger(id) ? id : 0;
}
