import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import { explainDifference } from '../../domain/stock/explain-difference';
import type { Transaction } from '../../platform/database';
import { type ComparedNumber, comparedNumbers } from '../../store/compared-numbers';
import { type StoredConnection, findConnectionById, isLive } from '../../store/connections';
import { type NewJob, enqueueJobs } from '../../store/jobs';
import { noteObserved } from '../../store/publications';
import {
  type NewFinding,
  RECONCILE_RETENTION_DAYS,
  type ReconcileRun,
  advanceRun,
  deleteOldRuns,
  endRun,
  findingsIn,
  insertFindings,
  leaveUnjudged,
  openRun,
  repairRuleOf,
  runningRun,
} from '../../store/reconcile';
import { subscribeWebhooks } from '../connections/subscribe-webhooks';
import type { OperationContext } from '../context';
import { readHeld } from './read-held';
import { judgeFindings } from './judge-findings';
import { noteRefusal } from './note-refusal';
import { pollOrders } from './poll-orders';
import { readOrdersFirst } from './read-orders-first';

/** Listings compared in one read of the channel. */
const READ_BATCH = 100;
const UNKNOWN_RETRY_MS = 2_000;
const DAY_MS = 24 * 3_600_000;

/** Why a run stops before its end: somebody cancelled it, or another worker has it. */
const NOT_OURS = 'not ours any more';

export type Reconciled = { readonly compared: number };

/** How far a run is: comparing, until the listing named; then judging what differed. */
type Phase =
  | { readonly kind: 'compare'; readonly after: string | null }
  | { readonly kind: 'judge'; readonly ordersReadAt: Date };

export function reconcileJob(connection: {
  readonly id: string;
  readonly merchantId: string;
}): NewJob {
  return {
    kind: 'reconcile-stock',
    merchantId: connection.merchantId,
    connectionId: connection.id,
    payload: { connectionId: connection.id },
    serialKey: `reconcile:${connection.id}`,
    dedupeKey: `reconcile:${connection.id}`,
  };
}

/**
 * Compares every number a channel holds with what it should hold, explains what differs and puts
 * it right by the merchant's rule; sees to it that the channel still tells us of changes. Goes on
 * where a run stopped. A channel that says "later" is obeyed: the answer says so only when this
 * try got nowhere; otherwise a job of its own goes on then.
 */
export async function reconcileStock(
  context: OperationContext,
  input: { readonly connectionId: string; readonly signal?: AbortSignal },
): Promise<Outcome<Reconciled>> {
  const connection = await findConnectionById(context.db, input.connectionId);
  if (connection === null || !isLive(connection)) {
    await stopRun(context, input.connectionId);
    return { status: 'done', value: { compared: 0 } };
  }
  const run = await openRun(context.db, {
    merchantId: connection.merchantId,
    connectionId: connection.id,
    trigger: 'schedule',
    startedBy: 'reconcile',
    now: context.clock.now(),
  });
  const outcome = await goThrough(context, connection, run, input.signal ?? null);
  switch (outcome.status) {
    case 'done':
    case 'duplicate':
      return outcome;
    case 'refused':
      await noteRefusal(context, connection.id, outcome);
      await leaveUnjudged(context.db, run.id, 'The check ended before it was looked into.');
      await endRun(context.db, run.id, 'failed', outcome.reason.message, context.clock.now());
      return outcome;
    case 'retry_later':
    case 'unknown':
      return goOnLater(context, connection, run, outcome);
  }
}

/** A channel that was taken off, or is not live yet, is not compared. */
async function stopRun(context: OperationContext, connectionId: string): Promise<void> {
  const run = await runningRun(context.db, connectionId);
  if (run === null) return;
  await leaveUnjudged(context.db, run.id, 'The check ended before it was looked into.');
  await endRun(context.db, run.id, 'failed', 'The channel is not connected.', context.clock.now());
}

type Later = Extract<Outcome<never>, { readonly status: 'retry_later' | 'unknown' }>;

