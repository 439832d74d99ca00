import type { ChannelListing } from '../app/contracts/channel';
import type {
  ChannelOrder,
  ChannelOrderLine,
  ChannelOrderStage,
  OrderVersion,
} from '../app/contracts/channel-order';
import type { ExternalRef } from '../app/contracts/outcome';
import type { Address } from '../app/domain/shared/address';
import type { Money } from '../app/domain/shared/money';
import { tagsOf } from './annotate';
import { holdsOf } from './holds';
import { moneyOf, moneyOfNumber } from './money';
import {
  gmtDateOf,
  idOf,
  isRecord,
  metaOf,
  recordsOf,
  textOf,
  textOrNull,
  wholeNumberOf,
} from './read-body';
import type { JsonRecord } from './read-body';
import { mapRefunds, removedUnits } from './refunds';
import { productRef, variationRef } from './refs';
import type { SentParcel } from './shipped-units';

/** What product bodies leave out and the store's settings say. */
export type StoreUnits = {
  /** ISO 4217. */
  readonly currency: string;
  /** Grams in one unit of a product's `weight`; null when the setting could not be read. */
  readonly gramsPerWeightUnit: number | null;
};

/** Longest SKU, barcode or title kept. */
const TEXT_LENGTH_MAX = 255;
/** More units of one line than this are a mistake, and would not fit where they are counted. */
const UNITS_MAX = 1_000_000_000;
const GRAMS_PER_UNIT: Readonly<Record<string, number>> = {
  kg: 1000,
  g: 1,
  lbs: 453.59237,
  oz: 28.349523125,
};

/** Product types that are a page in the shop but hold no stock of their own. */
const TYPES_WITHOUT_STOCK = new Set(['grouped', 'external']);

export function gramsPerWeightUnit(unit: string): number | null {
  return GRAMS_PER_UNIT[unit] ?? null;
}

/** A product whose variations are what is sold; it may still carry the stock for them. */
export function hasVariations(product: JsonRecord): boolean {
  if (textOf(product, 'type').startsWith('variable')) return true;
  return Array.isArray(product['variations']) && product['variations'].length > 0;
}

/**
 * The listing of a product sold as such. Null for a variable product (its variations are the
 * listings), a grouped or external one, and for a body that is no product.
 */
export function mapProduct(product: JsonRecord, units: StoreUnits): ChannelListing | null {
  const id = idOf(product['id']);
  if (id === null || hasVariations(product)) return null;
  if (TYPES_WITHOUT_STOCK.has(textOf(product, 'type'))) return null;
  const ref = productRef(id);
  return {
    ...sharedListingParts(product, units),
    ref,
    productRef: ref,
    ...stockParts(product, ref, ref),
    title: shortened(textOf(product, 'name')),
    variantTitle: null,
    active: textOf(product, 'status') === 'publish',
    weightGrams: weightGramsOf(product, units),
  };
}

/** The listing of a variation; its title, and where empty its weight, are the parent's. */
export function mapVariation(
  variation: JsonRecord,
  parent: JsonRecord,
  units: StoreUnits,
): ChannelListing | null {
  const id = idOf(variation['id']);
  const parentId = idOf(parent['id']);
  if (id === null || parentId === null) return null;
  const ref = variationRef(parentId, id);
  return {
    ...sharedListingParts(variation, units),
    ref,
    productRef: productRef(parentId),
    ...stockParts(variation, ref, productRef(parentId)),
    title: shortened(textOf(parent, 'name')),
    variantTitle: variantTitleOf(variation),
    active: textOf(variation, 'status') === 'publish' && textOf(parent, 'status') === 'publish',
    weightGrams: weightGramsOf(variation, units) ?? weightGramsOf(parent, units),
  };
}

/** The sellable number of a product or variation body; null when the store keeps no count of it. */
export function availableOf(body: JsonRecord): number | null {
  const managed = body['manage_stock'] === true || body['manage_stock'] === 'parent';
  return managed ? wholeNumberOf(body['stock_quantity']) : null;
}

/**
 * Who holds the number. With "parent" every variation shows the parent's, so all of them have the
 * parent's ref: one number, written once, never summed.
 */
function stockParts(
  body: JsonRecord,
  ownRef: ExternalRef,
  parentRef: ExternalRef,
): Pick<ChannelListing, 'stockRef' | 'tracked' | 'stock'> {
  const managed = body['manage_stock'];
  const stockRef = managed === 'parent' ? parentRef : ownRef;
  return {
    stockRef,
    tracked: managed === true || managed === 'parent',
    stock: [{ stockRef, locationRef: '', available: availableOf(body), committed: 0 }],
  };
}

