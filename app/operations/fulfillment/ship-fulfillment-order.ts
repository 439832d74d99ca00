import type { Actor } from '../../domain/shared/actor';
import { inside, outside } from '../../domain/stock/cell';
import type { MovementDraft } from '../../domain/stock/movement';
import { type Transaction, isPostgresError } from '../../platform/database';
import { newId } from '../../platform/ids';
import { changeAllocations, closeFinishedFulfillmentOrders } from '../../store/allocations';
import { writeAudit } from '../../store/audit';
import {
  type ReportContent,
  type Tracking,
  findFulfillmentByKey,
  insertFulfillments,
} from '../../store/fulfillments';
import { enqueueJobs } from '../../store/jobs';
import { postMovements } from '../../store/movements';
import {
  type CompletedKits,
  type ShippableOrder,
  lockFulfillmentOrder,
  parcelsToTellAlong,
  refreshShippedFigures,
} from '../../store/shippable';
import { type OperationContext, type Refused, refused } from '../context';
import { trackingProblem } from './tracking';

export type ShipFulfillmentOrder = {
  readonly merchantId: string;
  readonly fulfillmentOrderId: string;
  /** Null = everything that is left. */
  readonly lines: readonly { readonly allocationId: string; readonly quantity: number }[] | null;
  readonly tracking: Tracking;
  readonly notifyCustomer: boolean;
  readonly actor: Actor;
  readonly idempotencyKey: string;
};

export type Shipped = { readonly status: 'done' | 'duplicate'; readonly fulfillmentId: string };

type Allocation = ShippableOrder['allocations'][number];
type Line = Omit<Allocation, 'id'> & { readonly allocationId: string };

const PART_OF_KIT =
  'Only part of a kit: the channel learns of this parcel with the one that completes the kit.';

/**
 * Marks units of a fulfillment order as left: stock goes from committed to the customer, and a
 * job tells the channel the order came from. The same key ships once, whatever is sent with it.
 */
export async function shipFulfillmentOrder(
  context: OperationContext,
  input: ShipFulfillmentOrder,
): Promise<Shipped | Refused> {
  const problem = trackingProblem(input.tracking);
  if (problem !== null) return refused('validation', problem);
  if (input.idempotencyKey === '') return refused('validation', 'The form is incomplete: reload.');
  const answer = await shipOnce(context, input);
  if (answer.status === 'done') context.afterCommit(input.merchantId);
  return answer;
}

async function shipOnce(
  context: OperationContext,
  input: ShipFulfillmentOrder,
): Promise<Shipped | Refused> {
  try {
    return await context.db.transaction((tx) => ship(tx, context, input));
  } catch (problem) {
    if (!isPostgresError(problem, '23505')) throw problem;
    // A twin of this request with the same key won the race; it is done.
    return context.db.transaction((tx) => ship(tx, context, input));
  }
}

async function ship(
  tx: Transaction,
  context: OperationContext,
  input: ShipFulfillmentOrder,
): Promise<Shipped | Refused> {
  const order = await lockFulfillmentOrder(tx, input.merchantId, input.fulfillmentOrderId);
  if (order === null) return refused('not_found', 'This fulfillment order does not exist.');
  const earlier = await findFulfillmentByKey(tx, input.merchantId, input.idempotencyKey);
  if (earlier !== null) {
    return earlier.fulfillmentOrderId === order.id
      ? { status: 'duplicate', fulfillmentId: earlier.id }
      : refused('conflict', 'This key shipped another fulfillment order: reload the page.');
  }
  const now = context.clock.now();
  const chosen = chooseLines(order, input, now);
  if ('status' in chosen) return chosen;
  const fulfillmentId = newId();
  await postMovements(
    tx,
    input.merchantId,
    chosen.lines.map((line) => shipMovement(order, line, fulfillmentId, input, now)),
    'all',
  );
  await changeAllocations(
    tx,
    chosen.lines.map((line) => ({ id: line.allocationId, shipped: line.quantity, released: 0 })),
  );
  const kits = await refreshShippedFigures(tx, input.merchantId, order.orderId, now);
  const content = await contentOf(tx, input.merchantId, order, chosen.lines, kits);
  const tells = content === null || content.lines.length > 0;
  await insertFulfillments(tx, [
    {
      id: fulfillmentId,
      merchantId: input.merchantId,
      orderId: order.orderId,
      fulfillmentOrderId: order.id,
      idempotencyKey: input.idempotencyKey,
      origin: 'crossdock',
      tracking: input.tracking,
      notifyCustomer: input.notifyCustomer,
      shippedAt: now,
      reportState: tells ? 'pending' : 'not_needed',
      reportDetail: tells ? null : PART_OF_KIT,
      reportContent: content,
      lines: chosen.lines,
    },
  ]);
  await closeFinishedFulfillmentOrders(tx, [order.orderId], now);
  await writeAudit(tx, [
    {
      merchantId: input.merchantId,
      at: now,
      actor: input.actor,
      action: 'fulfillment.shipped',
      subject: { kind: 'order', id: order.orderId },
      cause: { kind: 'form', id: input.idempotencyKey },
      data: {
        fulfillmentId,
        locationId: order.locationId,
        units: chosen.lines.reduce((sum, line) => sum + line.quantity, 0),
        tracked: input.tracking.number !== null,
      },
    },
  ]);
  if (tells) await enqueueJobs(tx, [reportJob(input.merchantId, order, fulfillmentId)]);
  return { status: 'done', fulfillmentId };
}

