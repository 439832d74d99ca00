import { createHash } from 'node:crypto';
import type { FulfillmentReport } from '../app/contracts/channel';
import type { ExternalRef } from '../app/contracts/outcome';
import { saysNoRoute } from './answers';
import type { Failure } from './answers';
import type { StoreClient, WriteRequest } from './client';
import type { Namespace } from './transport';
import { idOf, metaOf, recordsOf, textOf } from './read-body';
import type { JsonRecord } from './read-body';
import { KEY_META, fulfillmentsOf, parcelRecordsOf } from './shipped-units';

/**
 * The three ways a store can be told about a parcel:
 * - `core`: WooCommerce's own fulfillments (10.1 and later, off by default);
 * - `tracking`: the shipment tracking extension, or one that speaks its language;
 * - `note`: neither; a note to the customer on the order.
 */
export type Way =
  | { readonly kind: 'core'; readonly fulfillments: readonly JsonRecord[] }
  | {
      readonly kind: 'tracking';
      readonly namespace: Namespace;
      readonly entries: readonly JsonRecord[];
    }
  | { readonly kind: 'note'; readonly notes: readonly JsonRecord[] };

export type WayFound =
  { readonly ok: true; readonly way: Way } | { readonly ok: false; readonly failure: Failure };

const TRACKING_NAMESPACES: readonly Namespace[] = ['wc-shipment-tracking/v3', 'wc-ast/v3'];

/** Finds the way by trying, since each is a matter of what this store has switched on today. */
export async function findWay(
  client: StoreClient,
  orderId: string,
  report: FulfillmentReport,
): Promise<WayFound> {
  const core = await client.read(`orders/${orderId}/fulfillments`);
  if (core.ok) return { ok: true, way: { kind: 'core', fulfillments: fulfillmentsOf(core.body) } };
  if (!saysNoRoute(core)) return { ok: false, failure: core.failure };
  // The extension has no entry without a tracking number.
  for (const namespace of report.trackingNumber === null ? [] : TRACKING_NAMESPACES) {
    const tracking = await client.read(`orders/${orderId}/shipment-trackings`, {}, namespace);
    if (tracking.ok) {
      const entries = recordsOf(tracking.body);
      return { ok: true, way: { kind: 'tracking', namespace, entries } };
    }
    if (!saysNoRoute(tracking)) return { ok: false, failure: tracking.failure };
  }
  const notes = await client.read(`orders/${orderId}/notes`);
  if (!notes.ok) return { ok: false, failure: notes.failure };
  return { ok: true, way: { kind: 'note', notes: recordsOf(notes.body) } };
}

/** What the store already has of this report. */
export type Earlier = {
  /** The entry in the store that shows the parcel, if there is one. */
  readonly ref: ExternalRef | null;
  /** Our record of its units on the order, which `core` does not need. */
  readonly recorded: boolean;
};

/**
 * Looks for the report by our key, or by its tracking number, which a person may have typed in.
 * What is known to tell of another parcel is passed over: several may travel under one number.
 */
export function findEarlier(
  order: JsonRecord,
  way: Way,
  report: FulfillmentReport,
  key: string,
): Earlier {
  const records = parcelRecordsOf(order).filter(({ ref }) => !report.otherRefs.includes(ref));
  const own = records.find((entry) => entry.key === key);
  const record =
    own ?? records.find((entry) => sameNumber(entry.trackingNumber, report.trackingNumber));
  const shown = refsInStore(way, report, key).find((ref) => !report.otherRefs.includes(ref));
  return { ref: own?.ref ?? shown ?? record?.ref ?? null, recorded: record !== undefined };
}

/** The store's entries that may show the parcel, those with our key first. */
function refsInStore(way: Way, report: FulfillmentReport, key: string): ExternalRef[] {
  const refs = (kind: string, entries: readonly JsonRecord[]): ExternalRef[] =>
    entries.flatMap((entry) => {
      const id = idOf(entry['id']);
      return id === null ? [] : [`${kind}:${id}`];
    });
  switch (way.kind) {
    case 'core': {
      const keyed = way.fulfillments.filter((entry) => metaOf(entry, KEY_META) === key);
      const numbered = way.fulfillments.filter((entry) => {
        const number = textOf({ value: metaOf(entry, '_tracking_number') }, 'value');
        return sameNumber(number, report.trackingNumber);
      });
      return refs('fulfillment', [...keyed, ...numbered]);
    }
    case 'tracking':
      return way.entries
        .filter((entry) => sameNumber(textOf(entry, 'tracking_number'), report.trackingNumber))
        .map((entry) => `tracking:${textOf(entry, 'tracking_id')}`);
    case 'note':
      return refs(
        'note',
        way.notes.filter((entry) => textOf(entry, 'note').includes(noteMark(key))),
      );
  }
}

