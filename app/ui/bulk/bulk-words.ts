import type { BulkActionView } from '#app/queries/bulk/get-bulk-action';
import { countOf, formatCount, listOf } from '../words/numbers';

/** Can be taken back exactly. */
const UNDOABLE: readonly string[] = ['hold', 'release', 'tag', 'untag'];

/** "Hold 12 orders"; what it undoes when it undoes something. */
export function bulkTitle({ kind, total, tags, undoOf }: BulkActionView): string {
  const orders = countOf(total, 'order');
  const what = bulkWords(kind, orders, tags);
  return undoOf === null ? what : `Undo: ${what.charAt(0).toLowerCase()}${what.slice(1)}`;
}

function bulkWords(kind: string, orders: string, tags: readonly string[]): string {
  const named = tags.length === 0 ? 'tags' : `“${listOf(tags)}”`;
  switch (kind) {
    case 'hold':
      return `Hold ${orders}`;
    case 'release':
      return `Lift holds of ${orders}`;
    case 'tag':
      return `Add ${named} to ${orders}`;
    case 'untag':
      return `Remove ${named} from ${orders}`;
    case 'cancel':
      return `Cancel ${orders}`;
    case 'reroute':
      return `Route ${orders} again`;
    default:
      return orders;
  }
}

export function isUndoable({ kind, state, undoOf, done, failed }: BulkActionView): boolean {
  return UNDOABLE.includes(kind) && state === 'done' && undoOf === null && done > failed;
}

/** How far it is, or how it ended. */
export function bulkStanding({ state, total, done, failed }: BulkActionView): string {
  if (state === 'running') return `${formatCount(done)} of ${countOf(total, 'order')} looked at`;
  const trouble = failed === 0 ? '' : `, ${countOf(failed, 'order')} failed`;
  if (state === 'undone') return `Finished and undone${trouble}`;
  return `Finished: ${countOf(done - failed, 'order')} dealt with${trouble}`;
}
