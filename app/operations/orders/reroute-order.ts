import type { Actor } from '../../domain/shared/actor';
import { inside } from '../../domain/stock/cell';
import type { MovementDraft } from '../../domain/stock/movement';
import type { Transaction } from '../../platform/database';
import { newId } from '../../platform/ids';
import {
  type NewAllocation,
  type NewFulfillmentOrder,
  allocationRows,
  changeAllocations,
  closeFinishedFulfillmentOrders,
  fulfillmentOrderRows,
  openFulfillmentOrders,
} from '../../store/allocations';
import { auditRows } from '../../store/audit';
import { findLocationNames } from '../../store/location-names';
import { postMovements } from '../../store/movements';
import { type StoredOrder, lockOrdersById } from '../../store/orders';
import { routingDecisionRows } from '../../store/routing';
import { writeTables } from '../../store/rows';
import { enqueueShortLines } from '../../store/short-lines';
import { enqueueMoveWork } from '../../store/work';
import { type OperationContext, type Refused, refused } from '../context';
import { stepInput } from './hold-order';
import {
  type OrderStep,
  type OrderSteps,
  type StepInput,
  stepDone,
  stepFailed,
  stepSkipped,
} from './order-step';
import {
  type PlannedReroute,
  type RerouteWish,
  lockForReroutes,
  readReroute,
  rerouteProblem,
} from './read-reroute';

export type RerouteOrder = RerouteWish & {
  readonly merchantId: string;
  readonly orderId: string;
  /** Of the preview the person agreed to. */
  readonly token: string;
  readonly actor: Actor;
  readonly idempotencyKey: string;
};

/** Why units ship from a certain place that the rules did not choose, as people read it. */
export type RerouteReason = 'chosen by hand' | 'moved in the channel';

const BY_HAND: RerouteReason = 'chosen by hand';
const CHANGED = 'Stock or the order changed since you looked. Look again at what would change.';

/**
 * Ships an order's open units from elsewhere, exactly as the preview said or not at all: units go
 * back where they were and are set aside anew, with a routing decision by the person who asked.
 */
export async function rerouteOrder(
  context: OperationContext,
  input: RerouteOrder,
): Promise<{ readonly status: 'done' } | Refused> {
  const answer = await context.db.transaction(async (tx) => {
    const [order] = await lockOrdersById(tx, input.merchantId, [input.orderId]);
    if (order === undefined) return refused('not_found', 'This order does not exist.');
    const problem = rerouteProblem(order, input);
    if (problem !== null) return refused('conflict', problem);
    const planned = await readReroute(tx, order, input);
    // A second press of the button finds nothing left to move.
    if (planned.plan.moves.length === 0 && planned.plan.missing.length === 0) {
      return { status: 'done' as const };
    }
    if (planned.token !== input.token) return refused('conflict', CHANGED);
    if (planned.plan.missing.length > 0) {
      return refused('conflict', 'This location does not have all of it.');
    }
    await carryOutReroute(tx, stepInput(context, input), order, input, {
      ...planned,
      how: BY_HAND,
    });
    return { status: 'done' as const };
  });
  if (answer.status === 'done') context.afterCommit(input.merchantId);
  return answer;
}

/** Routes orders again by the rules, in the caller's transaction; what is best already stays. */
export async function rerouteByRules(tx: Transaction, input: StepInput): Promise<OrderSteps> {
  const steps: OrderSteps = new Map();
  const wish: RerouteWish = { fulfillmentOrderId: null, target: { kind: 'rules' } };
  const orders = await lockOrdersById(tx, input.merchantId, input.orderIds);
  await lockForReroutes(tx, input.merchantId, orders);
  for (const order of orders) {
    steps.set(order.id, await rerouteStep(tx, input, order, wish));
  }
  return steps;
}

async function rerouteStep(
  tx: Transaction,
  input: StepInput,
  order: StoredOrder,
  wish: RerouteWish,
): Promise<OrderStep> {
  const problem = rerouteProblem(order, wish);
  if (problem !== null) return order.held ? stepFailed(problem) : stepSkipped(problem);
  const planned = await readReroute(tx, order, wish);
  // What is promised can always be promised again; but a location may have left the channel.
  if (planned.plan.missing.length > 0) {
    return stepFailed('The locations that ship for this channel do not have all of it.');
  }
  if (planned.plan.moves.length === 0) return stepSkipped('It ships from the best place already.');
  await carryOutReroute(tx, input, order, wish, { ...planned, how: BY_HAND });
  return stepDone();
}

