/**
 * Telling Shopify that a parcel left. fulfillmentCreate takes no idempotency key, so every report
 * first looks for what Shopify already has of the same parcel, and reports only what is missing.
 */
import type { ConnectorLog, FulfillmentReport } from '../../../contracts/channel';
import type { ExternalRef, IdempotencyKey, Outcome } from '../../../contracts/outcome';
import {
  chooseMoves,
  groupByLocation,
  subtract,
  sumByLine,
  type Take,
  takeFrom,
  type Wanted,
  type Work,
} from './choose-work';
import { type AdminApi, done, isDone, refused } from './client';
import {
  CreateFulfillment,
  type FulfillmentInput,
  MoveFulfillmentOrder,
} from './operations/admin.generated';
import { findReported, readWorks } from './read-fulfillments';

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
  const works = await readWorksWhereGoodsLeft(parts, report, wanted, key);
  if (!isDone(works)) return works;
  const takes = takeFrom(works.value, wanted, report.locationRef, 'CREATE_FULFILLMENT');
  if (takes.length === 0) return refused('conflict', explainNothingToTake(works.value));
  return createFulfillments(parts, report, takes, key);
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

async function createFulfillments(
  parts: Parts,
  report: FulfillmentReport,
  takes: readonly Take[],
  key: IdempotencyKey,
): Promise<Outcome<ExternalRef>> {
  let last: Outcome<ExternalRef> = refused('conflict', 'Shopify waits for none of these units.');
  for (const group of groupByLocation(takes)) {
    const input = toInput(report, group);
    const answer = await parts.api.write(CreateFulfillment, { fulfillment: input }, key);
    // Not knowing is settled by looking, never by sending again.
    if (answer.status === 'unknown') return lookAfterSilence(parts, report, answer);
    if (!isDone(answer)) return answer;
    const payload = answer.value.fulfillmentCreate;
    const [error] = payload?.userErrors ?? [];
    if (error !== undefined) {
      if (!isDone(last)) return refused('conflict', error.message);
      // Part of the parcel was told: that happened, and the rest Shopify will not take.
      parts.log.warn({ order: report.orderRef, why: error.message }, 'Shopify refused a part');
      return last;
    }
    if (!payload?.fulfillment) return { status: 'unknown', lookUpBy: key, message: 'no answer' };
    last = done(payload.fulfillment.id);
  }
  return last;
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

function explainNothingToTake(works: readonly Work[]): string {
  const statuses = [...new Set(works.map(({ status }) => status.toLowerCase()))].join(', ');
  return `Shopify waits for none of these units (its fulfillment orders are ${statuses || 'none'}).`;
}
