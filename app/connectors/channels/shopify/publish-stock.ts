/**
 * Sending stock numbers to Shopify, up to 250 in one call. Shopify sets all of them or none, and
 * names the entries it objected to: those are settled one by one, the rest is sent again.
 */
import { createHash } from 'node:crypto';

import type { StockPublication, StockPublished } from '../../../contracts/channel';
import type { IdempotencyKey, Outcome } from '../../../contracts/outcome';
import { type AdminApi, done, isDone, refused } from './client';
import {
  ActivateInventory,
  SetInventory,
  type SetInventoryMutation,
} from './operations/admin.generated';
import { mapDone } from './read-all-pages';
import { readLevels } from './read-stock';

/** Shopify's limit on any array argument: https://shopify.dev/docs/api/usage/limits */
export const STOCK_BATCH_MAX = 250;
/** Each round settles at least one entry; a batch that still is not through waits its turn. */
const ROUNDS_MAX = 8;
/** The same request under the same key is safe to send again when the answer was lost. */
const SENDS_MAX = 2;
const RETRY_AFTER_MS = 1_000;
const QUANTITY_MAX = 1_000_000_000;
/** Shopify's list of reasons has no word for "another channel sold one"; this is the closest. */
const REASON = 'correction';

type Published = Outcome<StockPublished>;
type UserErrors = NonNullable<SetInventoryMutation['inventorySetQuantities']>['userErrors'];
type Parts = { readonly api: AdminApi; readonly now: () => Date };

/** An entry on its way: its place in the answer, and what Shopify is asked to compare with. */
type Pending = {
  readonly index: number;
  readonly entry: StockPublication;
  readonly expected: number | null;
};

/** What a round of sending came to: nothing left to say, objections, or an answer for all. */
type Round =
  | { readonly kind: 'set' }
  | { readonly kind: 'again' }
  | { readonly kind: 'objections'; readonly errors: UserErrors }
  | { readonly kind: 'all'; readonly outcome: Outcome<never> };

/** One outcome per entry, in order. */
export async function publishStock(
  parts: Parts,
  entries: readonly StockPublication[],
  key: IdempotencyKey,
): Promise<readonly Published[]> {
  const outcomes = new Map<number, Published>();
  let pending = takeSendable(entries, outcomes);
  for (let round = 0; pending.length > 0 && round < ROUNDS_MAX; round += 1) {
    const sent = await sendRound(parts, pending, key, round);
    if (sent.kind === 'again') continue;
    if (sent.kind === 'objections') {
      pending = await settleObjections(parts, pending, sent.errors, key, outcomes);
      continue;
    }
    for (const { index, entry } of pending) {
      const set = done<StockPublished>({ kind: 'set', quantity: entry.quantity });
      outcomes.set(index, sent.kind === 'set' ? set : sent.outcome);
    }
    if (sent.kind === 'all' && sent.outcome.status === 'unknown') {
      await settleUnknown(parts, pending, outcomes);
    }
    pending = [];
  }
  for (const { index } of pending) {
    outcomes.set(index, later(parts, 'Shopify kept objecting to other numbers of the batch.'));
  }
  return entries.map((_, index) => outcomes.get(index) ?? later(parts, 'The entry was not sent.'));
}

/** Entries Shopify could only refuse are answered here, so that they do not hold up the rest. */
function takeSendable(
  entries: readonly StockPublication[],
  outcomes: Map<number, Published>,
): readonly Pending[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    const place = placeOf(entry);
    const { quantity, expected } = entry;
    if (!Number.isInteger(quantity) || quantity < 0 || quantity > QUANTITY_MAX) {
      outcomes.set(index, refused('validation', `${String(quantity)} is no stock number.`));
    } else if (index >= STOCK_BATCH_MAX) {
      outcomes.set(index, refused('validation', 'More entries than one call may carry.'));
    } else if (seen.has(place)) {
      outcomes.set(index, refused('validation', 'The same place twice in one call.'));
    } else {
      seen.add(place);
      return [{ index, entry, expected }];
    }
    return [];
  });
}

async function sendRound(
  { api, now }: Parts,
  pending: readonly Pending[],
  key: IdempotencyKey,
  round: number,
): Promise<Round> {
  const quantities = pending.map(({ entry, expected }) => ({
    inventoryItemId: entry.stockRef,
    locationId: entry.locationRef,
    quantity: entry.quantity,
    // Always present: Shopify errs when it is left out, and null opts out of comparing.
    changeFromQuantity: expected,
  }));
  const input = {
    name: 'available',
    reason: REASON,
    referenceDocumentUri: `gid://crossdock/StockPublication/${encodeURIComponent(key)}`,
    quantities,
  };
  const variables = {
    input,
    key: deriveKey(key, `${String(round)} ${JSON.stringify(quantities)}`),
  };
  let answer = await api.write(SetInventory, variables, key);
  for (let sends = 1; answer.status === 'unknown' && sends < SENDS_MAX; sends += 1) {
    answer = await api.write(SetInventory, variables, key);
  }
  if (!isDone(answer)) return { kind: 'all', outcome: answer };
  const errors = answer.value.inventorySetQuantities?.userErrors ?? [];
  if (errors.length === 0) return { kind: 'set' };
  const codes = new Set(errors.map((error) => error.code));
  if (codes.has('IDEMPOTENCY_CONCURRENT_REQUEST')) {
    const retryAt = new Date(now().getTime() + RETRY_AFTER_MS);
    const message = 'The same publication is under way.';
    return { kind: 'all', outcome: { status: 'retry_later', retryAt, message } };
  }
  // The next round has another key, which is what Shopify asks for.
  if (codes.has('IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED')) return { kind: 'again' };
  return { kind: 'objections', errors };
}

