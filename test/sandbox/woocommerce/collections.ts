import type { SandboxReply, SandboxRequest } from '../core';
import { invalidParam, reply } from './replies';
import type { StoreState } from './state';

/** What every kind of listed thing has. */
export type Listed = {
  readonly id: number;
  readonly createdAt: Date;
  readonly modifiedAt?: Date | null;
};

/**
 * One page of a collection: `page`, `offset`, `per_page` (1 to 100), `orderby` id or date, `order`,
 * `include`, `modified_after` (strictly after, whole seconds). A page past the end is empty.
 */
export function listPage<Entry extends Listed>(
  state: StoreState,
  request: SandboxRequest,
  all: readonly Entry[],
  bodyOf: (entry: Entry) => unknown,
): SandboxReply {
  const { query } = request;
  const perPage = query.get('per_page') ?? '10';
  if (!/^\d+$/.test(perPage) || Number(perPage) < 1 || Number(perPage) > 100) {
    return invalidParam('per_page', 'per_page must be between 1 (inclusive) and 100 (inclusive)');
  }
  const after = query.get('modified_after');
  if (after !== null && Number.isNaN(Date.parse(zoned(after)))) {
    return invalidParam('modified_after', 'Invalid date.');
  }
  const chosen = sorted(filtered(all, query, after), query);
  const size = Number(perPage);
  const page = Number(query.get('page') ?? '1');
  const start = query.has('offset') ? Number(query.get('offset')) : (page - 1) * size;
  const pages = Math.ceil(chosen.length / size);
  return reply(200, chosen.slice(start, start + size).map(bodyOf), {
    'x-wp-total': String(chosen.length),
    'x-wp-totalpages': String(pages),
    ...linkHeader(state, request, page, pages),
  });
}

const zoned = (text: string): string => (/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);

function filtered<Entry extends Listed>(
  all: readonly Entry[],
  query: URLSearchParams,
  after: string | null,
): Entry[] {
  const included = idList(query, 'include');
  const floor = after === null ? null : Date.parse(zoned(after));
  return all.filter((entry) => {
    if (included !== null && !included.has(entry.id)) return false;
    return floor === null || (entry.modifiedAt ?? entry.createdAt).getTime() > floor;
  });
}

function sorted<Entry extends Listed>(entries: Entry[], query: URLSearchParams): Entry[] {
  const direction = query.get('order') === 'asc' ? 1 : -1;
  const byId = query.get('orderby') === 'id';
  return entries.sort((a, b) => {
    const byDate = byId ? 0 : a.createdAt.getTime() - b.createdAt.getTime();
    return direction * (byDate || a.id - b.id);
  });
}

/** Lists come as `1,2,3` or as `include[0]=1&include[1]=2`. */
export function idList(query: URLSearchParams, name: string): Set<number> | null {
  const values = [...query.entries()]
    .filter(
      ([key]) => key === name || (/^\[\d*\]$/.test(key.slice(name.length)) && key.startsWith(name)),
    )
    .flatMap(([, value]) => value.split(','));
  return values.length === 0 ? null : new Set(values.map((value) => Number.parseInt(value, 10)));
}

function linkHeader(
  state: StoreState,
  request: SandboxRequest,
  page: number,
  pages: number,
): Record<string, string> {
  const query = new URLSearchParams(request.query);
  for (const name of [...query.keys()]) if (name.startsWith('oauth_')) query.delete(name);
  const at = (number: number) => {
    query.set('page', String(number));
    return `<${state.url}${request.path}?${query.toString()}>`;
  };
  const parts: string[] = [];
  if (page > 1) parts.push(`${at(Math.min(page - 1, Math.max(pages, 1)))}; rel="prev"`);
  if (page < pages) parts.push(`${at(page + 1)}; rel="next"`);
  return parts.length === 0 ? {} : { link: parts.join(', ') };
}
