import { type InsideState, inside } from '../../domain/stock/cell';
import {
  type MovementDraft,
  type MovementResult,
  quantityProblem,
} from '../../domain/stock/movement';
import type { Actor, Cause } from '../../domain/shared/actor';
import { isPostgresError } from '../../platform/database';
import { isId } from '../../platform/ids';
import { postMovements } from '../../store/movements';
import { type OperationContext, type Refused, refused } from '../context';
import { createGroupCommit } from '../group-commit';

/** Units to take out of what is available at one location. */
export type ReserveStock = {
  readonly itemId: string;
  readonly locationId: string;
  /** Whole, > 0. */
  readonly quantity: number;
  /** `reserved`: set aside. `committed`: promised to whatever the cause names. */
  readonly to: Extract<InsideState, 'reserved' | 'committed'>;
  /** Unique per merchant: the same request again reserves nothing and hears what the first did. */
  readonly key: string;
  readonly cause: Cause;
  readonly actor: Actor;
};

/**
 * `short`: fewer units than asked were there, and those were taken (`moved`, maybe 0). A key that
 * got nothing is not used up.
 */
export type StockReserved = MovementResult | Refused;

/** Lines of one statement at most: some milliseconds of work. */
const BATCH_MAX = 512;
const REASON = 'reserve';
const OTHER_CONTENT = 'This request was sent before with other content.';
const NOT_FOUND = 'This item or location does not exist.';

/**
 * Takes units for many callers at once. Calls of one merchant that come while an earlier batch is
 * being written are written together, so a hot item's row is locked once per batch and not once
 * per call; every caller hears of its own units, and only when they are durable. Of two callers
 * who want the last unit, one is told `short`.
 */
export function createReserveStock(
  context: OperationContext,
): (merchantId: string, request: ReserveStock) => Promise<StockReserved> {
  const reserve = createGroupCommit<ReserveStock, StockReserved>(
    (merchantId, requests) => reserveAll(context, merchantId, requests),
    BATCH_MAX,
  );
  return async (merchantId, request) => {
    const problem = quantityProblem(request.quantity);
    if (problem !== null) return refused('validation', problem);
    if (request.key === '') return refused('validation', 'A key is needed.');
    if (!isId(request.itemId) || !isId(request.locationId)) return refused('not_found', NOT_FOUND);
    try {
      return await reserve(merchantId, request);
    } catch (failure) {
      // The batch was tried one by one by then, so this is about this request alone.
      if (isPostgresError(failure, 'CD001')) return refused('conflict', OTHER_CONTENT);
      if (isPostgresError(failure, 'CD002')) return refused('not_found', NOT_FOUND);
      throw failure;
    }
  };
}

/** One result per request, in order. A key that comes twice in one batch is posted once. */
export async function reserveAll(
  context: OperationContext,
  merchantId: string,
  requests: readonly ReserveStock[],
): Promise<readonly StockReserved[]> {
  const first = new Map<string, number>();
  const distinct: ReserveStock[] = [];
  for (const request of requests) {
    if (first.has(request.key)) continue;
    first.set(request.key, distinct.length);
    distinct.push(request);
  }
  const now = context.clock.now();
  const drafts = distinct.map((request) => draftOf(request, now));
  // One statement is its own transaction.
  const results = await postMovements(context.db, merchantId, drafts, 'partial');
  context.afterCommit(merchantId);
  return requests.map((request) => {
    const index = first.get(request.key) ?? -1;
    const posted = distinct[index];
    const result = results[index];
    if (posted === undefined || result === undefined) throw new Error('A line has no result.');
    if (posted === request) return result;
    if (!sameContent(posted, request)) return refused('conflict', OTHER_CONTENT);
    return result.moved > 0 ? { moved: result.moved, outcome: 'duplicate' } : result;
  });
}

function draftOf(request: ReserveStock, now: Date): MovementDraft {
  return {
    itemId: request.itemId,
    quantity: request.quantity,
    from: inside('available', request.locationId),
    to: inside(request.to, request.locationId),
    key: `${REASON}:${request.key}`,
    reason: REASON,
    cause: request.cause,
    actor: request.actor,
    note: null,
    occurredAt: now,
  };
}

function sameContent(left: ReserveStock, right: ReserveStock): boolean {
  return (
    left.itemId === right.itemId &&
    left.locationId === right.locationId &&
    left.quantity === right.quantity &&
    left.to === right.to
  );
}