/**
 * Nothing was written. Shopify may name only the first entry it objects to, so all of them are
 * compared with what it holds now. Answers those that are settled, returns those to send again.
 */
async function settleObjections(
  parts: Parts,
  pending: readonly Pending[],
  errors: UserErrors,
  key: IdempotencyKey,
  outcomes: Map<number, Published>,
): Promise<readonly Pending[]> {
  const objections = new Map<number, UserErrors[number]>();
  for (const error of errors) {
    const position = positionIn(error.field);
    if (position === null || position >= pending.length) {
      for (const { index } of pending) outcomes.set(index, refuse(error));
      return [];
    }
    if (!objections.has(position)) objections.set(position, error);
  }
  const open = pending.filter(({ index }, position) => {
    const objection = objections.get(position);
    if (objection === undefined || isAboutState(objection.code)) return true;
    outcomes.set(index, refuse(objection));
    return false;
  });
  if (![...objections.values()].some(({ code }) => isAboutState(code))) return open;
  const present = await readPresent(parts, open);
  if (!isDone(present)) {
    for (const { index } of open) outcomes.set(index, present);
    return [];
  }
  const again: Pending[] = [];
  for (const one of open) {
    const settled = await settleAgainst(parts, one, present.value, key);
    if ('entry' in settled) again.push(settled);
    else outcomes.set(one.index, settled);
  }
  return again;
}

/** The entry's answer, or the entry as it is to be sent again. */
async function settleAgainst(
  { api }: Parts,
  pending: Pending,
  present: Present,
  key: IdempotencyKey,
): Promise<Published | Pending> {
  const { entry, expected } = pending;
  const actual = present.levels.get(placeOf(entry));
  if (actual === undefined) {
    // An unknown item is left for Shopify to name; a known one is not stocked there yet.
    if (!present.items.has(entry.stockRef)) return pending;
    const activated = await activate(api, entry, key);
    // A level just made holds zero: compared with, so that another writer is still noticed.
    return isDone(activated) ? { ...pending, expected: 0 } : activated;
  }
  if (actual === entry.quantity) return done({ kind: 'already', quantity: entry.quantity });
  if (expected === null || actual === expected) return pending;
  return done({ kind: 'stale', actual });
}

/** The answer was lost twice: a number that is there now has arrived, any other may still come. */
async function settleUnknown(
  parts: Parts,
  pending: readonly Pending[],
  outcomes: Map<number, Published>,
): Promise<void> {
  const present = await readPresent(parts, pending);
  if (!isDone(present)) return;
  for (const { index, entry } of pending) {
    if (present.value.levels.get(placeOf(entry)) === entry.quantity) {
      outcomes.set(index, done({ kind: 'set', quantity: entry.quantity }));
    }
  }
}

/** What Shopify holds: available by place, and the items it has any level of. */
type Present = {
  readonly levels: ReadonlyMap<string, number | null>;
  readonly items: ReadonlySet<string>;
};

async function readPresent({ api }: Parts, pending: readonly Pending[]): Promise<Outcome<Present>> {
  const levels = await readLevels(
    api,
    pending.map(({ entry }) => entry.stockRef),
  );
  return mapDone(levels, (all) => ({
    levels: new Map(all.map((level) => [placeOf(level), level.available])),
    items: new Set(all.map(({ stockRef }) => stockRef)),
  }));
}

async function activate(
  api: AdminApi,
  { stockRef, locationRef }: StockPublication,
  key: IdempotencyKey,
): Promise<Outcome<null>> {
  const variables = {
    item: stockRef,
    location: locationRef,
    key: deriveKey(key, `activate ${stockRef} ${locationRef}`),
  };
  const answer = await api.write(ActivateInventory, variables, key);
  if (!isDone(answer)) return answer;
  const [error] = answer.value.inventoryActivate?.userErrors ?? [];
  return error === undefined ? done(null) : refused('validation', error.message);
}

type ErrorCode = UserErrors[number]['code'];

/** About what Shopify holds now, not about the entry: reading again tells what to do. */
function isAboutState(code: ErrorCode): boolean {
  return (
    code === 'CHANGE_FROM_QUANTITY_STALE' ||
    code === 'COMPARE_QUANTITY_STALE' ||
    code === 'ITEM_NOT_STOCKED_AT_LOCATION'
  );
}

function refuse({ code, message }: UserErrors[number]): Outcome<never> {
  if (code === 'INVALID_INVENTORY_ITEM' || code === 'INVALID_LOCATION') {
    return refused('not_found', message);
  }
  return refused(
    code === 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' ? 'conflict' : 'validation',
    message,
  );
}

/** `field` names the entry as ["input", "quantities", "3", …]. */
function positionIn(field: readonly string[] | null): number | null {
  const at = field?.indexOf('quantities') ?? -1;
  const text = at < 0 ? undefined : field?.[at + 1];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

/** A key bound to what it is sent with: the same content again has the same key, other has not. */
function deriveKey(key: IdempotencyKey, content: string): string {
  return createHash('sha256').update(`${key}\n${content}`).digest('hex');
}

function placeOf(entry: { readonly stockRef: string; readonly locationRef: string }): string {
  return `${entry.stockRef} ${entry.locationRef}`;
}

function later({ now }: Parts, message: string): Outcome<never> {
  return { status: 'retry_later', retryAt: new Date(now().getTime() + RETRY_AFTER_MS), message };
}
