/** Reading an order's fulfillment orders (work to do) and fulfillments (parcels that left). */
import type { FulfillmentReport } from '../../../contracts/channel';
import type { ExternalRef, Outcome } from '../../../contracts/outcome';
import { sumByLine, type Work, type WorkLine } from './choose-work';
import { type AdminApi, done, isDone, refused } from './client';
import {
  FulfillmentOrdersOfOrder,
  type FulfillmentOrdersOfOrderQuery,
  FulfillmentsOfOrder,
  type FulfillmentsOfOrderQuery,
  LinesOfFulfillment,
  MoreLinesOfFulfillmentOrder,
} from './operations/admin.generated';
import { mapDone, readAll, readRest } from './read-all-pages';

/**
 * 5 works of 20 lines are worth about 240 points. Asking for little matters: this is read once for
 * every routed order, and Shopify wants the points it might cost to be there beforehand.
 */
const WORKS_PER_PAGE = 5;
const LINES_FIRST = 20;
const LINES_PER_PAGE = 100;
/** Shopify lists fulfillments without paging; an order of more parcels than this is unheard of. */
const FULFILLMENTS_MAX = 100;
/** Our clock and Shopify's may differ by this when a report is recognised by its time. */
const CLOCK_SKEW_MS = 2 * 60_000;

type ShopifyWork = NonNullable<
  FulfillmentOrdersOfOrderQuery['order']
>['fulfillmentOrders']['nodes'][number];
type ShopifyFulfillment = NonNullable<FulfillmentsOfOrderQuery['order']>['fulfillments'][number];

/** What Shopify has of one report: the newest fulfillment's ref, and units per order line. */
export type Reported = {
  readonly ref: ExternalRef | null;
  readonly units: ReadonlyMap<ExternalRef, number>;
};

/** All fulfillment orders of an order, whatever their status. */
export async function readWorks(
  api: AdminApi,
  orderRef: ExternalRef,
): Promise<Outcome<readonly Work[]>> {
  const nodes = await readAll(async (after) => {
    const variables = { id: orderRef, first: WORKS_PER_PAGE, after, lines: LINES_FIRST };
    const page = await api.read(FulfillmentOrdersOfOrder, variables);
    return mapDone(page, ({ order }) => order?.fulfillmentOrders ?? null);
  });
  if (!isDone(nodes)) return nodes;
  if (nodes.value === null) return refused('not_found', `Shopify has no ${orderRef}.`);
  const works: Work[] = [];
  for (const node of nodes.value) {
    const lines = await readWorkLines(api, node);
    if (!isDone(lines)) return lines;
    works.push({
      ref: node.id,
      status: node.status,
      locationRef: node.assignedLocation.location?.id ?? null,
      actions: node.supportedActions.map(({ action }) => action),
      holds: node.fulfillmentHolds,
      fulfillAt: node.fulfillAt === null ? null : new Date(node.fulfillAt),
      lines: lines.value,
    });
  }
  return done(works);
}

/**
 * What Shopify already has of this report. A parcel is recognised by its tracking number; one
 * without a number by having no number there either, the same lines, and a time not before it
 * was shipped (Shopify keeps no field of ours on a fulfillment). Fulfillments known to tell of
 * other parcels are passed over: two parcels may be alike in all of this.
 */
export async function findReported(
  api: AdminApi,
  report: FulfillmentReport,
): Promise<Outcome<Reported>> {
  const fulfillments = await readFulfillments(api, report.orderRef);
  if (!isDone(fulfillments)) return fulfillments;
  if (fulfillments.value === null) {
    return refused('not_found', `Shopify has no ${report.orderRef}.`);
  }
  const candidates = fulfillments.value.filter((one) => isCandidate(one, report));
  const units = new Map<ExternalRef, number>();
  let ref: ExternalRef | null = null;
  for (const candidate of candidates) {
    const lines = await readFulfillmentLines(api, candidate.id);
    if (!isDone(lines)) return lines;
    if (report.trackingNumber === null && !sameUnits(lines.value, sumByLine(report.lines)))
      continue;
    ref = candidate.id;
    addUnits(units, lines.value);
  }
  return done({ ref, units });
}

