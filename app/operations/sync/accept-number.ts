import { inside, outside } from '../../domain/stock/cell';
import type { Actor } from '../../domain/shared/actor';
import { unitsThatShow } from '../../domain/stock/explain-difference';
import type { MovementDraft } from '../../domain/stock/movement';
import { publishQuantity } from '../../domain/stock/publish-quantity';
import type { Transaction } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import {
  type ComparedNumber,
  type NumberSource,
  lockNumberSource,
} from '../../store/compared-numbers';
import { postMovements } from '../../store/movements';
import { noteObserved } from '../../store/publications';
import {
  type Finding,
  type ReconcileRun,
  countRun,
  lockFinding,
  settleFindings,
  supersedeFindings,
} from '../../store/reconcile';
import { enqueueShortLines } from '../../store/short-lines';
import type { OperationContext } from '../context';

type AcceptNumber = {
  readonly run: Pick<ReconcileRun, 'id' | 'merchantId'>;
  readonly finding: Finding;
  readonly number: ComparedNumber;
  /** What the channel holds. */
  readonly quantity: number;
  readonly by: Actor;
};

const SEVERAL_PLACES =
  'Several locations or listings stand behind this number: count them, or send ours.';
const NO_SUCH_COUNT = 'No count gives this number under the rules of the channel: send ours.';

/**
 * Takes the channel's number as a count of the one location behind it: the difference is moved in
 * from, or out to, adjustment. Where no single location stands behind it, a person has to decide.
 * Nothing happens when somebody decided meanwhile. When the stock has changed since both numbers
 * were looked at, the finding stays as it is: it is to be looked at again.
 */
export async function acceptNumber(context: OperationContext, input: AcceptNumber): Promise<void> {
  const now = context.clock.now();
  await context.db.transaction(async (tx) => {
    if (!(await lockFinding(tx, input.finding))) return;
    const source = await lockNumberSource(tx, input.number.id);
    if (source === null) return settle(tx, input, 'waiting', SEVERAL_PLACES);
    if (source.wanted !== input.number.wanted) return;
    const units = unitsThatShow(input.quantity, source.available, (some) =>
      publishQuantity([some], source.policy),
    );
    if (units === null) return settle(tx, input, 'waiting', NO_SUCH_COUNT);
    const change = units - source.available;
    if (change !== 0) await post(tx, input, source, change, now);
    await noteObserved(
      tx,
      [{ id: input.number.id, quantity: input.quantity, again: false, retryAt: null }],
      now,
    );
    await settle(tx, input, 'adjusted', null);
    if (change > 0) await enqueueShortLines(tx, input.run.merchantId, [source.itemId]);
  });
}

async function post(
  tx: Transaction,
  { run, finding, by }: AcceptNumber,
  { itemId, locationId, available }: NumberSource,
  change: number,
  now: Date,
): Promise<void> {
  const cell = inside('available', locationId);
  const draft: MovementDraft = {
    itemId,
    quantity: Math.abs(change),
    from: change > 0 ? outside('adjustment') : cell,
    to: change > 0 ? cell : outside('adjustment'),
    key: `reconcile:${finding.id}`,
    reason: 'reconcile',
    cause: { kind: 'reconcile_run', id: run.id },
    actor: by,
    note: null,
    occurredAt: now,
  };
  await postMovements(tx, run.merchantId, [draft], 'all');
  await writeAudit(tx, [
    {
      merchantId: run.merchantId,
      at: now,
      actor: by,
      action: 'stock.adjusted',
      subject: { kind: 'item', id: itemId },
      cause: draft.cause,
      data: {
        locationId,
        state: 'available',
        change,
        now: available + change,
        reason: 'reconcile',
      },
    },
  ]);
}

async function settle(
  tx: Transaction,
  { run, finding, number, quantity }: AcceptNumber,
  repair: 'waiting' | 'adjusted',
  note: string | null,
): Promise<void> {
  await settleFindings(tx, [
    {
      id: finding.id,
      was: finding.repair,
      repair,
      explanation: 'edited_in_channel',
      channelQuantity: quantity,
      wantedQuantity: number.wanted,
      note,
    },
  ]);
  if (repair === 'waiting') await supersedeFindings(tx, [finding.id]);
  else await countRun(tx, run.id, { differing: 0, repaired: 1 });
}