/** Writes a planned re-routing, and has the channel told of it. */
export async function carryOutReroute(
  tx: Transaction,
  input: StepInput,
  order: StoredOrder,
  wish: RerouteWish,
  { plan, how }: Pick<PlannedReroute, 'plan'> & { readonly how: RerouteReason },
): Promise<void> {
  const { merchantId, now } = input;
  const names = await findLocationNames(tx, merchantId);
  const decisionId = newId();
  const sentence = decisionSentence(wish, plan, names, how);
  const { works, allocations } = await newWork(tx, order, plan, decisionId);
  await writeTables(tx, [
    routingDecisionRows(
      [
        {
          id: decisionId,
          merchantId,
          orderId: order.id,
          cause: input.cause,
          plan: { ...plan.decision, sentence },
        },
      ],
      now,
    ),
    fulfillmentOrderRows(works, now),
    allocationRows(allocations, now),
    auditRows([
      {
        merchantId,
        at: now,
        actor: input.actor,
        action: 'order.rerouted',
        subject: { kind: 'order', id: order.id },
        cause: input.cause,
        data: {
          sentence,
          units: plan.moves.reduce((sum, { quantity }) => sum + quantity, 0),
          moves: plan.moves,
        },
      },
    ]),
  ]);
  await changeAllocations(
    tx,
    plan.releases.map(({ allocation, quantity }) => ({
      id: allocation.id,
      shipped: 0,
      released: quantity,
    })),
  );
  const results = await postMovements(tx, merchantId, movementsOf(input, order, plan), 'all');
  // The levels were locked before planning; anything else here is a mistake of ours.
  if (results.some(({ outcome }) => outcome === 'short')) {
    throw new Error('A planned re-routing could not be posted.');
  }
  await closeFinishedFulfillmentOrders(tx, [order.id], now);
  const freed = new Set(plan.releases.map(({ allocation }) => allocation.itemId));
  await enqueueShortLines(tx, merchantId, [...freed]);
  await enqueueMoveWork(tx, merchantId, [{ orderId: order.id, connectionId: order.connectionId }]);
}

/** New promises join the order's open work at a location. */
async function newWork(
  tx: Transaction,
  order: StoredOrder,
  plan: PlannedReroute['plan'],
  decisionId: string,
): Promise<{ works: readonly NewFulfillmentOrder[]; allocations: readonly NewAllocation[] }> {
  const { merchantId, id: orderId } = order;
  const open = await openFulfillmentOrders(tx, [orderId]);
  const workAt = new Map(open.map(({ id, locationId }) => [locationId, id]));
  const works: NewFulfillmentOrder[] = [];
  const allocations = plan.assignments.map((assigned) => {
    const { locationId } = assigned;
    const known = workAt.get(locationId);
    const id = known ?? newId();
    if (known === undefined) {
      workAt.set(locationId, id);
      works.push({ id, merchantId, orderId, locationId, decisionId });
    }
    return {
      id: newId(),
      merchantId,
      fulfillmentOrderId: id,
      orderLineId: assigned.lineId,
      itemId: assigned.itemId,
      locationId,
      quantity: assigned.quantity,
      shippedQuantity: 0,
    };
  });
  return { works, allocations };
}

function movementsOf(
  input: StepInput,
  order: StoredOrder,
  plan: PlannedReroute['plan'],
): MovementDraft[] {
  const same = {
    reason: 'rerouted',
    cause: { kind: 'order', id: order.id },
    actor: input.actor,
    note: null,
    occurredAt: input.now,
  };
  return [
    ...plan.releases.map(({ allocation, quantity }) => ({
      ...same,
      itemId: allocation.itemId,
      quantity,
      from: inside('committed', allocation.locationId),
      to: inside('available', allocation.locationId),
      // A fresh id: planning under lock is what makes this happen once.
      key: `rerouted:${newId()}`,
    })),
    ...plan.assignments.map(({ itemId, quantity, locationId }) => ({
      ...same,
      itemId,
      quantity,
      from: inside('available', locationId),
      to: inside('committed', locationId),
      key: `rerouted:${newId()}`,
    })),
  ];
}

function decisionSentence(
  { target }: RerouteWish,
  plan: PlannedReroute['plan'],
  names: ReadonlyMap<string, string>,
  how: RerouteReason,
): string {
  if (target.kind === 'rules') return plan.decision.sentence;
  const units = plan.moves.reduce((sum, { quantity }) => sum + quantity, 0);
  const from = [...new Set(plan.moves.map((move) => names.get(move.from) ?? 'elsewhere'))];
  const what = units === 1 ? '1 unit' : `${String(units)} units`;
  const place = names.get(target.locationId) ?? 'Another location';
  return `${place} ships ${what} instead of ${from.join(' and ')}: ${how}.`;
}