/**
 * Units per order line that have left, whether or not they came back since; empty when Shopify
 * no longer has the order.
 */
export async function readFulfilledUnits(
  api: AdminApi,
  orderRef: ExternalRef,
): Promise<Outcome<ReadonlyMap<ExternalRef, number>>> {
  const fulfillments = await readFulfillments(api, orderRef);
  if (!isDone(fulfillments)) return fulfillments;
  const units = new Map<ExternalRef, number>();
  for (const one of (fulfillments.value ?? []).filter(hasLeft)) {
    const lines = await readFulfillmentLines(api, one.id);
    if (!isDone(lines)) return lines;
    addUnits(units, lines.value);
  }
  return done(units);
}

/** Null when Shopify does not have the order. */
async function readFulfillments(
  api: AdminApi,
  orderRef: ExternalRef,
): Promise<Outcome<readonly ShopifyFulfillment[] | null>> {
  const answer = await api.read(FulfillmentsOfOrder, { id: orderRef, first: FULFILLMENTS_MAX });
  return mapDone(answer, ({ order }) => order?.fulfillments ?? null);
}

function addUnits(sums: Map<ExternalRef, number>, units: ReadonlyMap<ExternalRef, number>): void {
  for (const [lineRef, quantity] of units) {
    sums.set(lineRef, (sums.get(lineRef) ?? 0) + quantity);
  }
}

function isCandidate(one: ShopifyFulfillment, report: FulfillmentReport): boolean {
  if (!hasLeft(one) || report.otherRefs.includes(one.id)) return false;
  const numbers = one.trackingInfo.flatMap(({ number }) => (number ? [number.trim()] : []));
  if (report.trackingNumber !== null) return numbers.includes(report.trackingNumber.trim());
  const notBefore = report.shippedAt.getTime() - CLOCK_SKEW_MS;
  return numbers.length === 0 && new Date(one.createdAt).getTime() >= notBefore;
}

/** CANCELLED, ERROR and FAILURE parcels never left; their units are to be fulfilled again. */
function hasLeft(one: ShopifyFulfillment): boolean {
  return !['CANCELLED', 'ERROR', 'FAILURE'].includes(one.status);
}

function sameUnits(
  one: ReadonlyMap<ExternalRef, number>,
  other: ReadonlyMap<ExternalRef, number>,
): boolean {
  return one.size === other.size && [...one].every(([ref, units]) => other.get(ref) === units);
}

async function readWorkLines(
  api: AdminApi,
  work: ShopifyWork,
): Promise<Outcome<readonly WorkLine[]>> {
  const nodes = await readRest(work.lineItems, async (after) => {
    const variables = { id: work.id, lines: LINES_PER_PAGE, after };
    const more = await api.read(MoreLinesOfFulfillmentOrder, variables);
    return mapDone(more, ({ fulfillmentOrder }) => fulfillmentOrder?.lineItems ?? null);
  });
  return mapDone(nodes, (lines) =>
    lines.map(({ id, lineItem, remainingQuantity }) => ({
      ref: id,
      orderLineRef: lineItem.id,
      remaining: remainingQuantity,
    })),
  );
}

async function readFulfillmentLines(
  api: AdminApi,
  fulfillmentRef: ExternalRef,
): Promise<Outcome<ReadonlyMap<ExternalRef, number>>> {
  const nodes = await readAll(async (after) => {
    const variables = { id: fulfillmentRef, lines: LINES_PER_PAGE, after };
    const page = await api.read(LinesOfFulfillment, variables);
    return mapDone(page, ({ fulfillment }) => fulfillment?.fulfillmentLineItems ?? null);
  });
  return mapDone(nodes, (lines) =>
    sumByLine(
      (lines ?? []).map(({ lineItem, quantity }) => ({
        lineRef: lineItem.id,
        quantity: quantity ?? 0,
      })),
    ),
  );
}
