import type { ChannelStockLevel, StockPublication, StockPublished } from '../app/contracts/channel';
import type { ExternalRef, Outcome, RefusalCode } from '../app/contracts/outcome';
import { refusalOf } from './answers';
import type { Failure } from './answers';
import type { StoreClient } from './client';
import { inOrder } from './in-order';
import { availableOf } from './mapping';
import { idOf, isRecord, recordsOf } from './read-body';
import type { JsonRecord } from './read-body';
import { groupsOf, readBodies } from './read-numbers';
import type { Group } from './read-numbers';
import { placeOf } from './refs';

/** What a batch call may carry; 101 is refused whole with 413. */
export const STOCK_BATCH_MAX = 100;
/** More than any stock there is, and still exact where WordPress keeps it as a float. */
const QUANTITY_MAX = 1_000_000_000;
/** Batches sent side by side: each parent's variations are one, and sales wait for them. */
const WRITES_AT_ONCE = 4;
/** After a write of unknown end that left no trace, the next one waits at least this long. */
const SETTLE_MS = 5_000;

/** What the store holds for one stock ref right now. */
type Present = { readonly available: number | null; readonly managedElsewhere: boolean };
type ReadNumbers =
  | { readonly ok: true; readonly numbers: ReadonlyMap<ExternalRef, Present> }
  | { readonly ok: false; readonly failure: Failure };

/** The numbers of many refs, read together. */
async function readNumbers(
  client: StoreClient,
  stockRefs: readonly ExternalRef[],
): Promise<ReadNumbers> {
  const read = await readBodies(client, stockRefs, 'manage_stock,stock_quantity');
  if (!read.ok) return read;
  const numbers = new Map([...read.bodies].map(([ref, body]) => [ref, presentOf(body)]));
  return { ok: true, numbers };
}

function presentOf(body: JsonRecord): Present {
  return { available: availableOf(body), managedElsewhere: body['manage_stock'] === 'parent' };
}

export async function readStock(
  client: StoreClient,
  listings: readonly { readonly stockRef: ExternalRef }[],
): Promise<Outcome<readonly ChannelStockLevel[]>> {
  const refs = [...new Set(listings.map((listing) => listing.stockRef))];
  const unreadable = refs.find((ref) => placeOf(ref) === null);
  if (unreadable !== undefined) return refuse('validation', `"${unreadable}" is no stock ref`);
  const read = await readNumbers(client, refs);
  if (!read.ok) return read.failure;
  const levels = refs.flatMap((stockRef) => {
    const present = read.numbers.get(stockRef);
    return present
      ? [{ stockRef, locationRef: '', available: present.available, committed: 0 }]
      : [];
  });
  return { status: 'done', value: levels };
}

/**
 * Sends numbers, at most {@link STOCK_BATCH_MAX}. WooCommerce has no compare-and-set, so this
 * looks, then writes, then looks again; the caller sees to it that nobody else writes the same
 * number meanwhile. A number that is there already is not written: even that would raise an event.
 */
export async function publishStock(
  client: StoreClient,
  entries: readonly StockPublication[],
): Promise<readonly Outcome<StockPublished>[]> {
  if (entries.length > STOCK_BATCH_MAX) {
    const refused = refuse('validation', `at most ${STOCK_BATCH_MAX} numbers at once`);
    return entries.map(() => refused);
  }
  const plans = planOf(entries);
  const toRead = [...plans.values()].filter((plan) => plan.refusal === null);
  const before = await readNumbers(
    client,
    toRead.map((plan) => plan.stockRef),
  );
  const results = new Map<ExternalRef, Outcome<StockPublished>>();
  const toWrite: Plan[] = [];
  for (const plan of plans.values()) {
    const known = plan.refusal ?? (before.ok ? judge(plan, before.numbers) : before.failure);
    if (known) results.set(plan.stockRef, known);
    else toWrite.push(plan);
  }
  if (before.ok && toWrite.length > 0) {
    const written = await writeAndConfirm(client, toWrite, before.numbers);
    for (const [ref, outcome] of written) results.set(ref, outcome);
  }
  return entries.map((entry) => outcomeFor(entry, plans, results));
}

/** What is wanted for one number; `refusal` when it cannot be sent at all. */
type Plan = {
  readonly stockRef: ExternalRef;
  readonly quantity: number;
  readonly expected: number | null;
  readonly refusal: Outcome<never> | null;
};

/** One plan per number: listings that share one (variations under "parent") share its write. */
function planOf(entries: readonly StockPublication[]): Map<ExternalRef, Plan> {
  const plans = new Map<ExternalRef, Plan>();
  for (const { stockRef, quantity, expected, locationRef } of entries) {
    if (plans.has(stockRef)) continue;
    const fault = faultOf(stockRef, quantity, locationRef);
    const refusal = fault === null ? null : refuse('validation', fault);
    plans.set(stockRef, { stockRef, quantity, expected, refusal });
  }
  return plans;
}

/** A batch call checks nothing: "x" or 3.7 would be stored as 0 and the product sold out. */
function faultOf(stockRef: ExternalRef, quantity: number, locationRef: ExternalRef): string | null {
  if (placeOf(stockRef) === null) return `"${stockRef}" is no stock ref`;
  if (locationRef !== '') return 'a WooCommerce store has one number and no locations';
  if (!Number.isSafeInteger(quantity) || quantity < 0 || quantity > QUANTITY_MAX) {
    return `${quantity} is not a whole quantity from 0 to ${QUANTITY_MAX}`;
  }
  return null;
}

