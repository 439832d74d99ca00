/** Reading orders: a page tells most of them whole, the rest is read where an order needs it. */
import type { Page } from '../../../contracts/channel';
import type { ChannelOrder, ChannelRefund, OrderVersion } from '../../../contracts/channel-order';
import type { ExternalRef, Outcome } from '../../../contracts/outcome';
import { type AdminApi, done, isDone } from './client';
import {
  needsFulfillments,
  needsRefunds,
  needsWorks,
  type OrderDetails,
  type ShopifyOrder,
  type ShopifyOrderLine,
  toOrder,
  toVersion,
} from './mapping';
import {
  MoreLinesOfOrder,
  OrderById,
  OrdersPage,
  OrderVersions,
} from './operations/admin.generated';
import { mapDone, nextCursorOf, readRest, toSearchTime } from './read-all-pages';
import { readFulfilledUnits, readWorks } from './read-fulfillments';
import { readRefunds } from './read-refunds';
import type { WorkOrders } from './work-orders';

/**
 * Shopify refuses a query of more than 1000 points. Counted as if every entry of a list cost its
 * full price, an order is worth 77 with its first 15 lines. Longer ones are paged.
 */
const ORDERS_PER_PAGE = 10;
const LINES_FIRST = 15;
const VERSIONS_PER_PAGE = 100;
const LINES_PER_PAGE = 100;

/** Orders changed at or after `since`, oldest first. */
export async function listOrders(
  api: AdminApi,
  since: Date,
  cursor: string | null,
): Promise<Outcome<Page<ChannelOrder>>> {
  const answer = await api.read(OrdersPage, {
    first: ORDERS_PER_PAGE,
    after: cursor,
    changed: `updated_at:>='${toSearchTime(since)}'`,
    lines: LINES_FIRST,
  });
  if (!isDone(answer)) return answer;
  const { nodes, pageInfo } = answer.value.orders;
  const entries: ChannelOrder[] = [];
  for (const node of nodes) {
    const order = await completeOrder(api, node);
    if (!isDone(order)) return order;
    entries.push(order.value);
  }
  return done({ entries, nextCursor: nextCursorOf(pageInfo) });
}

/** Orders changed since then, as their versions: a hundredth of the points of reading them. */
export async function listOrderVersions(
  api: AdminApi,
  since: Date,
  cursor: string | null,
): Promise<Outcome<Page<OrderVersion>>> {
  const answer = await api.read(OrderVersions, {
    first: VERSIONS_PER_PAGE,
    after: cursor,
    changed: `updated_at:>='${toSearchTime(since)}'`,
  });
  return mapDone(answer, ({ orders: { nodes, pageInfo } }) => ({
    entries: nodes.map(({ id, updatedAt }) => ({
      ref: id,
      version: toVersion(updatedAt),
      updatedAt: new Date(updatedAt),
    })),
    nextCursor: nextCursorOf(pageInfo),
  }));
}

/** Null when Shopify does not have it, or hides it. */
export async function getOrder(
  api: AdminApi,
  order: ExternalRef,
  workOrders: WorkOrders,
): Promise<Outcome<ChannelOrder | null>> {
  const answer = await api.read(OrderById, { id: order, lines: LINES_PER_PAGE });
  if (!isDone(answer)) return answer;
  if (answer.value.order === null) return done(null);
  workOrders.learn(
    order,
    answer.value.order.fulfillmentOrders.nodes.map(({ id }) => id),
  );
  return completeOrder(api, answer.value.order);
}

/**
 * The order with all its lines and, where they matter, its fulfillments, fulfillment orders and
 * refunds (which would make a page of orders too costly a query). Should it change between two
 * reads, the version is the first read's, so the state that the change announces is newer and
 * will be taken.
 */
async function completeOrder(api: AdminApi, order: ShopifyOrder): Promise<Outcome<ChannelOrder>> {
  const lines = await readRest(order.lineItems, async (after) => {
    const variables = { id: order.id, lines: LINES_PER_PAGE, after };
    const more = await api.read(MoreLinesOfOrder, variables);
    return mapDone(more, (value) => value.order?.lineItems ?? null);
  });
  if (!isDone(lines)) return lines;
  const details = await readDetails(api, order, lines.value);
  return mapDone(details, (known) => toOrder(order, lines.value, known));
}

async function readDetails(
  api: AdminApi,
  order: ShopifyOrder,
  lines: readonly ShopifyOrderLine[],
): Promise<Outcome<OrderDetails>> {
  const fulfilled = needsFulfillments(order, lines)
    ? await readFulfilledUnits(api, order.id)
    : done(new Map<ExternalRef, number>());
  if (!isDone(fulfilled)) return fulfilled;
  const works = needsWorks(order) ? await readWorks(api, order.id) : done([]);
  if (!isDone(works)) return works;
  const none: Outcome<readonly ChannelRefund[]> = done([]);
  const refunds = needsRefunds(order) ? await readRefunds(api, order.id) : none;
  return mapDone(refunds, (all) => ({
    fulfilled: fulfilled.value,
    works: works.value,
    refunds: all,
  }));
}
