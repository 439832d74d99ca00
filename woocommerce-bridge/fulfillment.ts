import type { FulfillmentReport } from '../app/contracts/channel';
import type { ExternalRef, IdempotencyKey, Outcome, RefusalCode } from '../app/contracts/outcome';
import { saysGone } from './answers';
import type { Failure } from './answers';
import type { StoreClient } from './client';
import { mapOrder } from './mapping';
import type { OrderCompanions } from './mapping';
import { findEarlier, findWay, parcelWrite, refOfWritten } from './parcels';
import type { Earlier, Way } from './parcels';
import { readCompanions } from './polling';
import { idOf, isRecord } from './read-body';
import type { JsonRecord } from './read-body';
import {
  PARCELS_META,
  parcelRecordsBody,
  parcelRecordsOf,
  sentParcelsOf,
  shippedUnitsOf,
} from './shipped-units';
import type { ParcelRecord } from './shipped-units';

/** A finished store is asked again after this long when the last step of a report did not land. */
const FINISH_RETRY_MS = 5_000;

/** Everything known about the order before anything is written. */
type Situation = {
  readonly orderId: string;
  readonly order: JsonRecord;
  readonly way: Way;
  readonly earlier: Earlier;
  readonly companions: OrderCompanions;
};
type Looked =
  | { readonly ok: true; readonly situation: Situation }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Tells the store that a parcel has left, at most once per key or tracking number (those of
 * `report.otherRefs` left aside, which may share the number). None of the three ways is
 * idempotent or checks quantities, so this looks first, refuses more units than were ordered, and
 * after an answer that never came only looks. Completes the order when the last units leave. The
 * caller lets no two reports of one order run at the same time.
 */
export async function reportFulfillment(
  client: StoreClient,
  report: FulfillmentReport,
  key: IdempotencyKey,
): Promise<Outcome<ExternalRef>> {
  const looked = await lookAt(client, report, key);
  if (!looked.ok) return looked.failure;
  const { situation } = looked;
  const { earlier } = situation;
  if (earlier.ref !== null && (situation.way.kind === 'core' || earlier.recorded)) {
    return finish(client, situation, report, key, earlier.ref, 'duplicate');
  }
  const refusal = refusalFor(situation, report);
  if (refusal) return refusal;
  if (earlier.ref !== null) {
    return finish(client, situation, report, key, earlier.ref, 'duplicate');
  }
  const { orderId, order, way } = situation;
  const written = await client.write(parcelWrite(orderId, order, way, report, key));
  if (written.ok) {
    const ref = isRecord(written.body) ? refOfWritten(way, written.body) : null;
    if (ref !== null) return finish(client, situation, report, key, ref, 'done');
  } else if (written.failure.status !== 'unknown') {
    return written.failure;
  }
  return settle(client, report, key);
}

/** After an answer that says nothing: only what the store now shows counts. */
async function settle(
  client: StoreClient,
  report: FulfillmentReport,
  key: IdempotencyKey,
): Promise<Outcome<ExternalRef>> {
  const again = await lookAt(client, report, key);
  const ref = again.ok ? again.situation.earlier.ref : null;
  if (again.ok && ref !== null) return finish(client, again.situation, report, key, ref, 'done');
  const message = 'the store did not say whether it took the fulfillment';
  return { status: 'unknown', lookUpBy: key, message };
}

/** The ref of this report in the store if it landed, null if there is no trace of it. */
export async function findFulfillment(
  client: StoreClient,
  report: FulfillmentReport,
  key: IdempotencyKey,
): Promise<Outcome<ExternalRef | null>> {
  const looked = await lookAt(client, report, key);
  if (looked.ok) return { status: 'done', value: looked.situation.earlier.ref };
  const { failure } = looked;
  const gone = failure.status === 'refused' && failure.reason.code === 'not_found';
  return gone ? { status: 'done', value: null } : failure;
}

async function lookAt(
  client: StoreClient,
  report: FulfillmentReport,
  key: IdempotencyKey,
): Promise<Looked> {
  const orderId = idOf(report.orderRef);
  if (orderId === null) return notLooked('validation', `"${report.orderRef}" is no order ref`);
  const answer = await client.read(`orders/${orderId}`);
  if (!answer.ok) {
    return saysGone(answer)
      ? notLooked('not_found', 'the store no longer has this order')
      : { ok: false, failure: answer.failure };
  }
  const order = answer.body;
  if (!isRecord(order) || idOf(order['id']) !== orderId) {
    return notLooked('permanent', 'the store answered with something that is not the order');
  }
  const found = await findWay(client, orderId, report);
  if (!found.ok) return found;
  const companions = await readCompanions(client, order);
  if (!companions.ok) return companions;
  const earlier = findEarlier(order, found.way, report, key);
  const situation = { orderId, order, way: found.way, earlier, companions: companions.value };
  return { ok: true, situation: withShippedUnits(situation) };
}

