/**
 * Bringing Shopify's fulfillment orders in line with our routing. fulfillmentOrderMove takes no
 * idempotency key, so every step is decided anew on what Shopify has at that moment: units that
 * are where they should be are left alone, and a repeat finds nothing to do.
 */
import type { ChannelWork, ConnectorLog } from '../../../contracts/channel';
import type { ExternalRef, IdempotencyKey, Outcome } from '../../../contracts/outcome';
import { chooseWorkMoves, signMove, type WorkMove } from './choose-moves';
import type { Work } from './choose-work';
import { type AdminApi, done, isDone, refused } from './client';
import { MoveFulfillmentOrder, OrderOfFulfillmentOrder } from './operations/admin.generated';
import { readWorks } from './read-fulfillments';
import { isActive } from './read-work-state';
import type { WorkOrders } from './work-orders';

type Parts = {
  readonly api: AdminApi;
  readonly log: ConnectorLog;
  readonly now: () => Date;
  readonly workOrders: WorkOrders;
};
type Reading = Pick<Parts, 'api' | 'workOrders'>;

/** More moves than any order needs; a shop that undoes each one must not hold a worker for ever. */
const MOVES_MAX = 50;

/** How long Shopify is given to make an order's fulfillment orders before it is asked again. */
const ROUTING_WAIT_MS = 2_000;

/** Null when Shopify has no such fulfillment order. Closed and merged ones still name theirs. */
export async function orderOfWork(
  { api, workOrders }: Reading,
  work: ExternalRef,
): Promise<Outcome<ExternalRef | null>> {
  const known = workOrders.orderOf(work);
  if (known !== null) return done(known);
  const answer = await api.read(OrderOfFulfillmentOrder, { id: work });
  if (!isDone(answer)) return answer;
  const order = answer.value.fulfillmentOrder?.orderId ?? null;
  if (order !== null) workOrders.learn(order, [work]);
  return done(order);
}

/** Where Shopify means to ship what is still to ship, held and scheduled units included. */
export async function readWork(
  parts: Reading,
  order: ExternalRef,
): Promise<Outcome<readonly ChannelWork[]>> {
  const works = await readAndLearn(parts, order);
  if (!isDone(works)) return works;
  return done(
    works.value
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
    const works = await readAndLearn(parts, order);
    if (!isDone(works)) return works;
    if (works.value.length === 0) return notThereYet(parts.now());
    const { next, stuck } = chooseWorkMoves(works.value, moves, given);
    if (next === null) return concluded(moved, stuck, refusals);
    given.add(signMove(next));
    const answer = await moveOnce(parts, order, next, key);
    if (answer.status === 'refused' && answer.reason.code === 'conflict') {
      refusals.push(answer.reason.message);
      parts.log.warn({ fulfillmentOrder: next.workRef, why: answer.reason.message }, 'Not moved');
      continue;
    }
    if (!isDone(answer)) return answer;
    moved = true;
    // What is left to do is looked at anew, since a move gives all that follows other ids. When
    // nothing is left, Shopify's word that it moved what we named is enough.
    const after = chooseWorkMoves(afterMove(works.value, next), moves, given);
    if (after.next === null) return concluded(moved, after.stuck, refusals);
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

async function readAndLearn(
  { api, workOrders }: Reading,
  order: ExternalRef,
): Promise<Outcome<readonly Work[]>> {
  const works = await readWorks(api, order);
  if (isDone(works)) {
    workOrders.learn(
      order,
      works.value.map(({ ref }) => ref),
    );
  }
  return works;
}

/** The works as a move left them, but for ids: enough to see whether another one is needed. */
function afterMove(works: readonly Work[], move: WorkMove): readonly Work[] {
  const taken = new Map(move.lines.map(({ ref, quantity }) => [ref, quantity]));
  return works.flatMap((work) => {
    if (work.ref !== move.workRef) return [work];
    const left = work.lines.map((line) => ({
      ...line,
      remaining: line.remaining - (taken.get(line.ref) ?? 0),
    }));
    const gone = move.lines.map(({ ref, orderLineRef, quantity }) => ({
      ref,
      orderLineRef,
      remaining: quantity,
    }));
    return [
      { ...work, lines: left },
      { ...work, locationRef: move.locationRef, lines: gone },
    ];
  });
}

async function moveOnce(
  { api, workOrders }: Parts,
  order: ExternalRef,
  move: WorkMove,
  key: IdempotencyKey,
): Promise<Outcome<null>> {
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
  const { movedFulfillmentOrder: moved, userErrors } = answer.value.fulfillmentOrderMove ?? {};
  const [error] = userErrors ?? [];
  if (error !== undefined) return refused('conflict', error.message);
  if (moved) workOrders.learn(order, [moved.id]);
  return done(null);
}
