import type { ChannelRefund } from '../../contracts/channel-order';
import {
  type PlannedReturn,
  type RefundEntry,
  type RefundPlan,
  type RefundableLine,
  planRefund,
  turnedLines,
  unitsReturned,
} from '../../domain/orders/plan-refunds';
import { inside, outside } from '../../domain/stock/cell';
import type { MovementDraft } from '../../domain/stock/movement';
import type { Transaction } from '../../platform/database';
import { newId } from '../../platform/ids';
import type { AuditEntry } from '../../store/audit';
import { kitsAmong } from '../../store/kit-components';
import {
  type NewRefund,
  type StoredRefund,
  findReturnPlaces,
  refundsOfOrders,
} from '../../store/order-refunds';
import type { StoredOrder } from '../../store/orders';
import type { PlanEntry, Planned, RefundToTake, RefundsToTake } from './plan-entry';

export type RefundedOrder = {
  readonly order: StoredOrder;
  readonly isNew: boolean;
  readonly connectedAt: Date | null;
  readonly refunds: readonly ChannelRefund[];
};

/** For so long after a refund nobody has adjusted by hand what its channel did not say. */
const UNCLEAR_MS = 10 * 60_000;

/**
 * Which refunds of these orders are news, by order id; orders without any are absent. Call with the
 * orders locked: a refund is taken once.
 */
export async function findRefundsToTake(
  tx: Transaction,
  merchantId: string,
  orders: readonly RefundedOrder[],
  now: Date,
): Promise<ReadonlyMap<string, RefundsToTake>> {
  const refunded = orders.filter(({ refunds }) => refunds.length > 0);
  const stored = refunded.filter(({ isNew }) => !isNew).map(({ order }) => order.id);
  const taken = new Map<string, StoredRefund[]>();
  for (const refund of await refundsOfOrders(tx, merchantId, stored)) {
    taken.set(refund.orderId, [...(taken.get(refund.orderId) ?? []), refund]);
  }
  const news = refunded.flatMap(({ order, connectedAt, refunds }) => {
    const before = taken.get(order.id) ?? [];
    const known = new Map(before.map(({ externalRef, lines }) => [externalRef, lines]));
    const newest = new Map(refunds.map((one) => [one.ref, one]));
    const byAge = [...newest.values()]
      .flatMap((refund) => newsOf(refund, known.get(refund.ref), now))
      .sort((a, b) => a.at.getTime() - b.at.getTime());
    return byAge.length === 0 ? [] : [{ order, connectedAt, byAge, before }];
  });
  if (news.length === 0) return new Map();
  const places = await findReturnPlaces(
    tx,
    merchantId,
    [...new Set(news.map(({ order }) => order.connectionId))],
    news.map(({ order }) => order.id),
  );
  const kits = await kitsAmong(
    tx,
    merchantId,
    news.flatMap(({ order }) => order.lines.flatMap(({ itemId }) => itemId ?? [])),
  );
  return new Map(
    news.map(({ order, connectedAt, byAge, before }) => [
      order.id,
      {
        refunds: byAge,
        returned: unitsReturned(before.flatMap(({ lines }) => lines)),
        connectedAt,
        places,
        kits,
      },
    ]),
  );
}

function newsOf(
  refund: ChannelRefund,
  kept: readonly RefundEntry[] | undefined,
  now: Date,
): readonly RefundToTake[] {
  if (kept === undefined) return [{ ...refund, kept: null }];
  const young = now.getTime() - refund.at.getTime() < UNCLEAR_MS;
  const lines = turnedLines(refund.lines, kept, young);
  const others = kept.filter((entry) => !lines.some(({ lineRef }) => lineRef === entry.lineRef));
  return lines.length === 0 ? [] : [{ ...refund, lines, kept: others }];
}

/** Locations whose levels a return may raise: to be locked before anything is planned. */
export function returnLocations(refunds: RefundsToTake | undefined): readonly string[] {
  if (refunds === undefined) return [];
  const { named, first, leftFrom } = refunds.places;
  return [...named.values(), ...first.values(), ...leftFrom.values()];
}

type TakenRefunds = {
  readonly rows: readonly NewRefund[];
  readonly movements: readonly MovementDraft[];
  readonly audits: readonly AuditEntry[];
};

