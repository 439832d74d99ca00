import type { ChannelConnector, StockPublished } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import { systemActor } from '../../domain/shared/actor';
import { ECHO_WINDOW_MS } from '../../domain/stock/publish-quantity';
import { BRAKE_LISTINGS_MIN, type BrakeHold } from '../../domain/stock/push-brake';
import { newId } from '../../platform/ids';
import { writeAudit } from '../../store/audit';
import {
  type StoredConnection,
  findConnectionById,
  isLive,
  noteConnectionError,
  setConnectionStatus,
} from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import {
  type NumberSettled,
  type NumberToSend,
  nextNumberDue,
  notePublishIntent,
  numbersToSend,
  settleNumbers,
} from '../../store/numbers-to-send';
import { LOW_UNITS, publishJob, publishingDue } from '../../store/publications';
import type { OperationContext } from '../context';
import { applyBrake } from './apply-brake';
import { RAISE_HOLD_MS, findUnseenSalesJob } from './poll-orders';

/** `retry`: the channel is busy or away until then. */
export type PublishRun =
  | { readonly status: 'done'; readonly sent: number }
  | { readonly status: 'retry'; readonly at: Date; readonly reason: string };

/** Batches one job sends before it lets other work of the account have a turn. */
const BATCHES_MAX = 20;
/** A listing the channel refuses is tried again this seldom; it is shown meanwhile. */
const REFUSED_RETRY_MS = 600_000;
const UNKNOWN_RETRY_MS = 2_000;
/** With the brake on, how often it is looked whether the push has become small enough by itself. */
const BRAKE_LOOK_MS = 30_000;

type BatchRun = {
  readonly sent: number;
  readonly retry: { readonly at: Date; readonly reason: string } | null;
  readonly refusedAccess: boolean;
  /** The channel held another number than we believed: it can be sent anew at once. */
  readonly again: boolean;
};

const NOTHING_SENT: BatchRun = { sent: 0, retry: null, refusedAccess: false, again: false };

/**
 * Sends a connection's dirty numbers, newest wanted quantity only, in the channel's batches. One
 * run per connection at a time (its job is keyed), so a listing has one writer. Whether they may
 * go is looked at with every batch: a person may pause, or make a mistake, at any time.
 */
export async function publishStock(
  context: OperationContext,
  input: { readonly connectionId: string },
): Promise<PublishRun> {
  let connection = await findConnectionById(context.db, input.connectionId);
  if (connection === null || !isLive(connection)) return { status: 'done', sent: 0 };
  const channel = await context.channelFor(connection);
  const limit = channel.capabilities.stockBatchMax;
  let hold = connection.brakedAt === null ? 'nothing' : await applyBrake(context, connection);
  let sent = 0;
  let more = true;
  for (let batch = 0; more && batch < BATCHES_MAX; batch += 1) {
    more = false;
    const due = await numbersDue(context, connection.id, limit, hold);
    if (due.length === 0) break;
    if (batch > 0) connection = await findConnectionById(context.db, input.connectionId);
    if (connection === null || !isLive(connection)) return { status: 'done', sent };
    const brake = await brakeBefore(context, connection, { due, limit, hold });
    const numbers = brake === hold ? due : await numbersDue(context, connection.id, limit, brake);
    hold = brake;
    if (numbers.length === 0) break;
    const outcome = await publishBatch(context, connection, channel, numbers);
    sent += outcome.sent;
    // What changes meanwhile has a job of its own, a moment later and together with others.
    more = due.length >= limit || outcome.again;
    if (outcome.retry !== null) return { status: 'retry', ...outcome.retry };
    if (outcome.refusedAccess) return { status: 'done', sent };
  }
  await goOnLater(context, connection, hold, more);
  return { status: 'done', sent };
}

function numbersDue(
  context: OperationContext,
  connectionId: string,
  limit: number,
  hold: BrakeHold,
): Promise<readonly NumberToSend[]> {
  return numbersToSend(context.db, connectionId, { limit, now: context.clock.now(), hold });
}

