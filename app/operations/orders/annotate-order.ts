import type { Outcome } from '../../contracts/outcome';
import type { Actor } from '../../domain/shared/actor';
import type { Transaction } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import { findConnection } from '../../store/connections';
import { lookAgainJob } from '../../store/inbox';
import { type NewJob, enqueueJobs } from '../../store/jobs';
import {
  type OrderHead,
  findOrderToTell,
  lockOrderHeads,
  saveNotes,
} from '../../store/order-heads';
import { type OperationContext, type Refused, refused } from '../context';
import { stepInput } from './hold-order';
import {
  type OrderSteps,
  type StepInput,
  answerOfStep,
  stepDone,
  stepFailed,
  stepSkipped,
} from './order-step';

/** What people write on an order. `note`: null = leave as it is, "" = take it away. */
export type Annotation = {
  readonly note: string | null;
  readonly addTags: readonly string[];
  readonly removeTags: readonly string[];
};

export type AnnotateOrder = Annotation & {
  readonly merchantId: string;
  readonly orderId: string;
  readonly actor: Actor;
  readonly idempotencyKey: string;
};

/** Shopify's limits (shopify.dev, Order.note and Order.tags); other channels allow as much. */
const NOTE_LENGTH_MAX = 5000;
const TAG_LENGTH_MAX = 40;
const TAGS_MAX = 250;

/**
 * Writes note and tags of an order, here at once and in its channel by a job. What the channel's
 * people write later wins when the order is read again.
 */
export async function annotateOrder(
  context: OperationContext,
  input: AnnotateOrder,
): Promise<{ readonly status: 'done' } | Refused> {
  const problem = annotationProblem(input);
  if (problem !== null) return refused('validation', problem);
  const steps = await context.db.transaction((tx) =>
    annotateOrders(tx, stepInput(context, input), () => input),
  );
  const step = steps.get(input.orderId);
  // It is as it was asked for.
  if (step?.state === 'skipped') return { status: 'done' };
  const answer = answerOfStep(step);
  if (answer.status === 'done') context.afterCommit(input.merchantId);
  return answer;
}

/** Why note or tags cannot be written; null when they can. */
export function annotationProblem({ note, addTags }: Annotation): string | null {
  if ((note?.length ?? 0) > NOTE_LENGTH_MAX) {
    return `Keep the note under ${String(NOTE_LENGTH_MAX)} characters.`;
  }
  const tags = cleanTags(addTags);
  if (tags.some((tag) => tag.length > TAG_LENGTH_MAX)) {
    return `Keep each tag under ${String(TAG_LENGTH_MAX)} characters.`;
  }
  if (tags.some((tag) => tag.includes(','))) return 'A tag cannot contain a comma.';
  return null;
}

/** Annotates orders in the caller's transaction. `before` keeps which tags came and went. */
export async function annotateOrders(
  tx: Transaction,
  input: StepInput,
  wishOf: (orderId: string) => Annotation | null,
): Promise<OrderSteps> {
  const orders = await lockOrderHeads(tx, input.merchantId, input.orderIds);
  const steps: OrderSteps = new Map();
  const changes: Change[] = [];
  for (const order of orders) {
    const wish = wishOf(order.id);
    if (wish === null) continue;
    const change = changeOf(order, wish);
    if (change.tags.length > TAGS_MAX) {
      steps.set(order.id, stepFailed(`It would have more than ${String(TAGS_MAX)} tags.`));
    } else if (change.note === null && change.added.length + change.removed.length === 0) {
      steps.set(order.id, stepSkipped(nothingToDo(wish)));
    } else {
      steps.set(order.id, stepDone({ added: change.added, removed: change.removed }));
      changes.push(change);
    }
  }
  await saveNotes(
    tx,
    input.merchantId,
    changes.map(({ order, note, tags }) => ({
      id: order.id,
      note: note === null ? order.note : note === '' ? null : note,
      tags,
    })),
  );
  await writeAudit(
    tx,
    changes.map(({ order, note, added, removed }) => ({
      merchantId: input.merchantId,
      at: input.now,
      actor: input.actor,
      action: 'order.annotated',
      subject: { kind: 'order', id: order.id },
      cause: input.cause,
      // How many, not which: tags may name a buyer, and what is said here cannot be erased.
      data: { note: note !== null, tagsAdded: added.length, tagsRemoved: removed.length },
    })),
  );
  await enqueueJobs(
    tx,
    changes.map((change) => annotateJob(input.merchantId, change)),
  );
  return steps;
}

