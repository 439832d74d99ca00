/** What people wrote on an order: its note and tags. */
import type { ExternalRef, IdempotencyKey, Outcome } from '../../../contracts/outcome';
import { type AdminApi, done, isDone, type Operation, refused } from './client';
import { AddTags, OrderAnnotations, RemoveTags, UpdateNote } from './operations/admin.generated';

type Parts = { readonly api: AdminApi; readonly now: () => Date };

type Change = {
  readonly note: string | null;
  readonly addTags: readonly string[];
  readonly removeTags: readonly string[];
};

type Answered = { readonly userErrors: readonly { readonly message: string }[] } | null;

/** These writes may be repeated, so one that got no answer is simply asked for again this late. */
const AGAIN_MS = 2_000;

/**
 * Writes what is not so yet: tags are compared without case, as Shopify does, and a tag both added
 * and removed is added. `duplicate` when all of it was so before; `refused` (validation) in
 * Shopify's words.
 */
export async function annotateOrder(
  { api, now }: Parts,
  order: ExternalRef,
  change: Change,
  key: IdempotencyKey,
): Promise<Outcome<null>> {
  const before = await api.read(OrderAnnotations, { id: order });
  if (!isDone(before)) return before;
  const { order: known } = before.value;
  if (known === null) return refused('not_found', `Shopify has no ${order}.`);
  const has = (tag: string, tags: readonly string[]): boolean =>
    tags.some((one) => one.toLowerCase() === tag.toLowerCase());
  const add = change.addTags.filter((tag) => !has(tag, known.tags));
  const remove = change.removeTags.filter(
    (tag) => has(tag, known.tags) && !has(tag, change.addTags),
  );
  const write = async <Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    answered: (data: Data) => Answered,
  ): Promise<Outcome<null>> => {
    const answer = await api.write(operation, variables, key);
    if (answer.status === 'unknown') {
      const retryAt = new Date(now().getTime() + AGAIN_MS);
      return { status: 'retry_later', retryAt, message: answer.message };
    }
    if (!isDone(answer)) return answer;
    const [error] = answered(answer.value)?.userErrors ?? [];
    return error === undefined ? done(null) : refused('validation', error.message);
  };
  const steps: (() => Promise<Outcome<null>>)[] = [];
  if (change.note !== null && change.note !== (known.note ?? '')) {
    const note = change.note;
    steps.push(() => write(UpdateNote, { id: order, note }, (data) => data.orderUpdate));
  }
  if (remove.length > 0) {
    steps.push(() => write(RemoveTags, { id: order, tags: remove }, (data) => data.tagsRemove));
  }
  if (add.length > 0) {
    steps.push(() => write(AddTags, { id: order, tags: add }, (data) => data.tagsAdd));
  }
  for (const step of steps) {
    const outcome = await step();
    if (!isDone(outcome)) return outcome;
  }
  return steps.length === 0 ? { status: 'duplicate', value: null } : done(null);
}