/** Turns the new refunds of a planned order into rows, movements and audit records. */
export function takeRefunds(planned: Planned, now: Date): TakenRefunds {
  const { entry } = planned;
  const rows: NewRefund[] = [];
  const movements: MovementDraft[] = [];
  const audits: AuditEntry[] = [];
  if (entry.refunds === undefined) return { rows, movements, audits };
  const { refunds, connectedAt } = entry.refunds;
  const lines = refundableLines(planned, entry.refunds.kits);
  const returned = new Map(entry.refunds.returned);
  for (const refund of refunds) {
    const past = connectedAt !== null && refund.at < connectedAt;
    const plan = planRefund(refund.lines, lines, returned, past);
    for (const [ref, units] of unitsReturned(plan.entries)) {
      returned.set(ref, (returned.get(ref) ?? 0) + units);
    }
    const moved = plan.returns.flatMap((back, index) => {
      const locationId = returnPlace(planned, back);
      return locationId === null
        ? []
        : [returnMovement(entry, refund, back, index, locationId, now)];
    });
    movements.push(...moved);
    rows.push(refundRow(entry, refund, [...(refund.kept ?? []), ...plan.entries]));
    if (!past) audits.push(...auditOfRefund(entry, refund, plan, moved, now));
  }
  return { rows, movements, audits };
}

function refundableLines({ entry, plan }: Planned, kits: ReadonlySet<string>): RefundableLine[] {
  const shipped = new Map(plan.lines.map((line) => [line.lineId, line.shipped]));
  return entry.order.lines.map((line) => ({
    lineId: line.id,
    lineRef: line.externalRef,
    itemId: line.itemId,
    shipped: line.requiresShipping ? (shipped.get(line.id) ?? line.shippedQuantity) : 0,
    isKit: line.isKit,
    becameKit: !line.isKit && line.itemId !== null && kits.has(line.itemId),
    kit:
      line.parentLineId === null || line.unitsPerParent === null
        ? null
        : { lineId: line.parentLineId, units: line.unitsPerParent },
  }));
}

function returnMovement(
  { order, actor }: PlanEntry,
  refund: ChannelRefund,
  back: PlannedReturn,
  index: number,
  locationId: string,
  now: Date,
): MovementDraft {
  return {
    itemId: back.itemId,
    quantity: back.quantity,
    from: outside('customer'),
    to: inside('available', locationId),
    key: `refund:${order.id}:${refund.ref}:${String(index)}:${back.lineRef}`,
    reason: 'return_restocked',
    cause: { kind: 'order', id: order.id },
    actor,
    note: null,
    occurredAt: now,
  };
}

/**
 * The place the channel names, else the one it left from, else the first that ships its orders.
 * Null only for a channel without any location: such units stay with the customer.
 */
function returnPlace({ entry, plan }: Planned, back: PlannedReturn): string | null {
  const { connectionId } = entry.order;
  const places = entry.refunds?.places;
  const named = places?.named.get(`${connectionId} ${back.locationRef ?? ''}`);
  const leftNow = plan.departures.find(
    ({ lineId, locationId }) => lineId === back.lineId && locationId !== null,
  );
  return (
    named ??
    places?.leftFrom.get(back.lineId) ??
    leftNow?.locationId ??
    places?.first.get(connectionId) ??
    null
  );
}

function refundRow(
  entry: PlanEntry,
  refund: ChannelRefund,
  lines: readonly RefundEntry[],
): NewRefund {
  return {
    id: newId(),
    merchantId: entry.order.merchantId,
    orderId: entry.order.id,
    externalRef: refund.ref,
    refundedAt: refund.at,
    currency: refund.amount.currency,
    amountMinor: refund.amount.minor,
    lines,
  };
}

function auditOfRefund(
  entry: PlanEntry,
  refund: RefundToTake,
  plan: RefundPlan,
  moved: readonly MovementDraft[],
  now: Date,
): AuditEntry[] {
  const record = (action: string, data: AuditEntry['data']): AuditEntry => ({
    merchantId: entry.order.merchantId,
    at: now,
    actor: entry.actor,
    action,
    subject: { kind: 'order', id: entry.order.id },
    cause: entry.cause,
    data,
  });
  const records = [
    record(refund.kept === null ? 'order.refunded' : 'order.refund_restocked', {
      amountMinor: refund.amount.minor,
      currency: refund.amount.currency,
      units: moved.reduce((sum, { quantity }) => sum + quantity, 0),
      locationIds: [...new Set(moved.map(({ to }) => to.locationId))],
    }),
  ];
  if (plan.unclear > 0) records.push(record('order.refund_unclear', { units: plan.unclear }));
  if (plan.ofKits > 0) records.push(record('order.refund_of_kit', { units: plan.ofKits }));
  if (plan.claimed > plan.possible) {
    records.push(record('order.refund_exceeds', { claimed: plan.claimed, units: plan.possible }));
  }
  return records;
}
