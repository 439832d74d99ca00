/**
 * Sending stock numbers to Shopify, up to 250 in one call. Shopify sets all of them or none, and
 * names the entries it objected to: those are settled one by one, the rest is sent again.
 */
import { createHash } from 'node:crypto';

import type { StockPublication, StockPublished } from '../../../contracts/channel';
import type { IdempotencyKey, Outcome, RefusalCode } from '../../../contracts/outcome';
import { type AdminApi, done, isDone, refused } from './client';
import {
  ActivateInventory,
  type InventorySetQuantitiesUserErrorCode,
  SetInventory,
  type SetInventoryMutation,
} from './operations/admin.generated';
import { readLevels } from './read-stock';

/** Shopify's limit on any array argument: https://shopify.dev/docs/api/usage/limits */
export const STOCK_BATCH_MAX = 250;
/** Each round settles at least one entry; a batch that still is not through waits its turn. */
const ROUNDS_MAX = 5;
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

/** Nothing was written. Answers the entries objected to, returns those worth sending again. */
async function settleObjections(
  parts: Parts,
  pending: readonly Pending[],
  errors: UserErrors,
  key: IdempotencyKey,
  outcomes: Map<number, Published>,
): Promise<readonly Pending[]> {
  const objections = new Map<number, { code: ErrorCode; message: string }>();
  for (const { code, field, message } of errors) {
    const position = positionIn(field);
    if (position === null || position >= pending.length) {
      for (const { index } of pending) outcomes.set(index, refused(refusalOf(code), message));
      return [];
    }
    if (!objections.has(position)) objections.set(position, { code, message });
  }
  const stale = pending.filter((_, at) => isStale(objections.get(at)?.code));
  const present = await readPresent(parts, stale);
  const again: Pending[] = [];
  for (const [at, one] of pending.entries()) {
    const objection = objections.get(at);
    if (objection === undefined) {
      again.push(one);
    } else if (objection.code === 'ITEM_NOT_STOCKED_AT_LOCATION') {
      const activated = await activate(parts.api, one.entry, key);
      // A level just made holds zero: compared with, so that another writer is still noticed.
      if (isDone(activated)) again.push({ ...one, expected: 0 });
      else outcomes.set(one.index, activated);
    } else if (!isStale(objection.code)) {
      outcomes.set(one.index, refused(refusalOf(objection.code), objection.message));
    } else if (!isDone(present)) {
      outcomes.set(one.index, present);
    } else {
      const settled = settleStale(one, present.value);
      if (settled === null) again.push(one);
      else outcomes.set(one.index, done(settled));
    }
  }
  return again;
}

/** Null: by now the channel holds what was expected after all, so the entry may be sent. */
function settleStale(
  { entry, expected }: Pending,
  present: ReadonlyMap<string, number | null>,
): StockPublished | null {
  const actual = present.get(placeOf(entry)) ?? null;
  if (actual === entry.quantity) return { kind: 'already', quantity: entry.quantity };
  return actual !== null && actual === expected ? null : { kind: 'stale', actual };
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
    if (present.value.get(placeOf(entry)) === entry.quantity) {
      outcomes.set(index, done({ kind: 'set', quantity: entry.quantity }));
    }
  }
}

async function readPresent(
  { api }: Parts,
  pending: readonly Pending[],
): Promise<Outcome<ReadonlyMap<string, number | null>>> {
  const levels = await readLevels(
    api,
    pending.map(({ entry }) => entry.stockRef),
  );
  if (!isDone(levels)) return levels;
  return done(new Map(levels.value.map((level) => [placeOf(level), level.available])));
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

type ErrorCode = InventorySetQuantitiesUserErrorCode | null;

function isStale(code: ErrorCode | undefined): boolean {
  return code === 'CHANGE_FROM_QUANTITY_STALE' || code === 'COMPARE_QUANTITY_STALE';
}

function refusalOf(code: ErrorCode): RefusalCode {
  if (code === 'INVALID_INVENTORY_ITEM' || code === 'INVALID_LOCATION') return 'not_found';
  return code === 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' ? 'conflict' : 'validation';
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
