/**
 * Telling Shopify that a parcel left. fulfillmentCreate takes no idempotency key, so every report
 * first looks for what Shopify already has of the same parcel, and reports only what is missing.
 */
import type { ConnectorLog, FulfillmentReport } from '../../../contracts/channel';
import type { ExternalRef, IdempotencyKey, Outcome } from '../../../contracts/outcome';
import {
  chooseMoves,
  countBlocked,
  groupForReport,
  subtract,
  sumByLine,
  type Take,
  takeFrom,
  type Wanted,
  type Work,
} from './choose-work';
import { type AdminApi, done, INPUT_LIST_MAX, isDone, refused } from './client';
import {
  CreateFulfillment,
  type FulfillmentInput,
  MoveFulfillmentOrder,
} from './operations/admin.generated';
import { findReported, readWorks } from './read-fulfillments';

/** Readings of a report whose fulfillment orders change under it. */
const ROUNDS_MAX = 3;

/** What was told within one call, and Shopify's last no. */
type Told = {
  ref: ExternalRef | null;
  readonly units: Map<ExternalRef, number>;
  refusal: string | null;
};

type Parts = { readonly api: AdminApi; readonly log: ConnectorLog };

/**
 * The ref of the fulfillment that tells of this parcel (the last, if its goods left from several
 * of Shopify's locations). `duplicate` when all of it was told before. Units Shopify no longer
 * waits for are left out; `refused` with `conflict` when it waits for none of them.
 */
export async function reportFulfillment(
  parts: Parts,
  report: FulfillmentReport,
  key: IdempotencyKey,
): Promise<Outcome<ExternalRef>> {
  const asked = sumByLine(report.lines);
  if (asked.size === 0) return refused('validation', 'The report names no units.');
  if ([...asked.values()].some((units) => !Number.isInteger(units))) {
    return refused('validation', 'The report names parts of a unit.');
  }
  const reported = await findReported(parts.api, report);
  if (!isDone(reported)) return reported;
  const wanted = subtract(asked, reported.value.units);
  if (wanted.size === 0 && reported.value.ref !== null) {
    return { status: 'duplicate', value: reported.value.ref };
  }
  return tellWanted(parts, report, { wanted, earlier: reported.value.ref }, key);
}

/**
 * Fulfillment orders may be moved, split, merged or held between our reading and our writing;
 * Shopify then refuses, nothing has happened, and it is looked at anew. Units that must not leave
 * (held, scheduled) keep the whole parcel from being told, since what is told in part now could
 * not be told from the rest later.
 */
async function tellWanted(
  parts: Parts,
  report: FulfillmentReport,
  { wanted, earlier }: { readonly wanted: Wanted; readonly earlier: ExternalRef | null },
  key: IdempotencyKey,
): Promise<Outcome<ExternalRef>> {
  // What an earlier try told may be all that Shopify waited for.
  const told: Told = { ref: earlier, units: new Map(), refusal: null };
  let before = '';
  for (let round = 0; ; round += 1) {
    const left = subtract(wanted, told.units);
    const works = await readWorksWhereGoodsLeft(parts, report, left, key);
    if (!isDone(works)) return works;
    const takes = takeFrom(works.value, left, report.locationRef, 'CREATE_FULFILLMENT');
    const blocked = countBlocked(works.value, subtract(left, unitsOf(takes)));
    if (blocked > 0) return refused('conflict', explainBlocked(blocked));
    const plan = JSON.stringify(takes);
    const hopeless = takes.length === 0 || plan === before || round === ROUNDS_MAX;
    if (hopeless) {
      if (told.ref !== null) return done(told.ref);
      return refused('conflict', told.refusal ?? explainNothingToTake(works.value));
    }
    before = plan;
    const silence = await createFulfillments(parts, report, takes, told, key);
    if (silence !== null) return silence;
    if (told.refusal === null && told.ref !== null) return done(told.ref);
  }
}

/** Settles an `unknown` report: the fulfillment's ref when all of it landed, null when not. */
export async function findFulfillment(
  { api }: Parts,
  report: FulfillmentReport,
): Promise<Outcome<ExternalRef | null>> {
  const reported = await findReported(api, report);
  if (!isDone(reported)) return reported;
  const missing = subtract(sumByLine(report.lines), reported.value.units);
  return done(missing.size === 0 ? reported.value.ref : null);
}

