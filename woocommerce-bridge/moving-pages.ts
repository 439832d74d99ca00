import type { Answer } from './answers';
import type { StoreClient } from './client';
import type { Parameters } from './transport';
import { idOf, recordsOf } from './read-body';
import type { JsonRecord } from './read-body';

/**
 * Paging through a list that changes while it is read. Entries come by rising id, so what is new
 * joins at the end; what is deleted moves the rest forward, and a plain next page would then skip
 * entries. Each page therefore begins a few entries early and is cut at the last id already seen;
 * if even the early part is all new, it steps further back.
 */
export type PagePlace = { readonly offset: number; readonly lastId: string };

export type MovingPage =
  | { readonly ok: true; readonly entries: readonly JsonRecord[]; readonly next: PagePlace | null }
  | Extract<Answer, { readonly ok: false }>;

export const PAGE_START: PagePlace = { offset: 0, lastId: '0' };

/** Entries read twice on purpose at each page border. */
const OVERLAP = 5;

export async function readMovingPage(
  client: StoreClient,
  path: string,
  parameters: Parameters,
  place: PagePlace,
  pageSize: number,
): Promise<MovingPage> {
  let offset = Math.max(place.offset - OVERLAP, 0);
  for (;;) {
    const answer = await readAt(client, path, parameters, offset, pageSize);
    if (!answer.ok) return answer;
    const entries = recordsOf(answer.body);
    const first = idOf(entries[0]?.['id']);
    const skipped = offset > 0 && (first === null || isLater(first, place.lastId));
    if (skipped) {
      offset = Math.max(offset - pageSize, 0);
      continue;
    }
    const fresh = entries.filter((entry) => isLater(idOf(entry['id']), place.lastId));
    const lastId = idOf(fresh.at(-1)?.['id']);
    const full = entries.length >= pageSize;
    const next = full && lastId !== null ? { offset: offset + entries.length, lastId } : null;
    return { ok: true, entries: fresh, next };
  }
}

function readAt(
  client: StoreClient,
  path: string,
  parameters: Parameters,
  offset: number,
  pageSize: number,
): Promise<Answer> {
  const paging = { orderby: 'id', order: 'asc', per_page: pageSize, offset };
  return client.read(path, { ...parameters, ...paging });
}

/** Compares ids as the numbers they stand for, without turning them into numbers. */
function isLater(id: string | null, than: string): boolean {
  if (id === null) return false;
  return id.length === than.length ? id > than : id.length > than.length;
}
