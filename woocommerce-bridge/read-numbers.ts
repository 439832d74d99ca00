import type { ExternalRef } from '../app/contracts/outcome';
import { saysGone, saysUnusable } from './answers';
import type { Failure } from './answers';
import type { StoreClient } from './client';
import { inOrder, partsOf } from './in-order';
import { idOf, recordsOf } from './read-body';
import type { JsonRecord } from './read-body';
import { placeOf, productRef, variationRef } from './refs';

/** The most a list or a batch carries. */
const PER_CALL_MAX = 100;

/** Refs that one path serves: all plain products together, variations by parent. */
export type Group = {
  readonly path: string;
  readonly ids: string[];
  readonly refOf: (id: string) => ExternalRef;
};

/** Writes have no list of all variations: each parent's are a call of their own. */
export function groupsOf(refs: readonly ExternalRef[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const ref of refs) {
    const place = placeOf(ref);
    if (!place) throw new Error(`not a stock ref: ${ref}`);
    const parentId = place.kind === 'variation' ? place.parentId : null;
    const path = parentId === null ? 'products' : `products/${parentId}/variations`;
    const refOf = (id: string): ExternalRef =>
      parentId === null ? productRef(id) : variationRef(parentId, id);
    const group = groups.get(path) ?? { path, ids: [], refOf };
    group.ids.push(place.id);
    groups.set(path, group);
  }
  return [...groups.values()];
}

export type Bodies =
  | { readonly ok: true; readonly bodies: ReadonlyMap<ExternalRef, JsonRecord> }
  | { readonly ok: false; readonly failure: Failure };

/** Stores found to have no list of all variations (before 10.3), for the life of their client. */
const withoutList = new WeakSet<StoreClient>();

/**
 * Some fields of many products and variations. A store of today answers in one call for the
 * products and one for all variations, whatever their parents; an older one in a call per parent.
 * What is gone is left out.
 */
export async function readBodies(
  client: StoreClient,
  refs: readonly ExternalRef[],
  fields: string,
): Promise<Bodies> {
  const bodies = new Map<ExternalRef, JsonRecord>();
  const groups = groupsOf(refs);
  const byParent = groups.filter(({ path }) => path !== 'products');
  const together = byParent.length > 1 && !withoutList.has(client);
  const [plain, listed] = await Promise.all([
    readGroups(
      client,
      together ? groups.filter((one) => !byParent.includes(one)) : groups,
      fields,
      bodies,
    ),
    together ? readList(client, byParent, fields, bodies) : Promise.resolve(null),
  ]);
  if (plain !== null) return { ok: false, failure: plain };
  if (listed !== null) return { ok: false, failure: listed };
  if (!together) return { ok: true, bodies };
  // What the list left out is deleted, or the list is not what it seems: each parent knows.
  const missing = refs.filter((ref) => !bodies.has(ref) && placeOf(ref)?.kind === 'variation');
  const failure = await readGroups(client, groupsOf(missing), fields, bodies);
  return failure === null ? { ok: true, bodies } : { ok: false, failure };
}

async function readGroups(
  client: StoreClient,
  groups: readonly Group[],
  fields: string,
  into: Map<ExternalRef, JsonRecord>,
): Promise<Failure | null> {
  const calls = groups.flatMap((group) =>
    partsOf(group.ids, PER_CALL_MAX).map((ids) => ({ group, ids })),
  );
  const failures = await inOrder(calls, async ({ group, ids }) => {
    const answer = await client.read(group.path, asked(ids, fields));
    if (!answer.ok) return saysGone(answer) ? null : answer.failure;
    for (const body of recordsOf(answer.body)) {
      const id = idOf(body['id']);
      if (id !== null) into.set(group.refOf(id), body);
    }
    return null;
  });
  return failures.find((failure) => failure !== null) ?? null;
}

/** Answers nothing where the store has no such list. */
async function readList(
  client: StoreClient,
  groups: readonly Group[],
  fields: string,
  into: Map<ExternalRef, JsonRecord>,
): Promise<Failure | null> {
  const refs = new Map(
    groups.flatMap((group) => group.ids.map((id): [string, ExternalRef] => [id, group.refOf(id)])),
  );
  const failures = await inOrder(partsOf([...refs.keys()], PER_CALL_MAX), async (ids) => {
    const answer = await client.read('variations', asked(ids, fields));
    if (!answer.ok) {
      if (!saysUnusable(answer)) return answer.failure;
      withoutList.add(client);
      return null;
    }
    for (const body of recordsOf(answer.body)) {
      const ref = refs.get(idOf(body['id']) ?? '');
      if (ref !== undefined) into.set(ref, body);
    }
    return null;
  });
  return failures.find((failure) => failure !== null) ?? null;
}

function asked(ids: readonly string[], fields: string) {
  return { include: ids.join(','), per_page: PER_CALL_MAX, _fields: `id,${fields}` };
}