/** Each try that got somewhere is followed by a fresh job, so that long runs are never given up. */
async function goOnLater(
  context: OperationContext,
  connection: StoredConnection,
  started: ReconcileRun,
  outcome: Later,
): Promise<Outcome<Reconciled>> {
  await noteRefusal(context, connection.id, outcome);
  const run = await runningRun(context.db, connection.id);
  if (run === null || !gotOn(started.cursor, run.cursor)) return outcome;
  const runAt =
    outcome.status === 'retry_later'
      ? outcome.retryAt
      : new Date(context.clock.now().getTime() + UNKNOWN_RETRY_MS);
  await enqueueJobs(context.db, [{ ...reconcileJob(connection), runAt }]);
  return { status: 'done', value: { compared: run.checked - started.checked } };
}

/** Reading the orders once more is no step. */
function gotOn(before: string | null, after: string | null): boolean {
  return before !== after && phaseOf(before).kind === 'compare';
}

async function goThrough(
  context: OperationContext,
  connection: StoredConnection,
  started: ReconcileRun,
  signal: AbortSignal | null,
): Promise<Outcome<Reconciled>> {
  const channel = await context.channelFor(connection);
  const rule = await repairRuleOf(context.db, connection.id);
  let run = started;
  let compared = 0;
  for (let phase = phaseOf(run.cursor); phase.kind === 'compare'; phase = phaseOf(run.cursor)) {
    if (signal?.aborted === true) return { status: 'done', value: { compared } };
    const page = await comparePage(context, { connection, channel, rule }, run, phase.after);
    if (page.status !== 'done' && page.status !== 'duplicate') return page;
    if (page.value === NOT_OURS) return { status: 'done', value: { compared } };
    compared += page.value.compared;
    run = { ...run, cursor: page.value.cursor };
  }
  const judged = await judgeRun(context, { connection, channel, rule }, run, signal);
  if (judged.status !== 'done' && judged.status !== 'duplicate') return judged;
  if (!judged.value) return { status: 'done', value: { compared } };
  await finish(context, connection, channel, run);
  return { status: 'done', value: { compared } };
}

const JUDGE = 'judge ';

function phaseOf(cursor: string | null): Phase {
  return cursor?.startsWith(JUDGE) === true
    ? { kind: 'judge', ordersReadAt: new Date(cursor.slice(JUDGE.length)) }
    : { kind: 'compare', after: cursor };
}

function judging(ordersReadAt: Date): string {
  return `${JUDGE}${ordersReadAt.toISOString()}`;
}

type Reconciling = {
  readonly connection: StoredConnection;
  readonly channel: ChannelConnector;
  readonly rule: Awaited<ReturnType<typeof repairRuleOf>>;
};

type PageDone = { readonly compared: number; readonly cursor: string };

/**
 * Compares the next listings. After the last of them, and when something differed, the channel's
 * changed orders are looked for: what they explain is no edit.
 */
async function comparePage(
  context: OperationContext,
  reconciling: Reconciling,
  run: ReconcileRun,
  after: string | null,
): Promise<Outcome<PageDone | typeof NOT_OURS>> {
  const { connection, channel } = reconciling;
  const startedAt = context.clock.now();
  const numbers = await comparedNumbers(context.db, connection.id, after, READ_BATCH);
  const last = numbers.at(-1)?.listingId;
  if (last === undefined) {
    const open = await findingsIn(context.db, run.id, ['checking'], 1);
    if (open.length > 0) {
      const polled = await pollOrders(context, { connectionId: connection.id });
      if (polled.status !== 'done' && polled.status !== 'duplicate') return polled;
    }
    const cursor = judging(startedAt);
    const step = { cursor, checked: 0, differing: 0 };
    if (!(await advanceRun(context.db, run, step))) return { status: 'done', value: NOT_OURS };
    return { status: 'done', value: { compared: 0, cursor } };
  }
  const held = await readHeld(channel, numbers);
  if (held.status !== 'done' && held.status !== 'duplicate') return held;
  const different = numbers.flatMap((number): Different[] => {
    const holds = held.value(number);
    const found = explainDifference(number, holds, { now: startedAt, ordersRead: false });
    if (found.kind !== 'differs') return [];
    const channelQuantity = holds.kind === 'holds' ? holds.quantity : null;
    const { listingId, locationRef, wanted } = number;
    const { explanation } = found;
    return [
      { number, listingId, locationRef, channelQuantity, wantedQuantity: wanted, explanation },
    ];
  });
  const compared = new Set(numbers.map((number) => number.listingId)).size;
  const moved = await context.db.transaction(async (tx) => {
    const step = { cursor: last, checked: compared, differing: different.length };
    if (!(await advanceRun(tx, run, step))) return false;
    await insertFindings(tx, run, different, startedAt);
    if (reconciling.rule === 'publish') await lowerAtOnce(tx, different, startedAt);
    return true;
  });
  if (!moved) return { status: 'done', value: NOT_OURS };
  if (different.length > 0) context.afterCommit(connection.merchantId);
  return { status: 'done', value: { compared, cursor: last } };
}

