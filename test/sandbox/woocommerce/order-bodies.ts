import { links } from './product-bodies';
import { wordpressDate } from './replies';
import type { Body } from './replies';
import { amount } from './state';
import type { Fulfillment, Meta, Note, Order, OrderLine, Refund, StoreState } from './state';

const EDITABLE = new Set(['pending', 'on-hold', 'auto-draft']);
const UNPAID = new Set(['pending', 'failed']);
const SYMBOLS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£' };

export function orderTotalMinor(order: Order): number {
  const goods = order.lines.reduce((sum, line) => sum + line.totalMinor, 0);
  return goods + (order.shippingLine?.totalMinor ?? 0);
}

export function orderBody(state: StoreState, order: Order): Body {
  const dates = {
    created: wordpressDate(order.createdAt),
    modified: wordpressDate(order.modifiedAt),
    completed: wordpressDate(order.completedAt),
    paid: wordpressDate(order.paidAt),
  };
  const pay = `${state.url}/checkout/order-pay/${order.id}/?pay_for_order=true&key=${order.key}`;
  return {
    id: order.id,
    parent_id: 0,
    status: order.status,
    currency: state.currency,
    version: '10.5.0',
    prices_include_tax: false,
    date_created: dates.created,
    date_modified: dates.modified,
    discount_total: amount(state, 0),
    discount_tax: amount(state, 0),
    shipping_total: amount(state, order.shippingLine?.totalMinor ?? 0),
    shipping_tax: amount(state, 0),
    cart_tax: amount(state, 0),
    total: amount(state, orderTotalMinor(order)),
    total_tax: amount(state, 0),
    customer_id: 0,
    order_key: order.key,
    billing: billingBody(order),
    shipping: order.shipping,
    payment_method: order.paymentMethod,
    payment_method_title: order.paymentMethodTitle,
    transaction_id: '',
    customer_ip_address: '',
    customer_user_agent: '',
    created_via: order.createdVia,
    customer_note: order.customerNote,
    date_completed: dates.completed,
    date_paid: dates.paid,
    cart_hash: '',
    number: String(order.id),
    meta_data: order.meta,
    line_items: order.lines.map((line) => lineBody(state, line)),
    tax_lines: [],
    shipping_lines: shippingLines(state, order),
    fee_lines: [],
    coupon_lines: [],
    refunds: order.refunds.map((refund) => ({
      id: refund.id,
      reason: refund.reason,
      total: `-${amount(state, refund.amountMinor)}`,
    })),
    payment_url: pay,
    is_editable: EDITABLE.has(order.status),
    needs_payment: UNPAID.has(order.status) && orderTotalMinor(order) > 0,
    needs_processing: true,
    date_created_gmt: dates.created,
    date_modified_gmt: dates.modified,
    date_completed_gmt: dates.completed,
    date_paid_gmt: dates.paid,
    currency_symbol: SYMBOLS[state.currency] ?? state.currency,
    _links: orderLinks(state, order),
  };
}

/** The e-mail stands before the telephone. */
function billingBody(order: Order): Body {
  const { phone, email, ...rest } = order.billing;
  return { ...rest, email, phone };
}

function orderLinks(state: StoreState, order: Order): Body {
  const self = `orders/${order.id}`;
  const href = `${state.url}/wp-json/wc/v3/${self}/actions/email_templates`;
  return { ...links(state, self, 'orders'), email_templates: [{ embeddable: true, href }] };
}

function shippingLines(state: StoreState, order: Order): Body[] {
  if (!order.shippingLine) return [];
  return [
    {
      id: order.shippingLine.id,
      method_title: order.shippingLine.title,
      method_id: 'flat_rate',
      instance_id: '',
      total: amount(state, order.shippingLine.totalMinor),
      total_tax: amount(state, 0),
      taxes: [],
      tax_status: 'taxable',
      meta_data: [],
    },
  ];
}

const displayed = (meta: Meta): Body => ({
  id: meta.id,
  key: meta.key,
  value: meta.value,
  display_key: meta.key.startsWith('_') ? meta.key : capitalized(meta.key),
  display_value: meta.value,
});

const capitalized = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function lineBody(state: StoreState, line: OrderLine): Body {
  const total = amount(state, line.totalMinor);
  return {
    id: line.id,
    name: line.name,
    product_id: line.productId,
    variation_id: line.variationId,
    quantity: line.quantity,
    tax_class: '',
    subtotal: total,
    subtotal_tax: amount(state, 0),
    total,
    total_tax: amount(state, 0),
    taxes: [],
    meta_data: line.meta.map(displayed),
    sku: line.sku,
    global_unique_id: line.globalUniqueId,
    price: Number.parseFloat(amount(state, line.unitMinor)),
    image: { id: line.variationId > 0 ? 0 : '', src: '' },
    parent_name: line.parentName,
  };
}

export function refundBody(state: StoreState, order: Order, refund: Refund): Body {
  const self = `orders/${order.id}/refunds/${refund.id}`;
  return {
    id: refund.id,
    date_created: wordpressDate(refund.createdAt),
    date_created_gmt: wordpressDate(refund.createdAt),
    amount: amount(state, refund.amountMinor),
    reason: refund.reason,
    refunded_by: 1,
    refunded_payment: false,
    meta_data: [{ id: refund.metaId, key: '_refund_type', value: refund.kind }],
    line_items: refund.lines.map((entry) => {
      const meta = { id: entry.metaId, key: '_refunded_item_id', value: String(entry.line.id) };
      const total = `-${amount(state, entry.totalMinor)}`;
      return {
        ...lineBody(state, entry.line),
        id: entry.lineId,
        quantity: -entry.quantity,
        subtotal: total,
        total,
        meta_data: [displayed(meta)],
      };
    }),
    shipping_lines: [],
    tax_lines: [],
    fee_lines: [],
    _links: links(state, self, `orders/${order.id}/refunds`, `orders/${order.id}`),
  };
}

/** In a collection the refund also names its order. */
export function listedRefundBody(state: StoreState, order: Order, refund: Refund): Body {
  const { id, ...rest } = refundBody(state, order, refund);
  return { id, parent_id: order.id, ...rest };
}

export function noteBody(state: StoreState, order: Order, note: Note): Body {
  const collection = `orders/${order.id}/notes`;
  return {
    id: note.id,
    author: note.author,
    date_created: wordpressDate(note.createdAt),
    date_created_gmt: wordpressDate(note.createdAt),
    note: note.text,
    customer_note: note.toCustomer,
    _links: links(state, `${collection}/${note.id}`, collection, `orders/${order.id}`),
  };
}

export function fulfillmentBody(order: Order, fulfillment: Fulfillment): Body {
  return {
    id: fulfillment.id,
    entity_type: 'WC_Order',
    entity_id: String(order.id),
    is_fulfilled: fulfillment.isFulfilled,
    status: fulfillment.status,
    date_updated: fulfillment.updatedAt.toISOString().slice(0, 19).replace('T', ' '),
    meta_data: fulfillment.meta,
  };
}