/**
 * What the channel is told of a parcel with parts of kits: the kits it completes, and the numbers
 * of earlier parcels that completed none. Null where its lines say all.
 */
async function contentOf(
  tx: Transaction,
  merchantId: string,
  order: ShippableOrder,
  lines: readonly Line[],
  kits: readonly CompletedKits[],
): Promise<ReportContent | null> {
  if (lines.every((line) => line.parentLineId === null)) return null;
  const units = new Map<string, number>();
  for (const { parentLineId, lineRef, quantity } of lines) {
    if (parentLineId === null) units.set(lineRef, (units.get(lineRef) ?? 0) + quantity);
  }
  const kitIds = kits.map(({ lineId }) => lineId);
  return {
    lines: [
      ...[...units].map(([lineRef, quantity]) => ({ lineRef, quantity })),
      ...kits.map(({ lineRef, quantity }) => ({ lineRef, quantity })),
    ],
    also: await parcelsToTellAlong(tx, merchantId, order.orderId, kitIds),
  };
}

/** One report at a time per order, so that a channel never sees two of them cross. */
export function reportJob(
  merchantId: string,
  order: { readonly connectionId: string; readonly orderId: string },
  fulfillmentId: string,
): Parameters<typeof enqueueJobs>[1][number] {
  return {
    kind: 'report-fulfillment',
    merchantId,
    connectionId: order.connectionId,
    payload: { merchantId, fulfillmentId },
    serialKey: `report:${order.orderId}`,
    dedupeKey: `report-fulfillment:${fulfillmentId}`,
    causeKind: 'fulfillment',
    causeId: fulfillmentId,
  };
}

function chooseLines(
  order: ShippableOrder,
  input: ShipFulfillmentOrder,
  now: Date,
): { readonly lines: readonly Line[] } | Refused {
  if (order.orderStatus === 'cancelled') return refused('conflict', 'This order was cancelled.');
  if (order.holdReasons.length > 0) return refused('conflict', heldSentence(order.holdReasons));
  const open = order.allocations.filter((allocation) => allocation.quantity > 0);
  if (open.length === 0) return refused('conflict', 'Nothing is left to ship here.');
  if (input.lines === null) {
    const due = open.filter((allocation) => !isLater(allocation, now));
    if (due.length === 0) return refused('conflict', laterSentence(open));
    return { lines: due.map(toLine) };
  }
  const asked = input.lines.filter((line) => line.quantity !== 0);
  if (asked.length === 0) return refused('validation', 'Choose at least one unit to ship.');
  const byId = new Map(open.map((allocation) => [allocation.id, allocation]));
  const lines: Line[] = [];
  for (const line of asked) {
    const allocation = byId.get(line.allocationId);
    if (allocation === undefined || !byId.delete(line.allocationId)) {
      return refused('conflict', 'A line is no longer part of this work: reload the page.');
    }
    if (!Number.isInteger(line.quantity) || line.quantity < 0) {
      return refused('validation', 'Quantities are whole numbers.');
    }
    if (line.quantity > allocation.quantity) {
      return refused('conflict', `Only ${String(allocation.quantity)} are left to ship of a line.`);
    }
    if (isLater(allocation, now)) return refused('conflict', laterSentence([allocation]));
    lines.push({ ...toLine(allocation), quantity: line.quantity });
  }
  return { lines };
}

function toLine({ id, ...allocation }: Allocation): Line {
  return { ...allocation, allocationId: id };
}

function isLater({ shipAfter }: Allocation, now: Date): boolean {
  return shipAfter !== null && shipAfter > now;
}

/** When the first of these may leave, for the person who wanted them to leave now. */
function laterSentence(allocations: readonly Allocation[]): string {
  const times = allocations.flatMap(({ shipAfter }) => shipAfter?.getTime() ?? []);
  const day = new Date(Math.min(...times)).toISOString().slice(0, 10);
  return `This is scheduled: it is not to leave before ${day} (UTC).`;
}

const HELD_BECAUSE: Readonly<Record<string, string>> = {
  payment: 'its payment is pending',
  fraud: 'it may be fraud',
  address: 'its address is missing or wrong',
  out_of_stock: 'something is out of stock',
  merchant: 'somebody put it on hold',
};

function heldSentence(reasons: readonly string[]): string {
  const known = reasons.flatMap((reason) => HELD_BECAUSE[reason] ?? []);
  const because = known.length === 0 ? '' : `: ${known.join(', and ')}`;
  return `This order is on hold${because}. It can leave once the hold is lifted.`;
}

function shipMovement(
  order: ShippableOrder,
  line: Line,
  fulfillmentId: string,
  input: ShipFulfillmentOrder,
  now: Date,
): MovementDraft {
  return {
    itemId: line.itemId,
    quantity: line.quantity,
    from: inside('committed', order.locationId),
    to: outside('customer'),
    key: `ship:${fulfillmentId}:${line.allocationId}`,
    reason: 'shipped',
    cause: { kind: 'order', id: order.orderId },
    actor: input.actor,
    note: null,
    occurredAt: now,
  };
}
