import { digitsOf, restTime } from './ids';
import { decimal, must } from './state';
import type {
  Fulfillment,
  FulfillmentOrder,
  Level,
  Order,
  OrderLine,
  Product,
  Refund,
  ShopState,
} from './state';

/**
 * Bodies in the REST shape that Shopify's webhooks use, generated from the simulated state.
 * Field names follow the webhook reference for 2026-07; every body is simulated.
 */
const integer = (id: string): bigint => BigInt(digitsOf(id));

type Json = Record<string, unknown>;

export function orderFulfillmentStatus(order: Order): 'fulfilled' | 'partial' | null {
  const fulfilled = order.lines.reduce((sum, line) => sum + line.fulfilledQuantity, 0);
  if (fulfilled === 0) return null;
  return order.lines.every((line) => unitsToShip(line) === 0) ? 'fulfilled' : 'partial';
}

const unitsToShip = (line: OrderLine): number =>
  Math.max(0, line.currentQuantity - (line.fulfilledQuantity - line.returnedQuantity));

export function orderTotals(order: Order): { subtotal: number; total: number } {
  const subtotal = order.lines.reduce((sum, line) => sum + line.priceMinor * line.quantity, 0);
  return { subtotal, total: subtotal + order.shippingMinor };
}

export function orderBody(shop: ShopState, order: Order): Json {
  const { subtotal, total } = orderTotals(order);
  const address = addressBody(order);
  return {
    id: integer(order.id),
    admin_graphql_api_id: order.id,
    app_id: null,
    cancel_reason: order.cancelReason === null ? null : order.cancelReason.toLowerCase(),
    cancelled_at: order.cancelledAt,
    closed_at: order.closedAt,
    confirmed: true,
    contact_email: order.email,
    created_at: order.createdAt,
    currency: shop.currency,
    current_subtotal_price: decimal(subtotal),
    current_total_price: decimal(total),
    customer: null,
    email: order.email,
    financial_status: order.financialStatus.toLowerCase(),
    fulfillment_status: orderFulfillmentStatus(order),
    fulfillments: order.fulfillmentIds.map((id) =>
      fulfillmentBody(shop, must(shop.fulfillments, id)),
    ),
    line_items: order.lines.map((line) => lineBody(line)),
    location_id: null,
    name: order.name,
    note: order.note,
    number: order.number - 1000,
    order_number: order.number,
    phone: order.phone,
    presentment_currency: shop.currency,
    processed_at: order.processedAt,
    refunds: order.refunds.map((refund) => refundBody(order, refund)),
    returns: [],
    shipping_address: address,
    billing_address: address,
    shipping_lines: [
      {
        id: integer(order.id) + 1n,
        code: order.shippingTitle,
        title: order.shippingTitle,
        price: decimal(order.shippingMinor),
        source: 'shopify',
      },
    ],
    source_name: order.sourceName,
    subtotal_price: decimal(subtotal),
    tags: order.tags.join(', '),
    taxes_included: false,
    test: false,
    total_line_items_price: decimal(subtotal),
    total_price: decimal(total),
    total_tax: '0.00',
    total_weight: order.lines.reduce((sum, line) => sum + line.weightGrams * line.quantity, 0),
    updated_at: order.updatedAt,
  };
}

function addressBody(order: Order): Json | null {
  const address = order.shippingAddress;
  if (address === null) return null;
  return {
    first_name: address.firstName,
    last_name: address.lastName,
    name: `${address.firstName} ${address.lastName}`,
    company: address.company ?? null,
    address1: address.address1,
    address2: address.address2 ?? null,
    city: address.city,
    province: address.province,
    province_code: address.provinceCode,
    zip: address.zip,
    country: address.countryCode === 'US' ? 'United States' : address.countryCode,
    country_code: address.countryCode,
    phone: address.phone ?? null,
    latitude: address.latitude ?? null,
    longitude: address.longitude ?? null,
  };
}

function lineBody(line: OrderLine, quantity = line.quantity): Json {
  const open = unitsToShip(line);
  return {
    id: integer(line.id),
    admin_graphql_api_id: line.id,
    current_quantity: line.currentQuantity,
    fulfillable_quantity: open,
    fulfillment_service: 'manual',
    fulfillment_status: line.fulfilledQuantity === 0 ? null : open === 0 ? 'fulfilled' : 'partial',
    grams: line.weightGrams,
    name: line.variantTitle === null ? line.title : `${line.title} - ${line.variantTitle}`,
    price: decimal(line.priceMinor),
    product_exists: line.productId !== null,
    product_id: line.productId === null ? null : integer(line.productId),
    quantity,
    requires_shipping: line.requiresShipping,
    sku: line.sku,
    taxable: true,
    title: line.title,
    total_discount: '0.00',
    variant_id: line.variantId === null ? null : integer(line.variantId),
    variant_inventory_management: 'shopify',
    variant_title: line.variantTitle,
    vendor: line.vendor,
  };
}

