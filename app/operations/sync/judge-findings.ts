import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import type { Actor } from '../../domain/shared/actor';
import { type Comparison, explainDifference } from '../../domain/stock/explain-difference';
import { type AuditEntry, writeAudit } from '../../store/audit';
import {
  type ComparedNumber,
  type OrderBehind,
  numbersOfListings,
  ordersBehind,
} from '../../store/compared-numbers';
import type { StoredConnection } from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import { noteObserved, publishJob, publishingDue } from '../../store/publications';
import {
  type Finding,
  type ReconcileRun,
  type RepairRule,
  type SettledFinding,
  countRun,
  deleteFindings,
  settleFindings,
  supersedeFindings,
} from '../../store/reconcile';
import type { OperationContext } from '../context';
import { acceptNumber } from './accept-number';
import { RAISE_HOLD_MS, findUnseenSalesJob } from './poll-orders';
import { readHeld } from './read-held';

export type Judging = {
  readonly connection: StoredConnection;
  readonly channel: ChannelConnector;
  /** What to do with a number that was changed in the channel, unless a person has chosen. */
  readonly rule: RepairRule;
  readonly run: Pick<ReconcileRun, 'id' | 'merchantId' | 'trigger'>;
  readonly findings: readonly Finding[];
  readonly by: Actor;
  /** The channel's changed orders were read; without them nothing is raised. */
  readonly ordersKnown: boolean;
};

type Case = {
  readonly finding: Finding;
  readonly number: ComparedNumber;
  readonly holds: number | null;
  readonly comparison: Comparison;
  readonly order: OrderBehind | null;
};

/** `drop`: there was nothing to tell. `send`, `accept`: the number is put right now. */
type Verdict = {
  readonly action: 'none' | 'drop' | 'send' | 'accept';
  readonly settled: SettledFinding;
};

const OURS_CHANGED = 'A number has changed since this was chosen: choose again.';
const ORDERS_UNREAD = 'Its orders could not be read in time: choose again.';

/**
 * Looks at differences once more, now that the channel's orders were read: at what the channel
 * holds and what it should hold at this moment. Says why each one differs and does what the rule
 * (or the person who chose) says. When it answers `done` all of them are settled, but for those
 * whose stock changed in this very moment: they stay as they are.
 */
export async function judgeFindings(
  context: OperationContext,
  judging: Judging,
): Promise<Outcome<number>> {
  const { connection, channel, run, findings } = judging;
  const listingIds = [...new Set(findings.map((finding) => finding.listingId))];
  const numbers = await numbersOfListings(context.db, connection.id, listingIds);
  const held = await readHeld(channel, numbers);
  if (held.status !== 'done' && held.status !== 'duplicate') return held;
  const orders = await readOrdersBehind(context, run.merchantId, numbers, findings);
  const now = context.clock.now();
  const byPlace = new Map(numbers.map((number) => [placeOf(number), number]));
  const verdicts: (Verdict & { readonly number: ComparedNumber | null })[] = [];
  for (const finding of findings) {
    const number = byPlace.get(placeOf(finding));
    if (number === undefined) {
      const note = 'It is no longer sold there.';
      verdicts.push({ number: null, action: 'none', settled: settle(finding, 'resolved', note) });
      continue;
    }
    const holds = held.value(number);
    const entry: Case = {
      finding,
      number,
      holds: holds.kind === 'holds' ? holds.quantity : null,
      comparison: explainDifference(number, holds, { now, ordersRead: true }),
      order: orders.get(number.itemId) ?? null,
    };
    const verdict = judge(judging, entry);
    if (verdict.action === 'accept' && entry.holds !== null) {
      await acceptNumber(context, { ...judging, finding, number, quantity: entry.holds });
    } else {
      verdicts.push({ ...verdict, number });
    }
  }
  await carryOut(context, judging, verdicts, now);
  context.afterCommit(run.merchantId);
  return { status: 'done', value: findings.length };
}

function placeOf({ listingId, locationRef }: Pick<Finding, 'listingId' | 'locationRef'>): string {
  return `${listingId} ${locationRef}`;
}

/** An order nobody told of says most; else any. */
async function readOrdersBehind(
  context: OperationContext,
  merchantId: string,
  numbers: readonly ComparedNumber[],
  findings: readonly Finding[],
): Promise<ReadonlyMap<string, OrderBehind>> {
  const since = new Date(Math.min(...findings.map((finding) => finding.at.getTime())));
  const itemIds = [...new Set(numbers.map((number) => number.itemId))];
  const found = await ordersBehind(context.db, merchantId, itemIds, since);
  const byItem = new Map<string, OrderBehind>();
  for (const order of found) {
    if (order.unseen || !byItem.has(order.itemId)) byItem.set(order.itemId, order);
  }
  return byItem;
}

function settle(
  finding: Finding,
  repair: SettledFinding['repair'],
  note: string | null,
  changes: Partial<SettledFinding> = {},
): SettledFinding {
  const { id, explanation, channelQuantity, wantedQuantity } = finding;
  return {
    id,
    was: finding.repair,
    repair,
    explanation,
    channelQuantity,
    wantedQuantity,
    note,
    ...changes,
  };
}

function judge(judging: Judging, entry: Case): Verdict {
  return entry.comparison.kind === 'differs'
    ? judgeDifference(judging, entry, entry.comparison.explanation)
    : judgeAgreement(judging, entry);
}

