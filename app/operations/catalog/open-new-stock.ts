import { systemActor } from '../../domain/shared/actor';
import { inside, outside } from '../../domain/stock/cell';
import { openingKey } from '../../domain/stock/movement';
import { lockNumberSource } from '../../store/compared-numbers';
import { isUntouched } from '../../store/catalog';
import { postMovements, postedKeys } from '../../store/movements';
import { noteObserved } from '../../store/publications';
import { enqueueShortLines } from '../../store/short-lines';
import type { OperationContext } from '../context';

/** A product is filled in within some minutes of being made. */
const NEW_FOR_MS = 15 * 60_000;

/**
 * The first units that the shop counts of a product it has just made: people save the product
 * first and its stock a moment later. They are opening stock, not an edit to be put right. Only
 * where nothing has happened to the item yet, and only up from nothing: a first sale cannot look
 * like that. False: it is something else.
 */
export async function openNewStock(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    readonly connectionId: string;
    readonly publicationId: string;
    readonly claimed: number;
  },
): Promise<boolean> {
  const { merchantId, connectionId, publicationId, claimed } = input;
  const now = context.clock.now();
  const opened = await context.db.transaction(async (tx) => {
    const source = await lockNumberSource(tx, publicationId);
    if (source === null || source.available !== 0) return false;
    const since = new Date(now.getTime() - NEW_FOR_MS);
    if (!(await isUntouched(tx, merchantId, source.itemId, since))) return false;
    const key = openingKey(source.itemId, source.locationId);
    if ((await postedKeys(tx, merchantId, [key])).size > 0) return false;
    await postMovements(
      tx,
      merchantId,
      [
        {
          itemId: source.itemId,
          quantity: claimed,
          from: outside('adjustment'),
          to: inside('available', source.locationId),
          key,
          reason: 'opening',
          cause: { kind: 'connection', id: connectionId },
          actor: systemActor('import'),
          note: null,
          occurredAt: now,
        },
      ],
      'all',
    );
    await noteObserved(
      tx,
      [{ id: publicationId, quantity: claimed, again: false, retryAt: null }],
      now,
    );
    await enqueueShortLines(tx, merchantId, [source.itemId]);
    return true;
  });
  if (opened) context.afterCommit(merchantId);
  return opened;
}
