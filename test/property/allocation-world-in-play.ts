/** The world in which orders are played, who acts in it, and how a form names an order of it. */
import type { OperationContext } from '../../app/operations/context';
import type { Database } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { REFS } from './allocation-commands';
import type { Stock } from './allocation-model';
import type { Seeded } from './allocation-world';

export const STAFF = { kind: 'staff', id: 'staff-1' } as const;

export type AllocationWorld = {
  readonly db: Database;
  readonly context: OperationContext;
  /** What a kit is made of now. */
  recipe: readonly [number, number];
  readonly shops: Seeded;
  /** Another merchant, of whom nothing may change. */
  readonly stranger: Seeded;
  readonly stock: Stock;
  /** Items that orders waiting for them should be woken for. */
  readonly woken: Set<number>;
};

/** What names an order in a form; an id that nobody has where there is none. */
export async function formOf(
  { db, shops, stranger }: AllocationWorld,
  ref: number,
  by: { readonly stranger: boolean },
) {
  const row = await db.maybeOne<{ id: string }>(
    'SELECT id FROM customer_order WHERE merchant_id = $1 AND external_ref = $2',
    [shops.id, REFS[ref]],
  );
  return {
    merchantId: by.stranger ? stranger.id : shops.id,
    orderId: row?.id ?? newId(),
    actor: STAFF,
    idempotencyKey: newId(),
  };
}
