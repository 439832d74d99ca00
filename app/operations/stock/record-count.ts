import type { Actor } from '../../domain/shared/actor';
import { MOVEMENT_UNITS_MAX } from '../../domain/stock/movement';
import type { Transaction } from '../../platform/database';
import { addScanned, askToRecount, itemsByCode, setCounted } from '../../store/count-lines';
import { type StoredCount, findCount } from '../../store/stock-counts';
import { type OperationContext, type Refused, refused } from '../context';
import { auditCount } from './count-audit';

type Recording = { readonly merchantId: string; readonly countId: string; readonly actor: Actor };

export type Recorded = {
  readonly status: 'done';
  readonly lineId: string;
  readonly counted: number | null;
  /** What to tell whoever scans. */
  readonly message: string;
};

/**
 * Writes down what somebody counted of one line; null takes the number back. `seen` is what stood
 * there when they wrote: when another person has written something else since, nothing is changed.
 */
export async function setCount(
  context: OperationContext,
  input: Recording & {
    readonly lineId: string;
    readonly counted: number | null;
    readonly seen: number | null;
  },
): Promise<Recorded | Refused> {
  const { counted } = input;
  if (counted !== null && (!Number.isInteger(counted) || counted < 0)) {
    return refused('validation', 'Enter a whole number, 0 or more.');
  }
  if (counted !== null && counted > MOVEMENT_UNITS_MAX) {
    return refused('validation', 'That is more than a million units: check the number.');
  }
  return whileOpen(context, input, async (tx, count) => {
    const line = await setCounted(tx, {
      countId: count.id,
      lineId: input.lineId,
      counted,
      seen: input.seen,
      by: input.actor.id,
    });
    if (line === null) {
      return refused('conflict', 'Somebody else has counted this meanwhile: look at their number.');
    }
    return { status: 'done', lineId: line.id, counted: line.counted, message: 'Saved' };
  });
}

/**
 * Adds one unit of what a code names: a SKU or a barcode. An item that is not on the list is put
 * on it, since it was found there. The same key again adds nothing.
 */
export async function scanCode(
  context: OperationContext,
  input: Recording & { readonly code: string; readonly key: string },
): Promise<Recorded | Refused> {
  const code = input.code.trim();
  if (code === '') return refused('validation', 'Scan or type a code.');
  return whileOpen(context, input, async (tx, count) => {
    const { locationId, merchantId, id } = count;
    if (locationId === null) return refused('conflict', 'This count is of a file.');
    const [item, another] = await itemsByCode(tx, merchantId, code);
    if (item === undefined) return refused('not_found', `No item has the code “${code}”.`);
    if (another !== undefined) {
      return refused('conflict', `Several items have the code “${code}”: type the SKU.`);
    }
    if (item.kind === 'kit') {
      return refused('conflict', `${item.sku} is a kit: count its components.`);
    }
    const line = await addScanned(
      tx,
      { id, merchantId, locationId },
      { itemId: item.id, sku: item.sku, key: input.key, by: input.actor.id },
    );
    const units = `${item.sku}: ${String(line.counted ?? 0)}`;
    return {
      status: 'done',
      lineId: line.id,
      counted: line.counted,
      message: line.added ? `${units} (was not on the list)` : units,
    };
  });
}

/** Puts every line that differs from the ledger back to be counted once more. */
export async function recountDifferences(
  context: OperationContext,
  input: Recording,
): Promise<{ readonly status: 'done'; readonly lines: number } | Refused> {
  const answer = await whileOpen(context, input, async (tx, count) => {
    const lines = await askToRecount(tx, count.id);
    if (lines === 0) return refused('conflict', 'Nothing differs.');
    await auditCount(context, tx, count, input.actor, 'count.recounted', { lines });
    return { status: 'done' as const, lines };
  });
  if (answer.status === 'done') context.afterCommit(input.merchantId);
  return answer;
}

/** Nobody posts or gives up the count while it is written to. */
async function whileOpen<Answer>(
  context: OperationContext,
  input: Recording,
  work: (tx: Transaction, count: StoredCount) => Promise<Answer | Refused>,
): Promise<Answer | Refused> {
  return context.db.transaction(async (tx) => {
    const count = await findCount(tx, input.merchantId, input.countId, { lock: true });
    if (count === null) return refused('not_found', 'This count does not exist.');
    if (count.kind !== 'cycle') return refused('conflict', 'A file is not counted by hand.');
    if (count.state !== 'open') return refused('conflict', 'This count is over.');
    return work(tx, count);
  });
}