/** It agrees now, or is about to: by an order, by what we sent, or by itself. */
function judgeAgreement({ run, rule }: Judging, entry: Case): Verdict {
  const { finding, number, holds, order } = entry;
  const checking = finding.repair === 'checking';
  if (finding.repair === 'taking' && holds !== null && holds !== number.wanted) {
    return chooseAgain(entry, OURS_CHANGED);
  }
  if (order?.unseen === true) {
    const note = `${order.orderName} had not been told to us: it was read now.`;
    const explanation = 'unseen_sale';
    return { action: 'none', settled: settle(finding, 'resolved', note, { explanation }) };
  }
  if (checking && rule === 'publish' && finding.explanation === 'edited_in_channel') {
    return { action: 'none', settled: settle(finding, 'published', null) };
  }
  const note =
    finding.explanation === 'not_arrived'
      ? 'It has arrived meanwhile.'
      : order === null
        ? 'It agreed when it was looked at again.'
        : `${order.orderName} explains it: it was on its way to us.`;
  // The clock looks all day long; what was only on its way is not worth a line each time.
  const dropped = checking && run.trigger === 'schedule' && finding.explanation !== 'not_arrived';
  return { action: dropped ? 'drop' : 'none', settled: settle(finding, 'resolved', note) };
}

/** What a person chose to take is not what they saw: ours is not sent instead, they are asked. */
function chooseAgain({ finding, number, holds }: Case, note: string): Verdict {
  const changes = { channelQuantity: holds, wantedQuantity: number.wanted };
  return { action: 'none', settled: settle(finding, 'waiting', note, changes) };
}

function judgeDifference(
  judging: Judging,
  entry: Case,
  explanation: Finding['explanation'],
): Verdict {
  const { finding, number, holds } = entry;
  const changes = { explanation, channelQuantity: holds, wantedQuantity: number.wanted };
  const none = (repair: SettledFinding['repair'], note: string | null): Verdict => ({
    action: 'none',
    settled: settle(finding, repair, note, changes),
  });
  const send: Verdict = { action: 'send', settled: settle(finding, 'published', null, changes) };
  if (holds === null) return none('left', null);
  if (finding.repair === 'taking') {
    // Where it looks as if ours had not arrived, theirs is taken only as the person saw it.
    const asSeen = number.wanted === finding.wantedQuantity && holds === finding.channelQuantity;
    if (explanation === 'not_arrived' && !asSeen) return chooseAgain(entry, OURS_CHANGED);
    return judging.ordersKnown ? { ...send, action: 'accept' } : chooseAgain(entry, ORDERS_UNREAD);
  }
  if (explanation === 'not_arrived') {
    if (number.refused !== null) return none('left', number.refused);
    return number.waitsSince === null ? send : none('left', 'It waits to be sent.');
  }
  const rule = finding.repair === 'sending' ? 'publish' : judging.rule;
  // Unread sales may be behind a lower number, and in a higher one that is to be taken as a count.
  if (!judging.ordersKnown && (holds < number.wanted || rule === 'accept')) {
    return none('left', 'Its orders could not be read in time: the next check decides.');
  }
  switch (rule) {
    case 'publish':
      return send;
    case 'accept':
      return { ...send, action: 'accept' };
    case 'ask':
      return none('waiting', null);
  }
}

/** Writes the verdicts, and has the numbers sent that are to be sent again. */
async function carryOut(
  context: OperationContext,
  judging: Judging,
  verdicts: readonly (Verdict & { readonly number: ComparedNumber | null })[],
  now: Date,
): Promise<void> {
  const { run, connection } = judging;
  const kept = verdicts.filter(({ action }) => action !== 'drop').map(({ settled }) => settled);
  const dropped = verdicts.filter(({ action }) => action === 'drop');
  const sent = verdicts.flatMap(({ action, number, settled }) =>
    action === 'send' && number !== null ? [{ number, settled }] : [],
  );
  const holdUntil = new Date(now.getTime() + RAISE_HOLD_MS);
  const raises = ({ channelQuantity, wantedQuantity }: SettledFinding): boolean =>
    wantedQuantity > (channelQuantity ?? 0);
  await context.db.transaction(async (tx) => {
    await noteObserved(
      tx,
      // A sale of this very moment may be on its way: raising waits for it, lowering does not.
      sent.map(({ number, settled }) => ({
        id: number.id,
        quantity: settled.channelQuantity,
        again: true,
        retryAt: raises(settled) ? holdUntil : null,
      })),
      now,
    );
    await settleFindings(tx, kept);
    await deleteFindings(
      tx,
      dropped.map(({ settled }) => settled.id),
    );
    const open = kept.filter(({ repair }) => repair === 'waiting' || repair === 'left');
    await supersedeFindings(
      tx,
      open.map(({ id }) => id),
    );
    await countRun(tx, run.id, {
      differing: -dropped.length,
      repaired: kept.length - open.length,
    });
    if (sent.length > 0) await writeAudit(tx, [sentAgain(judging, sent, now)]);
    if (sent.length > 0) {
      const raised = sent.some(({ settled }) => raises(settled));
      await enqueueJobs(tx, [
        ...(raised ? [findUnseenSalesJob(connection, now)] : []),
        publishJob(connection.merchantId, connection.id, publishingDue(now)),
      ]);
    }
  });
}

function sentAgain(
  { run, connection, by }: Judging,
  sent: readonly { readonly number: ComparedNumber; readonly settled: SettledFinding }[],
  now: Date,
): AuditEntry {
  return {
    merchantId: run.merchantId,
    at: now,
    actor: by,
    action: 'stock.reconciled',
    subject: { kind: 'connection', id: connection.id },
    cause: { kind: 'reconcile_run', id: run.id },
    data: {
      numbers: sent.map(({ number, settled }) => ({
        sku: number.sku,
        locationRef: number.locationRef,
        holds: settled.channelQuantity,
        wanted: settled.wantedQuantity,
      })),
    },
  };
}
