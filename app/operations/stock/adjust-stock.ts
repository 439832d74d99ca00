import { isAdjustmentReason } from '../../domain/stock/adjustment';
import { type InsideState, inside, isInsideState, outside } from '../../domain/stock/cell';
import { type MovementDraft, quantityProblem } from '../../domain/stock/movement';
import type { Actor } from '../../domain/shared/actor';
import { type Transaction, isPostgresError } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import { kitsAmong } from '../../store/kit-components';
import { readLevelUnits } from '../../store/levels';
import { postMovements } from '../../store/movements';
import { enqueueShortLines } from '../../store/short-lines';
import { type OperationContext, type Refused, refused } from '../context';

export type AdjustStock = {
  readonly merchantId: string;
  readonly itemId: string;
  readonly locationId: string;
  /** Default `available`. */
  readonly state?: string;
  readonly reason: string;
  readonly note: string | null;
  readonly actor: Actor;
  /** Made once per form; the same form sent twice adjusts once. */
  readonly idempotencyKey: string;
};

export type StockAdjusted = {
  readonly status: 'done';
  /** Units in that state afterwards. */
  readonly available: number;
};

const NOTE_LENGTH_MAX = 500;
const KIT = 'A kit has no stock of its own: change the stock of its components.';

/** Adds (change > 0) or takes away (change < 0) units at one location, with a reason. */
export async function adjustStock(
  context: OperationContext,
  input: AdjustStock & { readonly change: number },
): Promise<StockAdjusted | Refused> {
  const problem = formProblem(input) ?? quantityProblem(Math.abs(input.change));
  if (problem !== null) return refused('validation', problem);
  return commit(context, input, (tx) => adjustBy(tx, context, input, input.change, input.change));
}

/** Makes the units at one location exactly `quantity` (whole, >= 0), as after a count. */
export async function setStock(
  context: OperationContext,
  input: AdjustStock & { readonly quantity: number },
): Promise<StockAdjusted | Refused> {
  const problem =
    formProblem(input) ?? (input.quantity === 0 ? null : quantityProblem(input.quantity));
  if (problem !== null) return refused('validation', problem);
  return commit(context, input, async (tx) => {
    const before = await readLevelUnits(tx, input, stateOf(input), { lock: true });
    const change = input.quantity - before;
    if (change === 0) return { status: 'done', available: before };
    return adjustBy(tx, context, input, change, input.quantity);
  });
}

function stateOf(input: AdjustStock): InsideState {
  const state = input.state ?? 'available';
  return isInsideState(state) ? state : 'available';
}

function formProblem(input: AdjustStock): string | null {
  if (input.state !== undefined && !isInsideState(input.state)) return 'Choose a known state.';
  if (input.state === 'committed') return 'Committed units change only through their orders.';
  if (!isAdjustmentReason(input.reason)) return 'Choose a reason from the list.';
  if (input.note !== null && input.note.length > NOTE_LENGTH_MAX) return 'The note is too long.';
  if (input.reason === 'other' && (input.note ?? '').trim() === '') {
    return 'Say in the note why the stock changes.';
  }
  return input.idempotencyKey === '' ? 'The form is incomplete: reload the page.' : null;
}

async function commit(
  context: OperationContext,
  input: AdjustStock,
  work: (tx: Transaction) => Promise<StockAdjusted | Refused>,
): Promise<StockAdjusted | Refused> {
  try {
    const answer = await context.db.transaction(async (tx) => {
      const kits = await kitsAmong(tx, input.merchantId, [input.itemId]);
      return kits.size === 0 ? work(tx) : refused('conflict', KIT);
    });
    context.afterCommit(input.merchantId);
    return answer;
  } catch (problem) {
    if (isPostgresError(problem, 'CD002')) {
      return refused('not_found', 'This item or location does not exist.');
    }
    if (isPostgresError(problem, 'CD001')) {
      return refused('conflict', 'This form was sent before with other values: reload the page.');
    }
    throw problem;
  }
}

async function adjustBy(
  tx: Transaction,
  context: OperationContext,
  input: AdjustStock,
  change: number,
  shown: number,
): Promise<StockAdjusted | Refused> {
  const now = context.clock.now();
  const cell = inside(stateOf(input), input.locationId);
  const source = outside(input.reason === 'received' ? 'supplier' : 'adjustment');
  const sink = outside(input.reason === 'damaged' ? 'scrap' : 'adjustment');
  const draft: MovementDraft = {
    itemId: input.itemId,
    quantity: Math.abs(change),
    from: change > 0 ? source : cell,
    to: change > 0 ? cell : sink,
    key: `adjust:${input.idempotencyKey}`,
    reason: input.reason,
    cause: { kind: 'form', id: input.idempotencyKey },
    actor: input.actor,
    note: input.note,
    occurredAt: now,
  };
  const [result] = await postMovements(tx, input.merchantId, [draft], 'all');
  const left = await readLevelUnits(tx, input, stateOf(input), { lock: false });
  if (result?.outcome === 'short') {
    return refused(
      'conflict',
      `Only ${String(left)} ${left === 1 ? 'unit is' : 'units are'} there, so ${String(Math.abs(change))} cannot be taken away.`,
    );
  }
  if (result?.outcome === 'done') {
    await writeAudit(tx, [
      {
        merchantId: input.merchantId,
        at: now,
        actor: input.actor,
        action: 'stock.adjusted',
        subject: { kind: 'item', id: input.itemId },
        cause: draft.cause,
        data: {
          locationId: input.locationId,
          state: cell.state,
          change,
          asked: shown,
          now: left,
          reason: input.reason,
          note: input.note,
        },
      },
    ]);
    if (change > 0 && cell.state === 'available') {
      await enqueueShortLines(tx, input.merchantId, [input.itemId]);
    }
  }
  return { status: 'done', available: left };
}
