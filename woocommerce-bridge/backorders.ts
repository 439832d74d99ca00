import type { ExternalRef, Outcome, RefusalCode } from '../app/contracts/outcome';
import { refusalOf } from './answers';
import type { StoreClient } from './client';
import { inOrder, partsOf } from './in-order';
import { idOf, isRecord, recordsOf, textOf } from './read-body';
import { groupsOf, readBodies } from './read-numbers';
import type { Group } from './read-numbers';
import { placeOf } from './refs';

type Entry = {
  readonly listingRef: ExternalRef;
  readonly productRef: ExternalRef;
  readonly allowed: boolean;
};

const BATCH_MAX = 100;
const FIELDS = 'manage_stock,backorders';

/**
 * Allows or forbids selling beyond the number. What is so already is not written: `notify` allows
 * as `yes` does, and stays. Variations that share their parent's number follow its word, so the
 * parent is written for them.
 */
export async function setBackorders(
  client: StoreClient,
  entries: readonly Entry[],
  key: string,
): Promise<readonly Outcome<null>[]> {
  const readable = entries.filter(({ listingRef }) => placeOf(listingRef) !== null);
  const own = await readBodies(client, unique(readable.map((entry) => entry.listingRef)), FIELDS);
  if (!own.ok) return entries.map(() => own.failure);
  const shared = readable.filter(
    ({ listingRef }) => own.bodies.get(listingRef)?.['manage_stock'] === 'parent',
  );
  const parents = await readBodies(client, unique(shared.map((entry) => entry.productRef)), FIELDS);
  if (!parents.ok) return entries.map(() => parents.failure);
  const holderOf = (entry: Entry): ExternalRef =>
    shared.includes(entry) ? entry.productRef : entry.listingRef;
  const wanted = new Map<ExternalRef, boolean>();
  const outcomes = new Map<ExternalRef, Outcome<null>>();
  for (const entry of readable) {
    const holder = holderOf(entry);
    const body = (shared.includes(entry) ? parents : own).bodies.get(holder);
    if (!body) outcomes.set(holder, refuse('not_found', `the store no longer has ${holder}`));
    else if (body['manage_stock'] !== true) {
      outcomes.set(holder, refuse('conflict', `the store does not count ${holder}`));
    } else if ((textOf(body, 'backorders') !== 'no') === entry.allowed) {
      outcomes.set(holder, { status: 'duplicate', value: null });
    } else wanted.set(holder, entry.allowed);
  }
  await inOrder(groupsOf([...wanted.keys()]), async (group) => {
    for (const ids of partsOf(group.ids, BATCH_MAX)) {
      for (const [ref, outcome] of await write(client, { ...group, ids }, wanted, key)) {
        outcomes.set(ref, outcome);
      }
    }
  });
  return entries.map((entry) => {
    if (!readable.includes(entry)) {
      return refuse('validation', `"${entry.listingRef}" is no listing of a WooCommerce store`);
    }
    return outcomes.get(holderOf(entry)) ?? refuse('permanent', 'the store did not answer for it');
  });
}

async function write(
  client: StoreClient,
  group: Group,
  wanted: ReadonlyMap<ExternalRef, boolean>,
  key: string,
): Promise<Map<ExternalRef, Outcome<null>>> {
  const update = group.ids.map((id) => ({
    id: Number.parseInt(id, 10),
    backorders: wanted.get(group.refOf(id)) === true ? 'yes' : 'no',
  }));
  const answer = await client.write({
    method: 'post',
    path: `${group.path}/batch`,
    body: { update },
    lookUpBy: key,
  });
  if (!answer.ok) {
    const { failure } = answer;
    return new Map(group.ids.map((id) => [group.refOf(id), failure]));
  }
  const items = isRecord(answer.body) ? recordsOf(answer.body['update']) : [];
  return new Map(
    items.flatMap((item): [ExternalRef, Outcome<null>][] => {
      const id = idOf(item['id']);
      if (id === null) return [];
      const error = isRecord(item['error']) ? refusalOf(item['error'], client.scrub) : null;
      return [[group.refOf(id), error ?? { status: 'done', value: null }]];
    }),
  );
}

function unique(refs: readonly ExternalRef[]): readonly ExternalRef[] {
  return [...new Set(refs)];
}

function refuse(code: RefusalCode, message: string): Outcome<never> {
  return { status: 'refused', reason: { code, message } };
}