/** Notes in `told` what Shopify took; answers anything but its yes and no. */
async function createFulfillments(
  parts: Parts,
  report: FulfillmentReport,
  takes: readonly Take[],
  told: Told,
  key: IdempotencyKey,
): Promise<Outcome<ExternalRef> | null> {
  told.refusal = null;
  for (const group of groupForReport(takes, INPUT_LIST_MAX)) {
    const input = toInput(report, group);
    const answer = await parts.api.write(CreateFulfillment, { fulfillment: input }, key);
    // Not knowing is settled by looking, never by sending again.
    if (answer.status === 'unknown') return lookAfterSilence(parts, report, answer);
    if (!isDone(answer)) return answer;
    const payload = answer.value.fulfillmentCreate;
    const [error] = payload?.userErrors ?? [];
    if (error !== undefined) {
      parts.log.warn({ order: report.orderRef, why: error.message }, 'Shopify refused a part');
      told.refusal = error.message;
      continue;
    }
    if (!payload?.fulfillment) return { status: 'unknown', lookUpBy: key, message: 'no answer' };
    told.ref = payload.fulfillment.id;
    for (const [lineRef, quantity] of unitsOf(group)) {
      told.units.set(lineRef, (told.units.get(lineRef) ?? 0) + quantity);
    }
  }
  return null;
}

function unitsOf(takes: readonly Take[]): Map<ExternalRef, number> {
  return sumByLine(
    takes.flatMap(({ lines }) =>
      lines.map(({ orderLineRef, quantity }) => ({ lineRef: orderLineRef, quantity })),
    ),
  );
}

async function lookAfterSilence(
  parts: Parts,
  report: FulfillmentReport,
  silence: Outcome<never>,
): Promise<Outcome<ExternalRef>> {
  const found = await findFulfillment(parts, report);
  return isDone(found) && found.value !== null ? done(found.value) : silence;
}

/**
 * The works as they stand, once units that left from another location than Shopify assigned were
 * moved there. A move that is refused, or lost, is not fatal: the parcel did leave, and is told
 * from where Shopify keeps it.
 */
async function readWorksWhereGoodsLeft(
  { api, log }: Parts,
  report: FulfillmentReport,
  wanted: Wanted,
  key: IdempotencyKey,
): Promise<Outcome<readonly Work[]>> {
  const works = await readWorks(api, report.orderRef);
  if (!isDone(works) || report.locationRef === null) return works;
  const moves = chooseMoves(works.value, wanted, report.locationRef);
  if (moves.length === 0) return works;
  for (const move of moves) {
    const answer = await api.write(
      MoveFulfillmentOrder,
      {
        id: move.workRef,
        location: report.locationRef,
        lines: move.lines.map(({ ref, quantity }) => ({ id: ref, quantity })),
      },
      key,
    );
    const [error] = isDone(answer) ? (answer.value.fulfillmentOrderMove?.userErrors ?? []) : [];
    if (!isDone(answer) || error !== undefined) {
      const why = error?.message ?? answer.status;
      log.warn({ fulfillmentOrder: move.workRef, why }, 'Shopify did not move the work');
    }
  }
  // Ids do not survive a move: https://shopify.dev/docs/api/admin-graphql (fulfillmentOrderMove)
  return readWorks(api, report.orderRef);
}

function toInput(report: FulfillmentReport, takes: readonly Take[]): FulfillmentInput {
  const { trackingCompany, trackingNumber, trackingUrl } = report;
  const tracked = [trackingCompany, trackingNumber, trackingUrl].some((part) => part !== null);
  return {
    lineItemsByFulfillmentOrder: takes.map((take) => ({
      fulfillmentOrderId: take.workRef,
      fulfillmentOrderLineItems: take.lines.map(({ ref, quantity }) => ({ id: ref, quantity })),
    })),
    notifyCustomer: report.notifyCustomer,
    trackingInfo: tracked
      ? { company: trackingCompany, number: trackingNumber, url: trackingUrl }
      : null,
  };
}

function explainBlocked(units: number): string {
  const are = units === 1 ? '1 of these units is' : `${String(units)} of these units are`;
  return `${are} on hold or scheduled in Shopify: release it there, then report again.`;
}

function explainNothingToTake(works: readonly Work[]): string {
  const statuses = [...new Set(works.map(({ status }) => status.toLowerCase()))].join(', ');
  return `Shopify waits for none of these units (its fulfillment orders are ${statuses || 'none'}).`;
}