/**
 * What the brake holds back now. It is measured after the numbers were read, so that it has seen
 * all of them. When they are all there is, and few, no push of them could be too large.
 */
async function brakeBefore(
  context: OperationContext,
  connection: StoredConnection,
  asked: {
    readonly due: readonly NumberToSend[];
    readonly limit: number;
    readonly hold: BrakeHold;
  },
): Promise<BrakeHold> {
  const listings = asked.due.reduce((sum, { members }) => sum + members.length, 0);
  const fewer = listings < Math.min(asked.limit, BRAKE_LISTINGS_MIN);
  return fewer && asked.hold === 'nothing' ? 'nothing' : applyBrake(context, connection);
}

/** What is left (held back, or too much for one run) gets a job of its own. */
async function goOnLater(
  context: OperationContext,
  connection: StoredConnection,
  hold: BrakeHold,
  more: boolean,
): Promise<void> {
  const now = context.clock.now();
  const due = more ? now : await nextNumberDue(context.db, connection.id, hold);
  const soonest = publishingDue(now);
  const times = due === null ? [] : [due < soonest ? soonest : due];
  if (hold !== 'nothing') times.push(new Date(now.getTime() + BRAKE_LOOK_MS));
  await enqueueJobs(
    context.db,
    times.map((runAt) => publishJob(connection.merchantId, connection.id, runAt)),
  );
}

async function publishBatch(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  numbers: readonly NumberToSend[],
): Promise<BatchRun> {
  const now = context.clock.now();
  const readAt = numbers[0]?.readAt ?? now;
  const settledAlready = numbers.filter((number) => isHeld(number, now));
  await settleNumbers(
    context.db,
    settledAlready.map((number) => ({ ...kept(number), sent: true })),
    { readAt, now },
  );
  const toSend = numbers.filter((number) => !isHeld(number, now));
  if (toSend.length === 0) return NOTHING_SENT;
  await notePublishIntent(context.db, toSend);
  const outcomes = await channel.publishStock(
    toSend.map(({ listingRef, stockRef, locationRef, quantity, known }) => ({
      listingRef,
      stockRef,
      locationRef,
      quantity,
      expected: known,
    })),
    `publish:${newId()}`,
  );
  return settleBatch(context, connection, { sent: toSend, outcomes, readAt });
}

/**
 * The channel holds it already as far as we know: telling it again would only make an echo. Where a
 * message said so and we asked for a number lately, the message may be older than our asking: then
 * the channel, which compares, has the word.
 */
function isHeld({ known, quantity, knownAt, sentAt }: NumberToSend, now: Date): boolean {
  if (known !== quantity) return false;
  if (sentAt === null || now.getTime() - sentAt.getTime() > ECHO_WINDOW_MS) return true;
  return knownAt !== null && knownAt <= sentAt;
}

function kept({ members, known }: NumberToSend): NumberSettled {
  return { members, sent: false, known, heard: false, error: null, retryAt: null };
}

async function settleBatch(
  context: OperationContext,
  connection: StoredConnection,
  batch: {
    readonly sent: readonly NumberToSend[];
    readonly outcomes: readonly Outcome<StockPublished>[];
    readonly readAt: Date;
  },
): Promise<BatchRun> {
  const { sent, outcomes, readAt } = batch;
  const now = context.clock.now();
  const settled = sent.map((row, index) => settleOne(row, outcomes[index], now));
  const written = settled.filter((row) => row.wrote);
  const raced = settled.filter((row) => row.raced);
  const retry = latestRetry(outcomes);
  const unauthorized = outcomes.flatMap((outcome) =>
    outcome.status === 'refused' && outcome.reason.code === 'unauthorized' ? [outcome.reason] : [],
  )[0];
  await context.db.transaction(async (tx) => {
    await settleNumbers(tx, settled, { readAt, now });
    await tx.query(`UPDATE connection SET last_publish_at = $2 WHERE id = $1 AND $3 > 0`, [
      connection.id,
      now,
      written.length,
    ]);
    if (unauthorized !== undefined) {
      await setConnectionStatus(tx, connection.id, 'needs_attention', unauthorized.message);
    }
    if (written.length > 0 || raced.length > 0) {
      await writeAudit(tx, [publishAudit(connection, settled, sent, now)]);
    }
    if (raced.length > 0) await enqueueJobs(tx, [findUnseenSalesJob(connection, now)]);
  });
  const failure = settled.find((row) => row.error !== null)?.error ?? retry?.reason ?? null;
  if (failure !== null) {
    await noteConnectionError(context.db, connection.id, failure);
  }
  context.afterCommit(connection.merchantId);
  return {
    sent: written.length,
    retry,
    refusedAccess: unauthorized !== undefined,
    again: settled.some((row) => !row.sent && row.heard && row.retryAt === null),
  };
}

