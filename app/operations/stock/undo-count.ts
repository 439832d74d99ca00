import { type Actor, systemActor } from '../../domain/shared/actor';
import { inside, outside } from '../../domain/stock/cell';
import { KIT_KEPT_SENTENCE, notReversedSentence } from '../../domain/stock/count';
import type { MovementDraft } from '../../domain/stock/movement';
import type { Transaction } from '../../platform/database';
import {
  type UndoLine,
  nextLinesToUndo,
  settleUndone,
  tallyUndone,
} from '../../store/count-posting';
import { enqueueJob } from '../../store/jobs';
import { kitsAmong } from '../../store/kit-components';
import { postMovements } from '../../store/movements';
import { enqueueShortLines } from '../../store/short-lines';
import { type StoredCount, countJob, findCount, updateCount } from '../../store/stock-counts';
import { type OperationContext, type Refused, refused } from '../context';
import { auditCount } from './count-audit';

type Target = { readonly merchantId: string; readonly countId: string };

const LINES_PER_BATCH = 1_000;

/** Lets a job take back exactly what a posted count has moved, as far as the stock is there. */
export async function undoCount(
  context: OperationContext,
  { merchantId, countId, actor }: Target & { readonly actor: Actor },
): Promise<{ readonly status: 'done' } | Refused> {
  const answer = await context.db.transaction(async (tx) => {
    const count = await findCount(tx, merchantId, countId, { lock: true });
    if (count === null) return refused('not_found', 'This count does not exist.');
    if (count.state === 'undoing' || count.state === 'undone') return { status: 'done' as const };
    if (count.state !== 'posted') return refused('conflict', 'This count was not posted.');
    const { total } = await tallyUndone(tx, countId);
    if (total === 0) return refused('conflict', 'This count has changed nothing.');
    await updateCount(tx, countId, {
      state: 'undoing',
      summary: { total, done: 0, at: 0, undoneBy: actor.id },
    });
    await auditCount(context, tx, count, actor, 'count.undo_asked', { lines: total });
    await enqueueJob(tx, countJob('undo-count', { id: countId, merchantId }));
    return { status: 'done' as const };
  });
  if (answer.status === 'done') context.afterCommit(merchantId);
  return answer;
}

/** Takes back what is left to take back, a batch a transaction. */
export async function carryOutUndoing(
  context: OperationContext,
  { merchantId, countId }: Target,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const more = await context.db.transaction(async (tx) => {
      const count = await findCount(tx, merchantId, countId, { lock: true });
      if (count?.state !== 'undoing') return false;
      const { at = 0, done = 0 } = count.summary;
      const lines = await nextLinesToUndo(tx, countId, at, LINES_PER_BATCH);
      if (lines.length === 0) {
        await finish(context, tx, count);
        return false;
      }
      await undoLines(context, tx, count, lines);
      await updateCount(tx, countId, {
        summary: { done: done + lines.length, at: lines.at(-1)?.position ?? at },
      });
      await enqueueShortLines(tx, merchantId, [
        ...new Set(lines.filter(({ moved }) => moved < 0).map(({ itemId }) => itemId)),
      ]);
      return true;
    });
    context.afterCommit(merchantId);
    if (!more) return;
  }
}

async function undoLines(
  context: OperationContext,
  tx: Transaction,
  count: StoredCount,
  lines: readonly UndoLine[],
): Promise<void> {
  const now = context.clock.now();
  const kits = await kitsAmong(
    tx,
    count.merchantId,
    lines.map(({ itemId }) => itemId),
  );
  const moving = lines.filter(({ itemId }) => !kits.has(itemId));
  const drafts = moving.map((line): MovementDraft => {
    const available = inside('available', line.locationId);
    const elsewhere = outside('adjustment');
    return {
      itemId: line.itemId,
      quantity: Math.abs(line.moved),
      from: line.moved > 0 ? available : elsewhere,
      to: line.moved > 0 ? elsewhere : available,
      key: `count-undo:${line.id}`,
      reason: 'count_undone',
      cause: { kind: 'count', id: count.id },
      actor: { kind: 'staff', id: count.summary.undoneBy ?? count.createdBy },
      note: count.name,
      occurredAt: now,
    };
  });
  const results = await postMovements(tx, count.merchantId, drafts, 'partial');
  const unitsOf = new Map(moving.map(({ id }, index) => [id, results[index]?.moved ?? 0]));
  await settleUndone(
    tx,
    lines.map((line) => {
      const units = unitsOf.get(line.id);
      if (units === undefined) return { id: line.id, reversed: 0, problem: KIT_KEPT_SENTENCE };
      const left = Math.abs(line.moved) - units;
      return {
        id: line.id,
        reversed: units === 0 ? 0 : -Math.sign(line.moved) * units,
        problem: left === 0 ? null : notReversedSentence(left),
      };
    }),
  );
}

async function finish(
  context: OperationContext,
  tx: Transaction,
  count: StoredCount,
): Promise<void> {
  const { total, done, partly } = await tallyUndone(tx, count.id);
  await updateCount(tx, count.id, {
    state: 'undone',
    summary: { total, done, partly },
    undoneAt: context.clock.now(),
  });
  await auditCount(context, tx, count, systemActor('counts'), 'count.undone', {
    changed: done,
    partly,
  });
}