/** The order may not say yet that it has fulfillments, while the list of them does. */
function withShippedUnits(situation: Situation): Situation {
  const { order, way, companions } = situation;
  if (way.kind !== 'core') return situation;
  const shippedUnits = shippedUnitsOf(order, way.fulfillments);
  const sentParcels = sentParcelsOf(order, way.fulfillments);
  return { ...situation, companions: { ...companions, shippedUnits, sentParcels } };
}

function refusalFor(situation: Situation, report: FulfillmentReport): Outcome<never> | null {
  const order = mapOrder(situation.order, situation.companions);
  if (!order) return refuse('permanent', 'the store sent an unreadable order');
  if (order.stage === 'cancelled') {
    return refuse('conflict', `the order is ${order.cancelReason ?? 'cancelled'} in the store`);
  }
  if (report.lines.length === 0) return refuse('validation', 'a fulfillment needs a line');
  const ordered = new Map(order.lines.map((line) => [line.ref, line.quantity]));
  const sums = new Map(situation.companions.shippedUnits);
  for (const { lineRef, quantity } of report.lines) {
    if (!Number.isSafeInteger(quantity) || quantity <= 0) {
      return refuse('validation', `${quantity} is not a whole number of units`);
    }
    const most = ordered.get(lineRef);
    if (most === undefined) return refuse('validation', `the order has no line ${lineRef}`);
    const sum = (sums.get(lineRef) ?? 0) + quantity;
    if (sum > most) {
      return refuse('validation', `${sum} units of line ${lineRef} would be sent, of ${most}`);
    }
    sums.set(lineRef, sum);
  }
  return null;
}

/**
 * The steps after the parcel is in the store: our record of its units where the store keeps none,
 * and the status once everything has left. Repeating them changes nothing, so when one of them
 * fails the caller simply reports again.
 */
async function finish(
  client: StoreClient,
  situation: Situation,
  report: FulfillmentReport,
  key: IdempotencyKey,
  ref: ExternalRef,
  status: 'done' | 'duplicate',
): Promise<Outcome<ExternalRef>> {
  const changes = finishingChanges(situation, report, key, ref);
  if (!changes) return { status, value: ref };
  const path = `orders/${situation.orderId}`;
  const answer = await client.write({ method: 'put', path, body: changes, lookUpBy: key });
  if (answer.ok) return { status, value: ref };
  if (answer.failure.status !== 'unknown') return answer.failure;
  const retryAt = new Date(client.now().getTime() + FINISH_RETRY_MS);
  const message = 'the parcel is in the store; whether the order was completed is to be seen';
  return { status: 'retry_later', retryAt, message };
}

function finishingChanges(
  situation: Situation,
  report: FulfillmentReport,
  key: IdempotencyKey,
  ref: ExternalRef,
): JsonRecord | null {
  const { order, way, earlier, companions } = situation;
  const inStore = way.kind === 'core' ? earlier.ref !== null : earlier.recorded;
  const shipped = new Map(companions.shippedUnits);
  if (!inStore) {
    for (const { lineRef, quantity } of report.lines) {
      shipped.set(lineRef, (shipped.get(lineRef) ?? 0) + quantity);
    }
  }
  const changes: Record<string, unknown> = {};
  if (way.kind !== 'core' && !earlier.recorded) {
    const records = [...parcelRecordsOf(order), recordOf(report, key, ref)];
    changes['meta_data'] = [{ key: PARCELS_META, value: parcelRecordsBody(records) }];
  }
  if (isComplete(order, { ...companions, shippedUnits: shipped })) changes['status'] = 'completed';
  return Object.keys(changes).length > 0 ? changes : null;
}

/** True when nothing is left to send and the store does not say so yet. */
function isComplete(order: JsonRecord, companions: OrderCompanions): boolean {
  if (order['status'] === 'completed') return false;
  return mapOrder(order, companions)?.stage === 'fulfilled';
}

function recordOf(report: FulfillmentReport, key: string, ref: ExternalRef): ParcelRecord {
  const units = new Map<string, number>();
  for (const { lineRef, quantity } of report.lines) {
    units.set(lineRef, (units.get(lineRef) ?? 0) + quantity);
  }
  return { key, ref, trackingNumber: report.trackingNumber ?? '', units };
}

function notLooked(code: RefusalCode, message: string): Looked {
  return { ok: false, failure: { status: 'refused', reason: { code, message } } };
}

function refuse(code: RefusalCode, message: string): Outcome<never> {
  return { status: 'refused', reason: { code, message } };
}
