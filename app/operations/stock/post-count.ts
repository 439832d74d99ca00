import { type Actor, systemActor } from '../../domain/shared/actor';
import { inside, outside } from '../../domain/stock/cell';
import {
  type CountMove,
  KIT_SENTENCE,
  missingSentence,
  planCountMove,
} from '../../domain/stock/count';
import type { MovementDraft } from '../../domain/stock/movement';
import type { Transaction } from '../../platform/database';
import { countRestAsZero, tallyLines } from '../../store/count-lines';
import {
  type PostingLine,
  lockCountedLevels,
  nextLinesToPost,
  settlePosted,
  tallyPosted,
} from '../../store/count-posting';
import { enqueueJob } from '../../store/jobs';
import { kitsAmong } from '../../store/kit-components';
import { postMovements } from '../../store/movements';
import { enqueueShortLines } from '../../store/short-lines';
import { type StoredCount, countJob, findCount, updateCount } from '../../store/stock-counts';
import { type OperationContext, type Refused, refused } from '../context';
import { auditCount } from './count-audit';

type Target = { readonly merchantId: string; readonly countId: string };

/** Lines of one transaction: their levels are locked for some tenths of a second at most. */
const LINES_PER_BATCH = 1_000;

const NO_MOVE: CountMove = { change: 0, missing: 0 };

/**
 * Lets the ledger be brought to what was counted; a job does it, in batches. Lines with a problem
 * change nothing. `rest` says what an item is that nobody has counted.
 */
export async function postCount(
  context: OperationContext,
  input: Target & { readonly actor: Actor; readonly rest: 'leave' | 'zero' },
): Promise<{ readonly status: 'done' } | Refused> {
  const { merchantId, countId, actor } = input;
  const answer = await context.db.transaction(async (tx) => {
    const count = await findCount(tx, merchantId, countId, { lock: true });
    if (count === null) return refused('not_found', 'This count does not exist.');
    // The same press twice is one posting.
    if (count.state === 'posting' || count.state === 'posted') return { status: 'done' as const };
    if (count.state !== 'open') return refused('conflict', 'This count cannot be posted any more.');
    if (input.rest === 'zero' && count.kind === 'cycle')
      await countRestAsZero(tx, countId, actor.id);
    const { counted } = await tallyLines(tx, countId);
    if (counted === 0) return refused('validation', 'Nothing was counted yet.');
    const summary = { total: counted, done: 0, at: 0 };
    await updateCount(tx, countId, { state: 'posting', summary, postedBy: actor.id });
    await auditCount(context, tx, count, actor, 'count.post_asked', { lines: counted });
    await enqueueJob(tx, countJob('post-count', { id: countId, merchantId }));
    return { status: 'done' as const };
  });
  if (answer.status === 'done') context.afterCommit(merchantId);
  return answer;
}

/** Posts what is left of a count, a batch a transaction; killed at any point, it goes on there. */
export async function carryOutPosting(
  context: OperationContext,
  { merchantId, countId }: Target,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const more = await context.db.transaction(async (tx) => {
      const count = await findCount(tx, merchantId, countId, { lock: true });
      if (count?.state !== 'posting') return false;
      const { at = 0, done = 0 } = count.summary;
      const lines = await nextLinesToPost(tx, countId, at, LINES_PER_BATCH);
      if (lines.length === 0) {
        await finish(context, tx, count);
        return false;
      }
      const raised = await postLines(context, tx, count, lines);
      await updateCount(tx, countId, {
        summary: { done: done + lines.length, at: lines.at(-1)?.position ?? at },
      });
      await enqueueShortLines(tx, merchantId, raised);
      return true;
    });
    context.afterCommit(merchantId);
    if (!more) return;
  }
}

/** Answers the items that have more available than before. */
async function postLines(
  context: OperationContext,
  tx: Transaction,
  count: StoredCount,
  lines: readonly PostingLine[],
): Promise<readonly string[]> {
  const kits = await kitsAmong(
    tx,
    count.merchantId,
    lines.map(({ itemId }) => itemId),
  );
  const levels = await lockCountedLevels(tx, count.merchantId, count.basis, lines);
  const planned = lines.map((line, index) => {
    const level = levels[index];
    if (level === undefined) throw new Error('A line has no level.');
    const before = count.basis === 'on_hand' ? level.onHand : level.available;
    if (kits.has(line.itemId)) return { line, before, move: NO_MOVE, problem: KIT_SENTENCE };
    const move = planCountMove(count.basis, line.counted, level);
    const problem = move.missing === 0 ? null : missingSentence(move.missing);
    return { line, before, move, problem };
  });
  const moving = planned.filter(({ move }) => move.change !== 0);
  const now = context.clock.now();
  const results = await postMovements(
    tx,
    count.merchantId,
    moving.map(({ line, move }) => draftOf(count, line, move, now)),
    'all',
  );
  // The levels are locked, and no more is taken than they have.
  if (results.some(({ outcome }) => outcome === 'short')) throw new Error('A counted level moved.');
  await settlePosted(
    tx,
    planned.map(({ line, before, move, problem }) => ({
      id: line.id,
      expected: before,
      moved: move.change,
      problem,
    })),
  );
  return [...new Set(moving.filter(({ move }) => move.change > 0).map(({ line }) => line.itemId))];
}

function draftOf(
  count: StoredCount,
  line: PostingLine,
  { change }: CountMove,
  occurredAt: Date,
): MovementDraft {
  const available = inside('available', line.locationId);
  const elsewhere = outside('adjustment');
  return {
    itemId: line.itemId,
    quantity: Math.abs(change),
    from: change > 0 ? elsewhere : available,
    to: change > 0 ? available : elsewhere,
    key: `count:${line.id}`,
    reason: 'count',
    cause: { kind: 'count', id: count.id },
    actor: { kind: 'staff', id: count.postedBy ?? count.createdBy },
    note: count.name,
    occurredAt,
  };
}

async function finish(
  context: OperationContext,
  tx: Transaction,
  count: StoredCount,
): Promise<void> {
  const tally = await tallyPosted(tx, count.id);
  await updateCount(tx, count.id, {
    state: 'posted',
    summary: tally,
    postedAt: context.clock.now(),
  });
  const { changed, added, removed, partly } = tally;
  const data = { changed, added, removed, partly };
  await auditCount(context, tx, count, systemActor('counts'), 'count.posted', data);
}