/** Null when the number has to be written. */
function judge(
  plan: Plan,
  numbers: ReadonlyMap<ExternalRef, Present>,
): Outcome<StockPublished> | null {
  const present = numbers.get(plan.stockRef);
  if (!present) return refuse('not_found', `the store no longer has ${plan.stockRef}`);
  if (present.managedElsewhere) {
    return refuse('conflict', `the stock of ${plan.stockRef} is now managed by its parent`);
  }
  const { available } = present;
  if (available === null) {
    return refuse('conflict', `the store does not manage the stock of ${plan.stockRef}`);
  }
  if (available === plan.quantity) return done({ kind: 'already', quantity: available });
  if (plan.expected !== null && available !== plan.expected) {
    return done({ kind: 'stale', actual: available });
  }
  return null;
}

async function writeAndConfirm(
  client: StoreClient,
  plans: readonly Plan[],
  before: ReadonlyMap<ExternalRef, Present>,
): Promise<Map<ExternalRef, Outcome<StockPublished>>> {
  const byRef = new Map(plans.map((plan) => [plan.stockRef, plan]));
  const groups = groupsOf(plans.map((plan) => plan.stockRef));
  const claims = new Map<ExternalRef, Claim>();
  const write = async (group: Group): Promise<void> => {
    for (const [ref, claim] of await writeGroup(client, group, byRef)) claims.set(ref, claim);
  };
  await inOrder(groups, write, WRITES_AT_ONCE);
  const unsettled = plans.filter((plan) => claims.get(plan.stockRef)?.kind !== 'failed');
  const after = await readNumbers(
    client,
    unsettled.map((plan) => plan.stockRef),
  );
  const outcomes = new Map<ExternalRef, Outcome<StockPublished>>();
  for (const plan of plans) {
    const claim = claims.get(plan.stockRef) ?? { kind: 'silent', message: 'no answer for it' };
    const now = after.ok ? after.numbers.get(plan.stockRef)?.available : undefined;
    const was = before.get(plan.stockRef)?.available;
    outcomes.set(plan.stockRef, confirm(client, plan, claim, was, now));
  }
  return outcomes;
}

/** What the store said about one number of a write. */
type Claim =
  | { readonly kind: 'written'; readonly quantity: number | null }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'silent'; readonly message: string };

/** Weighs what the store claimed against what a second look shows (`undefined` = no look). */
function confirm(
  client: StoreClient,
  plan: Plan,
  claim: Claim,
  was: number | null | undefined,
  now: number | null | undefined,
): Outcome<StockPublished> {
  if (claim.kind === 'failed') return claim.failure;
  if (now === plan.quantity) return done({ kind: 'set', quantity: plan.quantity });
  if (claim.kind === 'written' && claim.quantity === plan.quantity) {
    // It was written, and something (a sale, most likely) has already moved it on.
    if (now === undefined || now !== was) return done({ kind: 'set', quantity: plan.quantity });
  }
  if (now === undefined) {
    const message = claim.kind === 'silent' ? claim.message : 'the number could not be read back';
    return { status: 'unknown', lookUpBy: plan.stockRef, message };
  }
  if (claim.kind === 'written') return done({ kind: 'stale', actual: now });
  // Looked up: it did not land. Setting the same absolute number again is safe.
  const retryAt = new Date(client.now().getTime() + SETTLE_MS);
  return { status: 'retry_later', retryAt, message: claim.message };
}

async function writeGroup(
  client: StoreClient,
  group: Group,
  plans: ReadonlyMap<ExternalRef, Plan>,
): Promise<Map<ExternalRef, Claim>> {
  const update = group.ids.map((id) => ({
    id: Number.parseInt(id, 10),
    stock_quantity: plans.get(group.refOf(id))?.quantity,
  }));
  const answer = await client.write({
    method: 'post',
    path: `${group.path}/batch`,
    body: { update },
    lookUpBy: group.path,
  });
  const claims = new Map<ExternalRef, Claim>();
  if (!answer.ok) {
    const { failure } = answer;
    const claim: Claim =
      failure.status === 'unknown'
        ? { kind: 'silent', message: failure.message }
        : { kind: 'failed', failure };
    for (const id of group.ids) claims.set(group.refOf(id), claim);
    return claims;
  }
  const body = isRecord(answer.body) ? answer.body : {};
  for (const item of recordsOf(body['update'])) {
    const id = idOf(item['id']);
    if (id !== null) claims.set(group.refOf(id), claimOf(client, item));
  }
  return claims;
}

function claimOf(client: StoreClient, item: JsonRecord): Claim {
  if (isRecord(item['error'])) {
    return { kind: 'failed', failure: refusalOf(item['error'], client.scrub) };
  }
  return { kind: 'written', quantity: availableOf(item) };
}

function outcomeFor(
  entry: StockPublication,
  plans: ReadonlyMap<ExternalRef, Plan>,
  results: ReadonlyMap<ExternalRef, Outcome<StockPublished>>,
): Outcome<StockPublished> {
  const plan = plans.get(entry.stockRef);
  const result = results.get(entry.stockRef);
  if (!plan || !result) throw new Error(`no outcome for ${entry.stockRef}`);
  if (plan.quantity === entry.quantity) return result;
  return refuse('validation', `two different quantities were given for ${entry.stockRef}`);
}

function done(value: StockPublished): Outcome<StockPublished> {
  return { status: 'done', value };
}

function refuse(code: RefusalCode, message: string): Outcome<never> {
  return { status: 'refused', reason: { code, message } };
}
