import { z } from 'zod';
import { refused, type Refused } from '../context';
import { HOLD_NOTE_LENGTH_MAX } from './hold-order';
import { annotationProblem } from './annotate-order';

/** What can be asked for many orders at once. Also the shape in which it is kept. */
export const bulkWish = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('hold'),
    reason: z.enum(['payment', 'fraud', 'address', 'out_of_stock', 'merchant', 'other']),
    note: z.string().nullable(),
  }),
  z.object({ kind: z.literal('release') }),
  z.object({ kind: z.literal('tag'), tags: z.array(z.string()) }),
  z.object({ kind: z.literal('untag'), tags: z.array(z.string()) }),
  z.object({ kind: z.literal('cancel'), reason: z.string() }),
  z.object({ kind: z.literal('reroute') }),
]);
export type BulkWish = z.infer<typeof bulkWish>;

/** What can be taken back exactly. A cancelled order has gone on in its channel. */
export const UNDOABLE: ReadonlySet<string> = new Set(['hold', 'release', 'tag', 'untag']);

/** Tags that one action may name. */
const TAGS_MAX = 20;

/** Why it cannot be asked for; null when it can. */
export function bulkProblem(wish: BulkWish): Refused | null {
  switch (wish.kind) {
    case 'hold':
      return (wish.note?.length ?? 0) > HOLD_NOTE_LENGTH_MAX
        ? refused('validation', `Keep the note under ${String(HOLD_NOTE_LENGTH_MAX)} characters.`)
        : null;
    case 'tag':
    case 'untag':
      return tagsProblem(wish.tags);
    case 'cancel':
      return wish.reason.trim() === '' ? refused('validation', 'Give a reason.') : null;
    case 'release':
    case 'reroute':
      return null;
  }
}

function tagsProblem(tags: readonly string[]): Refused | null {
  if (tags.every((tag) => tag.trim() === '')) return refused('validation', 'Enter a tag.');
  if (tags.length > TAGS_MAX) {
    return refused('validation', `Enter at most ${String(TAGS_MAX)} tags at once.`);
  }
  const problem = annotationProblem({ note: null, addTags: tags, removeTags: [] });
  return problem === null ? null : refused('validation', problem);
}
