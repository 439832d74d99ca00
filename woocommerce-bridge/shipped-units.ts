import { gmtDateOf, idOf, isRecord, metaOf, recordsOf, textOf, wholeNumberOf } from './read-body';
import type { JsonRecord } from './read-body';

/** A parcel as we noted it on the order, where WooCommerce has no record of its own for it. */
export type ParcelRecord = {
  readonly key: string;
  readonly ref: string;
  readonly trackingNumber: string;
  readonly units: ReadonlyMap<string, number>;
};

/** Order meta this bridge keeps its parcels in; the underscore hides it from the order screen. */
export const PARCELS_META = '_crossdock_parcels';
/** Fulfillment meta that names the report it came from. */
export const KEY_META = '_crossdock_key';

/** `orders/<id>/fulfillments` answers with a list, in some releases wrapped in an object. */
export function fulfillmentsOf(body: unknown): readonly JsonRecord[] {
  return recordsOf(isRecord(body) ? body['fulfillments'] : body);
}

export function parcelRecordsOf(order: JsonRecord): readonly ParcelRecord[] {
  return recordsOf(metaOf(order, PARCELS_META)).map((entry) => ({
    key: textOf(entry, 'key'),
    ref: textOf(entry, 'ref'),
    trackingNumber: textOf(entry, 'tracking_number'),
    units: unitsOf(entry['items']),
  }));
}

/** What is written to the order, the inverse of {@link parcelRecordsOf}. */
export function parcelRecordsBody(records: readonly ParcelRecord[]): readonly JsonRecord[] {
  return records.map((record) => ({
    key: record.key,
    ref: record.ref,
    tracking_number: record.trackingNumber,
    items: [...record.units].map(([item_id, qty]) => ({ item_id, qty })),
  }));
}

/** Units sent per line id: the store's own fulfillments and our records on the order together. */
export function shippedUnitsOf(order: JsonRecord, fulfillments: unknown): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (units: ReadonlyMap<string, number>): void => {
    for (const [line, quantity] of units) sums.set(line, (sums.get(line) ?? 0) + quantity);
  };
  for (const fulfillment of fulfillmentsOf(fulfillments)) {
    if (fulfillment['is_fulfilled'] === true) add(unitsOf(metaOf(fulfillment, '_items')));
  }
  for (const record of parcelRecordsOf(order)) add(record.units);
  return sums;
}

/** A fulfillment of the store's own: when it left, and units per line id. */
export type SentParcel = { readonly at: Date; readonly units: ReadonlyMap<string, number> };

/** The store's own fulfillments that have left and say when. */
export function sentParcelsOf(order: JsonRecord, fulfillments: unknown): readonly SentParcel[] {
  return fulfillmentsOf(fulfillments).flatMap((fulfillment) => {
    if (fulfillment['is_fulfilled'] !== true) return [];
    const at = timeOfFulfillment(order, fulfillment);
    return at === null ? [] : [{ at, units: unitsOf(metaOf(fulfillment, '_items')) }];
  });
}

/**
 * WooCommerce 10.1 writes `_date_fulfilled` in the store's own time zone, later releases in UTC,
 * and the text does not say which: the later reading is taken. Goods come back days after they
 * left, while what was refunded unsent was often refunded hours before the rest left.
 */
function timeOfFulfillment(order: JsonRecord, fulfillment: JsonRecord): Date | null {
  const asUtc =
    gmtDateOf({ at: metaOf(fulfillment, '_date_fulfilled') }, 'at') ??
    gmtDateOf(fulfillment, 'date_updated');
  if (asUtc === null) return null;
  const local = gmtDateOf(order, 'date_created');
  const utc = gmtDateOf(order, 'date_created_gmt');
  const aheadMs = local === null || utc === null ? 0 : local.getTime() - utc.getTime();
  return new Date(Math.max(asUtc.getTime(), asUtc.getTime() - aheadMs));
}

function unitsOf(items: unknown): Map<string, number> {
  const units = new Map<string, number>();
  for (const item of recordsOf(items)) {
    const line = idOf(item['item_id']);
    const quantity = wholeNumberOf(item['qty']);
    if (line === null || quantity === null || quantity <= 0) continue;
    units.set(line, (units.get(line) ?? 0) + quantity);
  }
  return units;
}