export function fulfillmentBody(shop: ShopState, fulfillment: Fulfillment): Json {
  const order = must(shop.orders, fulfillment.orderId);
  return {
    id: integer(fulfillment.id),
    admin_graphql_api_id: fulfillment.id,
    order_id: integer(order.id),
    location_id: integer(fulfillment.locationId),
    name: fulfillment.name,
    status: fulfillment.status.toLowerCase(),
    service: 'manual',
    shipment_status: null,
    tracking_company: fulfillment.trackingCompany,
    tracking_number: fulfillment.trackingNumbers[0] ?? null,
    tracking_numbers: fulfillment.trackingNumbers,
    tracking_url: fulfillment.trackingUrls[0] ?? null,
    tracking_urls: fulfillment.trackingUrls,
    line_items: fulfillment.lines.map((shipped) => {
      const line = order.lines.find((candidate) => candidate.id === shipped.orderLineId);
      return line === undefined ? {} : lineBody(line, shipped.quantity);
    }),
    email: order.email,
    created_at: fulfillment.createdAt,
    updated_at: fulfillment.updatedAt,
  };
}

export function refundBody(order: Order, refund: Refund): Json {
  return {
    id: integer(refund.id),
    admin_graphql_api_id: refund.id,
    order_id: integer(refund.orderId),
    created_at: refund.createdAt,
    processed_at: refund.createdAt,
    note: null,
    restock: refund.lines.some((line) => line.restockType !== 'NO_RESTOCK'),
    return: null,
    refund_line_items: refund.lines.map((refunded) => {
      const line = order.lines.find((candidate) => candidate.id === refunded.orderLineId);
      return {
        id: integer(refunded.id),
        line_item_id: integer(refunded.orderLineId),
        line_item: line === undefined ? null : lineBody(line),
        location_id: refunded.locationId === null ? null : integer(refunded.locationId),
        quantity: refunded.quantity,
        restock_type: refunded.restockType.toLowerCase(),
        subtotal: decimal((line?.priceMinor ?? 0) * refunded.quantity),
      };
    }),
    transactions: [],
    order_adjustments: [],
  };
}

/** The reference names what is in it, and shows no sample: the key of the order is assumed. */
export const riskBody = (order: Order): Json => ({
  order_id: integer(order.id),
  admin_graphql_api_order_id: order.id,
  provider_id: null,
  risk_level: order.risk?.toLowerCase() ?? 'none',
  risk_facts: [],
});

export const levelBody = (level: Level): Json => ({
  admin_graphql_api_id: level.id,
  inventory_item_id: integer(level.itemId),
  location_id: integer(level.locationId),
  available: level.quantities.available,
  updated_at: level.updatedAt,
});

export const routingCompleteBody = (work: FulfillmentOrder): Json => ({
  fulfillment_order: { id: work.id, status: work.status.toLowerCase() },
});

export function productBody(shop: ShopState, product: Product): Json {
  return {
    id: integer(product.id),
    admin_graphql_api_id: product.id,
    title: product.title,
    vendor: product.vendor,
    product_type: product.productType,
    handle: product.handle,
    status: product.status.toLowerCase(),
    created_at: product.createdAt,
    updated_at: product.updatedAt,
    variants: product.variantIds.map((id) => {
      const variant = must(shop.variants, id);
      return {
        id: integer(variant.id),
        admin_graphql_api_id: variant.id,
        product_id: integer(product.id),
        inventory_item_id: integer(variant.itemId),
        title: variant.title,
        sku: variant.sku,
        barcode: variant.barcode,
        price: decimal(variant.priceMinor),
        position: variant.position,
        inventory_policy: variant.inventoryPolicy.toLowerCase(),
        updated_at: variant.updatedAt,
      };
    }),
  };
}

export const shopBody = (shop: ShopState): Json => ({
  id: BigInt(shop.id),
  name: shop.name,
  email: shop.email,
  domain: shop.domain,
  myshopify_domain: shop.domain,
  currency: shop.currency,
  iana_timezone: shop.timezone,
  plan_name: shop.plan,
  created_at: shop.createdAt,
});

export const scopesBody = (shop: ShopState, previous: string[]): Json => ({
  id: `gid://shopify/AppInstallation/${shop.id}`,
  shop_id: `gid://shopify/Shop/${shop.id}`,
  previous,
  current: shop.grantedScopes,
  updated_at: restTime(shop.clock.now()),
});

export const redactShopBody = (shop: ShopState): Json => ({
  shop_id: BigInt(shop.id),
  shop_domain: shop.domain,
});

export function customerBody(shop: ShopState, order: Order, list: string): Json {
  return {
    shop_id: BigInt(shop.id),
    shop_domain: shop.domain,
    customer: { id: integer(order.id) + 7n, email: order.email, phone: order.phone },
    [list]: [integer(order.id)],
    ...(list === 'orders_requested' ? { data_request: { id: integer(order.id) + 9n } } : {}),
  };
}