function sharedListingParts(
  body: JsonRecord,
  units: StoreUnits,
): Pick<ChannelListing, 'sku' | 'barcode' | 'price' | 'backorders'> {
  const backorders = textOf(body, 'backorders');
  return {
    backorders: backorders === '' ? null : backorders !== 'no',
    sku: nullIfEmpty(shortened(textOf(body, 'sku'))),
    barcode: nullIfEmpty(shortened(textOf(body, 'global_unique_id'))),
    price: moneyOf(textOf(body, 'price'), units.currency),
  };
}

function variantTitleOf(variation: JsonRecord): string | null {
  const options = recordsOf(variation['attributes']).map((entry) => textOf(entry, 'option'));
  const joined = options.filter((option) => option !== '').join(' / ');
  return nullIfEmpty(shortened(joined === '' ? textOf(variation, 'name') : joined));
}

function weightGramsOf(body: JsonRecord, units: StoreUnits): number | null {
  const text = textOf(body, 'weight');
  if (units.gramsPerWeightUnit === null || !/^\d{1,9}(\.\d+)?$/.test(text)) return null;
  return Math.round(Number.parseFloat(text) * units.gramsPerWeightUnit);
}

/** What has to be fetched beside an order's own body before it can be mapped. */
export type OrderCompanions = {
  /** `orders/<id>/refunds`; empty when the order names none. */
  readonly refunds: readonly JsonRecord[];
  /** Units per line id that the store counts as sent. */
  readonly shippedUnits: ReadonlyMap<string, number>;
  /** The store's own fulfillments, which tell a return from a refund before shipping. */
  readonly sentParcels: readonly SentParcel[];
};

export const NO_COMPANIONS: OrderCompanions = {
  refunds: [],
  shippedUnits: new Map(),
  sentParcels: [],
};

/** True when the order's lines cannot be told without its refunds. */
export function needsRefunds(order: JsonRecord): boolean {
  return recordsOf(order['refunds']).length > 0;
}

/** True when WooCommerce's own fulfillments may say that part of the order has left. */
export function needsFulfillments(order: JsonRecord): boolean {
  return textOf({ value: metaOf(order, '_fulfillment_status') }, 'value').endsWith('fulfilled');
}

/** Which state of an order a body is of; null when it is no order's. */
export function mapOrderVersion(order: JsonRecord): OrderVersion | null {
  const ref = idOf(order['id']);
  const updatedAt = gmtDateOf(order, 'date_modified_gmt') ?? gmtDateOf(order, 'date_created_gmt');
  return ref === null || updatedAt === null
    ? null
    : { ref, version: updatedAt.toISOString(), updatedAt };
}

/** An order in the words of the contract, or null when the body is not an order. */
export function mapOrder(order: JsonRecord, companions: OrderCompanions): ChannelOrder | null {
  const state = mapOrderVersion(order);
  if (state === null || !Array.isArray(order['line_items'])) return null;
  const { ref, version, updatedAt } = state;
  const placedAt = gmtDateOf(order, 'date_created_gmt') ?? updatedAt;
  const currency = textOf(order, 'currency');
  const stage = stageOf(order);
  const lines = recordsOf(order['line_items']).flatMap((line) => {
    const mapped = mapLine(line, order, stage, companions);
    return mapped ? [mapped] : [];
  });
  const toShip = lines.filter((line) => line.requiresShipping && line.quantity > 0);
  const allSent =
    toShip.length > 0 && toShip.every((line) => line.fulfilledQuantity >= line.quantity);
  const status = textOf(order, 'status');
  return {
    ref,
    name: `#${textOf(order, 'number') || ref}`,
    version,
    // Core fulfillments leave the status at "processing" even when everything has been sent.
    stage: stage === 'open' && allSent ? 'fulfilled' : stage,
    paymentStatus: status !== 'refunded' && hasDate(order, 'date_paid_gmt') ? 'paid' : status,
    placedAt,
    updatedAt,
    cancelReason: stage === 'cancelled' ? status : null,
    total: moneyOf(textOf(order, 'total'), currency) ?? { minor: 0, currency },
    email: emailOf(order),
    shipTo: shipToOf(order),
    shippingMethod: shippingMethodOf(order),
    note: textOrNull(order, 'customer_note'),
    tags: tagsOf(order),
    holds: holdsOf(order, stage),
    risk: null,
    refunds: mapRefunds(order, companions, orderedUnits),
    lines,
  };
}

/**
 * The stage of an order. The statuses are an open set: for one that a plugin added, what has been
 * paid, completed or taken from stock decides.
 */
