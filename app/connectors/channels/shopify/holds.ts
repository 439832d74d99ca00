/** Telling Shopify that an order may not leave, and that it may again. */
import { createHash } from 'node:crypto';

import type { ConnectorLog } from '../../../contracts/channel';
import type { HoldReason } from '../../../contracts/channel-order';
import type { ExternalRef, IdempotencyKey, Outcome } from '../../../contracts/outcome';
import type { Work } from './choose-work';
import { type AdminApi, done, isDone, refused } from './client';
import { HoldFulfillmentOrder, ReleaseHolds } from './operations/admin.generated';
import { readWorks } from './read-fulfillments';
import { handleOf, isActive, toShopifyReason } from './read-work-state';

type Parts = { readonly api: AdminApi; readonly log: ConnectorLog };

/** Rounds of reading and holding: Shopify may split or merge work in between. */
const ROUNDS_MAX = 3;
const NOTE_CHARS_MAX = 255;

/**
 * Holds every fulfillment order of the order that can be held; answers the ids of our holds.
 * Each carries a handle made of `key`, which Shopify accepts once per fulfillment order, so
 * repeating the call makes no second hold and is a `duplicate`. Work that has begun cannot be
 * held in Shopify and is left; with nothing at all to hold it is `refused` as a conflict.
 */
export async function holdOrder(
  { api, log }: Parts,
  order: ExternalRef,
  hold: { readonly reason: HoldReason; readonly note: string | null },
  key: IdempotencyKey,
): Promise<Outcome<readonly ExternalRef[]>> {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 24);
  const handle = handleOf(hold.reason, hash);
  const input = {
    reason: toShopifyReason(hold.reason),
    reasonNotes: hold.note?.slice(0, NOTE_CHARS_MAX) ?? null,
    handle,
  };
  let made = false;
  let refusal = 'Shopify has nothing left to hold of this order.';
  const tried = new Set<ExternalRef>();
  for (let round = 0; ; round += 1) {
    const works = await readWorks(api, order);
    if (!isDone(works)) return works;
    const active = works.value.filter(({ status }) => isActive(status));
    const refs = active.flatMap((work) => ourHolds(work, handle));
    const open = active.filter(
      (work) =>
        work.actions.includes('HOLD') &&
        ourHolds(work, handle).length === 0 &&
        !tried.has(work.ref),
    );
    if (open.length === 0 || round === ROUNDS_MAX) {
      if (refs.length === 0) return refused('conflict', refusal);
      return { status: made ? 'done' : 'duplicate', value: refs };
    }
    for (const work of open) {
      tried.add(work.ref);
      const answer = await api.write(HoldFulfillmentOrder, { id: work.ref, hold: input }, key);
      if (!isDone(answer)) return answer;
      const [error] = answer.value.fulfillmentOrderHold?.userErrors ?? [];
      if (error === undefined) made = true;
      else {
        // It changed since it was read; the next reading shows what it has become.
        refusal = error.message;
        log.warn({ fulfillmentOrder: work.ref, why: error.message }, 'Shopify did not hold it');
      }
    }
  }
}

/** Lifts the named holds and no other; `duplicate` when none of them is there any more. */
export async function releaseHolds(
  api: AdminApi,
  order: ExternalRef,
  holds: readonly ExternalRef[],
  key: IdempotencyKey,
): Promise<Outcome<null>> {
  const works = await readWorks(api, order);
  if (!isDone(works)) return works;
  const named = new Set(holds);
  const undated = works.value.find(({ ref, status }) => status === 'SCHEDULED' && named.has(ref));
  let released = false;
  for (const work of works.value) {
    const ids = work.holds.map(({ id }) => id).filter((id) => named.has(id));
    if (ids.length === 0) continue;
    const answer = await api.write(ReleaseHolds, { id: work.ref, holds: ids }, key);
    if (!isDone(answer)) return answer;
    const [error] = answer.value.fulfillmentOrderReleaseHold?.userErrors ?? [];
    // Gone meanwhile (merged, closed): its holds are gone with it.
    if (error?.code === 'FULFILLMENT_ORDER_NOT_FOUND') continue;
    if (error !== undefined) return refused('conflict', error.message);
    released = true;
  }
  if (undated !== undefined) {
    return refused('conflict', 'Shopify waits for its date: give it one, or open it, in Shopify.');
  }
  return released ? done(null) : { status: 'duplicate', value: null };
}

function ourHolds(work: Work, handle: string): readonly ExternalRef[] {
  return work.holds
    .filter((hold) => hold.heldByRequestingApp && hold.handle === handle)
    .map(({ id }) => id);
}