type Different = NewFinding & { readonly number: ComparedNumber };

/** Lowering cannot oversell, so it does not wait for the orders. */
async function lowerAtOnce(
  tx: Transaction,
  different: readonly Different[],
  now: Date,
): Promise<void> {
  await noteObserved(
    tx,
    different
      .filter(({ explanation }) => explanation === 'edited_in_channel')
      .flatMap(({ number, channelQuantity, wantedQuantity }) =>
        channelQuantity !== null && channelQuantity > wantedQuantity
          ? [{ id: number.id, quantity: channelQuantity, again: true, retryAt: null }]
          : [],
      ),
    now,
  );
}

/**
 * Judges everything that differed, batch by batch, each with the channel's newest orders known.
 * False: the run is not ours any more, or goes on later.
 */
async function judgeRun(
  context: OperationContext,
  reconciling: Reconciling,
  started: ReconcileRun,
  signal: AbortSignal | null,
): Promise<Outcome<boolean>> {
  const { connection } = reconciling;
  let run = started;
  for (;;) {
    if (signal?.aborted === true) return { status: 'done', value: false };
    const findings = await findingsIn(context.db, run.id, ['checking'], READ_BATCH);
    if (findings.length === 0) return { status: 'done', value: true };
    const phase = phaseOf(run.cursor);
    const readAt = phase.kind === 'judge' ? phase.ordersReadAt : null;
    const orders = await readOrdersFirst(context, connection.id, readAt);
    if (orders.status !== 'done' && orders.status !== 'duplicate') return orders;
    const { at, known, waitUntil } = orders.value;
    if (at !== readAt) {
      const cursor = judging(at);
      const moved = await advanceRun(context.db, run, { cursor, checked: 0, differing: 0 });
      if (!moved) return { status: 'done', value: false };
      run = { ...run, cursor };
    }
    if (waitUntil !== null) {
      await enqueueJobs(context.db, [{ ...reconcileJob(connection), runAt: waitUntil }]);
      return { status: 'done', value: false };
    }
    const judged = await judgeFindings(context, {
      ...reconciling,
      run,
      findings,
      by: { kind: 'system', id: 'reconcile' },
      ordersKnown: known,
    });
    if (judged.status !== 'done' && judged.status !== 'duplicate') return judged;
  }
}

async function finish(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  run: ReconcileRun,
): Promise<void> {
  const now = context.clock.now();
  if (!(await endRun(context.db, run.id, 'done', null, now))) return;
  const before = new Date(now.getTime() - RECONCILE_RETENTION_DAYS * DAY_MS);
  await deleteOldRuns(context.db, connection.merchantId, before);
  await keepHearing(context, connection, channel);
  context.afterCommit(connection.merchantId);
}

/**
 * A store may stop sending webhooks without a word: WooCommerce switches one off after a few
 * deliveries in a row that we could not take. They are switched on again here.
 */
async function keepHearing(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
): Promise<void> {
  if (channel.capabilities.subscribesByConfiguration) return;
  const heard = await subscribeWebhooks(context, { connectionId: connection.id });
  await noteRefusal(context, connection.id, heard);
}