type Settled = NumberSettled & {
  readonly wrote: boolean;
  /** The channel's own number had moved, and ours would raise it: look for a sale first. */
  readonly raced: boolean;
  readonly actual: number | null;
};

function settleOne(
  row: NumberToSend,
  outcome: Outcome<StockPublished> | undefined,
  now: Date,
): Settled {
  const base = { ...kept(row), wrote: false, raced: false, actual: null };
  const later = (ms: number): Date => new Date(now.getTime() + ms);
  if (outcome === undefined) return { ...base, error: 'The channel gave no answer for it.' };
  switch (outcome.status) {
    case 'done':
    case 'duplicate':
      return settlePublished(row, outcome.value, base, later);
    case 'refused':
      // Refused keys are the connection's trouble, not the number's: it waits for nothing else.
      return outcome.reason.code === 'unauthorized'
        ? base
        : { ...base, error: outcome.reason.message, retryAt: later(REFUSED_RETRY_MS) };
    case 'retry_later':
      return base;
    case 'unknown':
      return { ...base, known: null, retryAt: later(UNKNOWN_RETRY_MS) };
  }
}

function settlePublished(
  row: NumberToSend,
  published: StockPublished,
  base: Settled,
  later: (ms: number) => Date,
): Settled {
  if (published.kind !== 'stale') {
    return {
      ...base,
      sent: true,
      known: published.quantity,
      heard: true,
      wrote: published.kind === 'set',
    };
  }
  // Lowering is always safe. Raising over a number that moved by itself could undo a sale that is
  // still on its way to us; when few are left there, the channel's orders are read first.
  const { actual } = published;
  const raises = actual !== null && row.quantity > actual && actual < LOW_UNITS;
  return {
    ...base,
    known: published.actual,
    heard: true,
    raced: raises,
    actual: published.actual,
    retryAt: raises ? later(RAISE_HOLD_MS) : null,
  };
}

function latestRetry(
  outcomes: readonly Outcome<StockPublished>[],
): { at: Date; reason: string } | null {
  let retry: { at: Date; reason: string } | null = null;
  for (const outcome of outcomes) {
    if (outcome.status !== 'retry_later') continue;
    if (retry === null || outcome.retryAt > retry.at) {
      retry = { at: outcome.retryAt, reason: outcome.message };
    }
  }
  return retry;
}

function publishAudit(
  connection: StoredConnection,
  settled: readonly Settled[],
  sent: readonly NumberToSend[],
  now: Date,
): Parameters<typeof writeAudit>[1][number] {
  const numbers = settled.flatMap((row, index) => {
    const wanted = sent[index];
    if (wanted === undefined || !(row.wrote || row.raced)) return [];
    const { sku, locationRef, known, quantity } = wanted;
    return [{ sku, locationRef, from: known, to: quantity, heldBy: row.raced ? row.actual : null }];
  });
  return {
    merchantId: connection.merchantId,
    at: now,
    actor: systemActor('publish-stock'),
    action: 'stock.published',
    subject: { kind: 'connection', id: connection.id },
    cause: { kind: 'connection', id: connection.id },
    data: { numbers },
  };
}