export function stageOf(order: JsonRecord): ChannelOrderStage {
  const completed = hasDate(order, 'date_completed_gmt');
  switch (textOf(order, 'status')) {
    case 'pending':
    case 'checkout-draft':
    case 'auto-draft':
    case 'draft':
      return 'awaiting_payment';
    case 'processing':
    case 'on-hold':
      return 'open';
    case 'completed':
      return 'fulfilled';
    case 'refunded':
      // Money given back after the goods had left does not bring the goods back.
      return completed ? 'fulfilled' : 'cancelled';
    case 'cancelled':
    case 'failed':
    case 'trash':
      return 'cancelled';
  }
  if (completed) return 'fulfilled';
  if (hasDate(order, 'date_paid_gmt')) {
    return order['needs_processing'] === false ? 'fulfilled' : 'open';
  }
  return tookStock(order) ? 'open' : 'awaiting_payment';
}

function mapLine(
  line: JsonRecord,
  order: JsonRecord,
  stage: ChannelOrderStage,
  companions: OrderCompanions,
): ChannelOrderLine | null {
  const ref = idOf(line['id']);
  const ordered = orderedUnits(line);
  if (ref === null || ordered === null) return null;
  const sent = Math.min(companions.shippedUnits.get(ref) ?? 0, Math.max(ordered, 0));
  const wanted = ordered - removedUnits(ref, ordered, order, companions);
  const quantity = Math.max(wanted, sent, 0);
  return {
    ref,
    listingRef: listingRefOf(line),
    sku: nullIfEmpty(shortened(textOf(line, 'sku'))),
    title: shortened(textOf(line, 'name')),
    quantity,
    fulfilledQuantity: stage === 'fulfilled' ? quantity : sent,
    requiresShipping: order['needs_processing'] !== false,
    shipAfter: null,
    unitPrice: unitPriceOf(line, ordered, textOf(order, 'currency')),
  };
}

/** Some plugins sell fractions: a unit begun is a unit to keep back. Null when it is no number. */
function orderedUnits(line: JsonRecord): number | null {
  const quantity = Number.parseFloat(textOf(line, 'quantity'));
  if (!Number.isFinite(quantity)) return null;
  return Math.min(Math.max(Math.ceil(quantity), 0), UNITS_MAX);
}

function listingRefOf(line: JsonRecord): ExternalRef | null {
  const productId = idOf(line['product_id']);
  if (productId === null) return null;
  const variationId = idOf(line['variation_id']);
  return variationId === null ? productRef(productId) : variationRef(productId, variationId);
}

function unitPriceOf(line: JsonRecord, ordered: number, currency: string): Money {
  const price = line['price'];
  const named = typeof price === 'number' ? moneyOfNumber(price, currency) : null;
  if (named) return named;
  const total = moneyOf(textOf(line, 'total'), currency);
  const minor = total && ordered > 0 ? Math.round(total.minor / ordered) : 0;
  return { minor, currency };
}

function emailOf(order: JsonRecord): string | null {
  return isRecord(order['billing']) ? textOrNull(order['billing'], 'email') : null;
}

/** A store that sells to the billing address leaves the shipping one empty. */
function shipToOf(order: JsonRecord): Address | null {
  const shipping = isRecord(order['shipping']) ? order['shipping'] : {};
  const billing = isRecord(order['billing']) ? order['billing'] : {};
  const source = [shipping, billing].find((candidate) =>
    ['address_1', 'city', 'postcode'].some((field) => textOrNull(candidate, field) !== null),
  );
  if (!source) return null;
  const names = [textOrNull(source, 'first_name'), textOrNull(source, 'last_name')];
  return {
    name: nullIfEmpty(names.filter((part) => part !== null).join(' ')),
    company: textOrNull(source, 'company'),
    address1: textOrNull(source, 'address_1'),
    address2: textOrNull(source, 'address_2'),
    city: textOrNull(source, 'city'),
    province: textOrNull(source, 'state'),
    zip: textOrNull(source, 'postcode'),
    countryCode: textOrNull(source, 'country')?.toUpperCase() ?? null,
    phone: textOrNull(source, 'phone') ?? textOrNull(billing, 'phone'),
  };
}

function shippingMethodOf(order: JsonRecord): string | null {
  const titles = recordsOf(order['shipping_lines']).map((line) => textOf(line, 'method_title'));
  return nullIfEmpty(titles.filter((title) => title !== '').join(', '));
}

/** WooCommerce marks each line whose units it has taken out of its own number. */
function tookStock(order: JsonRecord): boolean {
  return recordsOf(order['line_items']).some((line) => {
    return textOf({ value: metaOf(line, '_reduced_stock') }, 'value') !== '';
  });
}

function hasDate(order: JsonRecord, field: string): boolean {
  return gmtDateOf(order, field) !== null;
}

/** Cut between characters, never inside one: half a surrogate pair cannot be stored. */
function shortened(text: string): string {
  if (text.length <= TEXT_LENGTH_MAX) return text;
  return text.slice(0, TEXT_LENGTH_MAX).replace(/[\uD800-\uDBFF]$/, '');
}

function nullIfEmpty(text: string): string | null {
  return text.trim() === '' ? null : text;
}
