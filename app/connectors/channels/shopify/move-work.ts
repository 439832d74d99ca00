/**
 * Bringing Shopify's fulfillment orders in line with our routing. fulfillmentOrderMove takes no
 * idempotency key, so every step is decided anew on what Shopify has at that moment: units that
 * are where they should be are left alone, and a repeat finds nothing to do.
 */
import type { ChannelWork, ConnectorLog } from '../../../contracts/channel';
import type { ExternalRef, IdempotencyKey, Outcome } from '../../../contracts/outcome';
import { chooseWorkMoves, signMove, type WorkMove } from './choose-moves';
import { type AdminApi, done, isDone, refused } from './client';
import {
  MoveFulfillmentOrder,
  MoveTarget,
  OrderOfFulfillmentOrder,
} from './operations/admin.generated';
import { mapDone } from './read-all-pages';
import { readWorks } from './read-fulfillments';
import { isActive } from './read-work-state';

type Parts = { readonly api: AdminApi; readonly log: ConnectorLog; readonly now: () => Date };

/** More moves than any order needs; a shop that undoes each one must not hold a worker for ever. */
const MOVES_MAX = 50;

/** How long Shopify is given to make an order's fulfillment orders before it is asked again. */
const ROUTING_WAIT_MS = 2_000;

/** Null when Shopify has no such fulfillment order. Closed and merged ones still name theirs. */
export async function orderOfWork(
  api: AdminApi,
  work: ExternalRef,
): Promise<Outcome<ExternalRef | null>> {
  const answer = await api.read(OrderOfFulfillmentOrder, { id: work });
  return mapDone(answer, ({ fulfillmentOrder }) => fulfillmentOrder?.orderId ?? null);
}

/** Where Shopify means to ship what is still to ship, held and scheduled units included. */
export async function readWork(
  api: AdminApi,
  order: ExternalRef,
): Promise<Outcome<readonly ChannelWork[]>> {
  const works = await readWorks(api, order);
  return mapDone(works, (all) =>
    all
      .filter(({ status }) => isActive(status))
      .flatMap(({ locationRef, lines }) =>
        lines.flatMap(({ orderLineRef, remaining }) =>
          remaining > 0 && locationRef !== null
            ? [{ lineRef: orderLineRef, quantity: remaining, locationRef }]
            : [],
        ),
      ),
  );
}

/**
 * Moves what is elsewhere to where `moves` want it. `duplicate` when nothing had to be moved,
 * `retry_later` while Shopify has not made its fulfillment orders yet, `refused` (conflict, in
 * Shopify's words) when some units stay where they are; the others were moved all the same.
 */
export async function moveWork(
  parts: Parts,
  order: ExternalRef,
  moves: readonly ChannelWork[],
  key: IdempotencyKey,
): Promise<Outcome<null>> {
  const refusals: string[] = [];
  const given = new Set<string>();
  let moved = false;
  for (let step = 0; step < MOVES_MAX; step += 1) {
    const works = await readWorks(parts.api, order);
    if (!isDone(works)) return works;
    if (works.value.length === 0) return notThereYet(parts.now());
    const { next, stuck } = chooseWorkMoves(works.value, moves, given);
    if (next === null) return concluded(moved, stuck, refusals);
    given.add(signMove(next));
    const answer = await moveOnce(parts, next, key);
    if (answer.status === 'refused' && answer.reason.code === 'conflict') {
      refusals.push(answer.reason.message);
      parts.log.warn({ fulfillmentOrder: next.workRef, why: answer.reason.message }, 'Not moved');
      continue;
    }
    if (!isDone(answer)) return answer;
    moved ||= answer.status === 'done';
  }
  return refused('conflict', 'Shopify keeps moving this order back.');
}

/** Shopify routes an order in the background, a moment after it was placed. */
function notThereYet(now: Date): Outcome<never> {
  const retryAt = new Date(now.getTime() + ROUTING_WAIT_MS);
  return { status: 'retry_later', retryAt, message: 'Shopify has not routed this order yet.' };
}

function concluded(moved: boolean, stuck: number, refusals: readonly string[]): Outcome<null> {
  if (stuck === 0) return moved ? done(null) : { status: 'duplicate', value: null };
  const why = refusals[0] ?? 'work that has begun, or waits for its date, cannot be moved.';
  const units = stuck === 1 ? '1 unit' : `${String(stuck)} units`;
  return refused('conflict', `Shopify leaves ${units} where it had them: ${why}`);
}

async function moveOnce(
  { api }: Parts,
  move: WorkMove,
  key: IdempotencyKey,
): Promise<Outcome<null>> {
  const target = await api.read(MoveTarget, {
    id: move.workRef,
    locations: [move.locationRef],
    lines: move.lines.map(({ ref }) => ref),
  });
  if (!isDone(target)) return target;
  // Gone since it was read: the next reading shows what it has become.
  if (target.value.fulfillmentOrder === null) return { status: 'duplicate', value: null };
  const place = target.value.fulfillmentOrder.locationsForMove.nodes.find(
    ({ location }) => location.id === move.locationRef,
  );
  if (place?.movable === false) {
    return refused('conflict', place.message ?? 'Shopify does not move it to this location.');
  }
  const answer = await api.write(
    MoveFulfillmentOrder,
    {
      id: move.workRef,
      location: move.locationRef,
      lines: move.lines.map(({ ref, quantity }) => ({ id: ref, quantity })),
    },
    key,
  );
  if (!isDone(answer)) return answer;
  const [error] = answer.value.fulfillmentOrderMove?.userErrors ?? [];
  return error === undefined ? done(null) : refused('conflict', error.message);
}