type Change = {
  readonly order: OrderHead;
  /** Null = as it is. */
  readonly note: string | null;
  readonly tags: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
};

/** Tags that differ by case alone are one tag, as in the channels. */
function changeOf(order: OrderHead, wish: Annotation): Change {
  const has = (tags: readonly string[], tag: string): boolean =>
    tags.some((other) => other.toLowerCase() === tag.toLowerCase());
  const removed = order.tags.filter((tag) => has(wish.removeTags, tag));
  const kept = order.tags.filter((tag) => !has(wish.removeTags, tag));
  const added = cleanTags(wish.addTags).filter((tag) => !has(kept, tag));
  const note = wish.note === null || wish.note === (order.note ?? '') ? null : wish.note;
  return { order, note, tags: [...kept, ...added], added, removed };
}

function cleanTags(tags: readonly string[]): readonly string[] {
  const kept = new Map<string, string>();
  for (const tag of tags.map((text) => text.trim())) {
    if (tag !== '' && !kept.has(tag.toLowerCase())) kept.set(tag.toLowerCase(), tag);
  }
  return [...kept.values()];
}

function nothingToDo(wish: Annotation): string {
  if (wish.removeTags.length > 0) return 'It does not have these tags.';
  return wish.addTags.length > 0 ? 'It has these tags already.' : 'It says this already.';
}

/**
 * The change travels with the job: by the time it runs, a reading of the channel that began before
 * may have written the old state over ours.
 */
function annotateJob(merchantId: string, { order, note, added, removed }: Change): NewJob {
  return {
    kind: 'annotate-in-channel',
    merchantId,
    connectionId: order.connectionId,
    payload: { merchantId, orderId: order.id, note, addTags: added, removeTags: removed },
    serialKey: `order:${order.connectionId}:${order.externalRef}`,
    causeKind: 'order',
    causeId: order.id,
  };
}

/** Tells the channel of a note or tags; a refusal is kept with the order. `key` is the job's. */
export async function annotateInChannel(
  context: OperationContext,
  input: Annotation & {
    readonly merchantId: string;
    readonly orderId: string;
    readonly key: string;
  },
): Promise<Outcome<null>> {
  const { merchantId, note, addTags, removeTags } = input;
  // What it said has been erased meanwhile.
  if (note === null && addTags.length + removeTags.length === 0) {
    return { status: 'duplicate', value: null };
  }
  const order = await findOrderToTell(context.db, merchantId, input.orderId);
  if (order === null) return { status: 'duplicate', value: null };
  const connection = await findConnection(context.db, merchantId, order.connectionId);
  // Nobody is there to be told.
  if (connection === null || connection.status === 'disconnected') {
    return { status: 'duplicate', value: null };
  }
  const channel = await context.channelFor(connection);
  const change = { note, addTags, removeTags };
  const outcome = await channel.annotateOrder(order.externalRef, change, input.key);
  if (outcome.status === 'refused' && outcome.reason.code !== 'unauthorized') {
    const { message } = outcome.reason;
    await context.db.transaction(async (tx) => {
      await writeAudit(tx, [
        {
          merchantId,
          at: context.clock.now(),
          actor: { kind: 'channel', id: connection.id },
          action: 'order.annotate_refused',
          subject: { kind: 'order', id: order.id },
          cause: { kind: 'order', id: order.id },
          data: { message },
        },
      ]);
      // What the channel has is what holds.
      const concerns = { kind: 'order', orderRef: order.externalRef } as const;
      await enqueueJobs(tx, [lookAgainJob(merchantId, connection.id, concerns)]);
    });
    context.afterCommit(merchantId);
  }
  return outcome;
}