function sameNumber(held: string, reported: string | null): boolean {
  if (reported === null || reported.trim() === '') return false;
  return plainNumber(held) === plainNumber(reported);
}

/** People type tracking numbers with blanks and in either case. */
function plainNumber(text: string): string {
  return text.replace(/\s/g, '').toUpperCase();
}

/** The write that shows the parcel in the store, and how to read its ref from the answer. */
export function parcelWrite(
  orderId: string,
  order: JsonRecord,
  way: Way,
  report: FulfillmentReport,
  key: string,
): WriteRequest {
  const post = { method: 'post' as const, lookUpBy: key };
  switch (way.kind) {
    case 'core':
      return {
        ...post,
        path: `orders/${orderId}/fulfillments`,
        parameters: { notify_customer: report.notifyCustomer },
        body: coreBody(orderId, report, key),
      };
    case 'tracking':
      return {
        ...post,
        path: `orders/${orderId}/shipment-trackings`,
        namespace: way.namespace,
        body: trackingBody(report),
      };
    case 'note':
      return {
        ...post,
        path: `orders/${orderId}/notes`,
        body: { note: noteText(order, report, key), customer_note: report.notifyCustomer },
      };
  }
}

export function refOfWritten(way: Way, body: JsonRecord): ExternalRef | null {
  if (way.kind === 'tracking') {
    const id = textOf(body, 'tracking_id');
    return id === '' ? null : `tracking:${id}`;
  }
  const id = idOf(body['id']);
  return id === null ? null : `${way.kind === 'core' ? 'fulfillment' : 'note'}:${id}`;
}

/** As WooCommerce's own screen sends it (capture `fulfillment-created.json`), plus our key. */
function coreBody(orderId: string, report: FulfillmentReport, key: string): JsonRecord {
  const items = report.lines.map((line) => ({
    item_id: Number.parseInt(line.lineRef, 10),
    qty: line.quantity,
  }));
  const company = report.trackingCompany;
  const meta: [string, unknown][] = [
    ['_items', items],
    [KEY_META, key],
  ];
  if (report.trackingNumber !== null) meta.push(['_tracking_number', report.trackingNumber]);
  if (company !== null) {
    meta.push(['_shipment_provider', slugOf(company)], ['_provider_name', company]);
  }
  if (report.trackingUrl !== null) meta.push(['_tracking_url', report.trackingUrl]);
  return {
    entity_type: 'WC_Order',
    entity_id: orderId,
    status: 'fulfilled',
    is_fulfilled: true,
    meta_data: meta.map(([metaKey, value]) => ({ id: 0, key: metaKey, value })),
  };
}

function slugOf(company: string): string {
  return (
    company
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'other'
  );
}

function trackingBody(report: FulfillmentReport): JsonRecord {
  const shared = {
    tracking_number: report.trackingNumber,
    date_shipped: report.shippedAt.toISOString().slice(0, 10),
  };
  const company = report.trackingCompany ?? '';
  // With a link of our own the extension need not know the carrier by name.
  if (report.trackingUrl === null) return { ...shared, tracking_provider: company };
  return {
    ...shared,
    custom_tracking_provider: company,
    custom_tracking_link: report.trackingUrl,
  };
}

function noteText(order: JsonRecord, report: FulfillmentReport, key: string): string {
  const titles = new Map(
    recordsOf(order['line_items']).map((line) => [idOf(line['id']), textOf(line, 'name')]),
  );
  const goods = report.lines.map((line) => `${line.quantity} x ${titles.get(line.lineRef) ?? '?'}`);
  const carrier = [report.trackingCompany, report.trackingNumber].filter((part) => part !== null);
  return [
    `Shipped: ${goods.join(', ')}`,
    ...(carrier.length > 0 ? [`Tracking: ${carrier.join(' ')}`] : []),
    ...(report.trackingUrl === null ? [] : [report.trackingUrl]),
    noteMark(key),
  ].join('\n');
}

/** Ends every note of ours, so that the same parcel is never noted twice. */
function noteMark(key: string): string {
  return `Parcel reference: ${createHash('sha256').update(key).digest('hex').slice(0, 10)}`;
}
