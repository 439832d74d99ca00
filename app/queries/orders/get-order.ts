import type { Prisma as Namespace } from '../../../generated/prisma/client';
import type { Address } from '#app/domain/shared/address';
import type { Money } from '#app/domain/shared/money';
import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';
import { type TimelineEntry, listTimeline } from '../audit/list-timeline';
import {
  type OrderHoldDetail,
  type OrderRefundDetail,
  listHolds,
  listRefunds,
} from './order-exceptions';
import { readAddress } from './read-address';

export type OrderDetail = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly paymentStatus: string;
  readonly placedAt: Date;
  readonly channel: { readonly id: string; readonly name: string; readonly kind: string };
  readonly total: Money;
  readonly customerName: string | null;
  readonly email: string | null;
  readonly shipTo: Address | null;
  readonly shippingMethod: string | null;
  readonly note: string | null;
  readonly tags: readonly string[];
  readonly held: boolean;
  /** low | medium | high: the channel's own judgement of fraud; null = it has none. */
  readonly risk: string | null;
  /** Active ones, and lifted ones that the channel did not let go; oldest first. */
  readonly holds: readonly OrderHoldDetail[];
  /** Oldest first. */
  readonly refunds: readonly OrderRefundDetail[];
  /** Locations that ship for its channel. */
  readonly shipsFrom: readonly { readonly id: string; readonly name: string }[];
  readonly unitsOrdered: number;
  readonly unitsShort: number;
  readonly unitsUnmatched: number;
  readonly unitsShipped: number;
  readonly cancelReason: string | null;
  /** Our own wish to cancel it in the channel: null | pending | confirmed | refused */
  readonly cancelState: string | null;
  readonly cancelledAt: Date | null;
  readonly lines: readonly OrderLineDetail[];
  readonly fulfillmentOrders: readonly FulfillmentOrderDetail[];
  readonly fulfillments: readonly FulfillmentDetail[];
  /** Newest first; the first one holds now. */
  readonly decisions: readonly RoutingDecisionDetail[];
  readonly timeline: readonly TimelineEntry[];
};

export type OrderLineDetail = {
  readonly id: string;
  readonly itemId: string | null;
  readonly sku: string | null;
  readonly title: string;
  readonly quantity: number;
  readonly requiresShipping: boolean;
  readonly unitPrice: Money;
  /** Sold as a kit: its components are lines of their own. */
  readonly isKit: boolean;
  /** The kit line it is a component of, and units of it in one kit. */
  readonly parentLineId: string | null;
  readonly unitsPerParent: number | null;
  /** Not to be shipped before then. */
  readonly shipAfter: Date | null;
  readonly allocatedQuantity: number;
  readonly shippedQuantity: number;
  readonly shortQuantity: number;
  /** Where its units are, or were sent from; only places with units. */
  readonly places: readonly {
    readonly locationName: string;
    readonly allocated: number;
    readonly shipped: number;
  }[];
};

export type FulfillmentOrderDetail = {
  readonly id: string;
  readonly locationId: string;
  readonly locationName: string;
  /** open | shipped | cancelled */
  readonly status: string;
  readonly lines: readonly {
    readonly allocationId: string;
    readonly title: string;
    readonly sku: string | null;
    /** Units still to leave. */
    readonly quantity: number;
    /** Not to be shipped before then. */
    readonly shipAfter: Date | null;
  }[];
};

export type FulfillmentDetail = {
  readonly id: string;
  readonly locationName: string;
  readonly origin: string;
  readonly trackingCompany: string | null;
  readonly trackingNumber: string | null;
  readonly trackingUrl: string | null;
  readonly notifyCustomer: boolean;
  readonly shippedAt: Date;
  /** pending | acknowledged | refused | unknown | not_needed */
  readonly reportState: string;
  readonly reportDetail: string | null;
  readonly acknowledgedAt: Date | null;
  readonly lines: readonly { readonly title: string; readonly quantity: number }[];
};

export type RoutingDecisionDetail = {
  readonly id: string;
  readonly decidedAt: Date;
  readonly causeKind: string;
  readonly sentence: string;
};

const ORDER_PARTS = {
  connection: {
    select: {
      id: true,
      name: true,
      kind: true,
      locations: {
        where: { location: { active: true } },
        select: { location: { select: { id: true, name: true } } },
        orderBy: [{ location: { priority: 'asc' } }, { location: { name: 'asc' } }],
      },
    },
  },
  lines: { orderBy: [{ position: 'asc' }, { id: 'asc' }], include: { allocations: true } },
  fulfillmentOrders: {
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: { allocations: { orderBy: { id: 'asc' } } },
  },
  fulfillments: {
    orderBy: [{ shippedAt: 'asc' }, { id: 'asc' }],
    include: { lines: { orderBy: { id: 'asc' } } },
  },
  decisions: { orderBy: [{ decidedAt: 'desc' }, { id: 'desc' }] },
} satisfies Namespace.OrderInclude;

type OrderRecord = Namespace.OrderGetPayload<{ include: typeof ORDER_PARTS }>;
type NameOf = (locationId: string) => string;

/** Everything the order page shows; null when this merchant has no such order. */
export async function getOrder(
  prisma: Prisma,
  merchantId: string,
  orderId: string,
): Promise<OrderDetail | null> {
  if (!isId(orderId)) return null;
  const order = await prisma.order.findFirst({
    where: { id: orderId, merchantId },
    include: ORDER_PARTS,
  });
  if (order === null) return null;
  const [locations, holds, refunds, timeline] = await Promise.all([
    prisma.location.findMany({ where: { merchantId }, select: { id: true, name: true } }),
    listHolds(prisma, merchantId, order.id),
    listRefunds(prisma, merchantId, order),
    listTimeline(prisma, merchantId, [
      order.id,
      ...order.fulfillmentOrders.map(({ id }) => id),
      ...order.fulfillments.map(({ id }) => id),
    ]),
  ]);
  const names = new Map(locations.map(({ id, name }) => [id, name]));
  const nameOf: NameOf = (id) => names.get(id) ?? 'a removed location';
  return toDetail(order, nameOf, { holds, refunds, timeline });
}

function toDetail(
  order: OrderRecord,
  nameOf: NameOf,
  rest: Pick<OrderDetail, 'holds' | 'refunds' | 'timeline'>,
): OrderDetail {
  const { id, name, kind, locations } = order.connection;
  return {
    ...rest,
    id: order.id,
    name: order.name,
    status: order.status,
    paymentStatus: order.paymentStatus,
    placedAt: order.placedAt,
    channel: { id, name, kind },
    shipsFrom: locations.map(({ location }) => location),
    total: { minor: Number(order.totalMinor), currency: order.currency },
    customerName: order.customerName,
    email: order.email,
    shipTo: readAddress(order.shipTo),
    shippingMethod: order.shippingMethod,
    note: order.note,
    tags: order.tags,
    held: order.held,
    risk: order.risk,
    unitsOrdered: order.unitsOrdered,
    unitsShort: order.unitsShort,
    unitsUnmatched: order.unitsUnmatched,
    unitsShipped: order.unitsShipped,
    cancelReason: order.cancelReason,
    cancelState: order.cancelState,
    cancelledAt: order.cancelledAt,
    lines: order.lines.map((line) => toLine(line, order.currency, nameOf)),
    fulfillmentOrders: order.fulfillmentOrders.map((work) => toWork(work, order, nameOf)),
    fulfillments: order.fulfillments.map((sent) => toFulfillment(sent, order, nameOf)),
    decisions: order.decisions.map((decision) => ({
      id: decision.id,
      decidedAt: decision.decidedAt,
      causeKind: decision.causeKind,
      sentence: decision.sentence,
    })),
  };
}

function toLine(
  line: OrderRecord['lines'][number],
  currency: string,
  nameOf: NameOf,
): OrderLineDetail {
  const places = new Map<string, { allocated: number; shipped: number }>();
  for (const { locationId, quantity, shippedQuantity } of line.allocations) {
    const place = places.get(locationId) ?? { allocated: 0, shipped: 0 };
    places.set(locationId, {
      allocated: place.allocated + quantity,
      shipped: place.shipped + shippedQuantity,
    });
  }
  return {
    id: line.id,
    itemId: line.itemId,
    sku: line.sku,
    title: line.title,
    quantity: line.quantity,
    requiresShipping: line.requiresShipping,
    unitPrice: { minor: Number(line.unitPriceMinor), currency },
    isKit: line.isKit,
    parentLineId: line.parentLineId,
    unitsPerParent: line.unitsPerParent,
    shipAfter: line.shipAfter,
    allocatedQuantity: line.allocatedQuantity,
    shippedQuantity: line.shippedQuantity,
    shortQuantity: line.shortQuantity,
    places: [...places]
      .filter(([, { allocated, shipped }]) => allocated + shipped > 0)
      .map(([locationId, units]) => ({ locationName: nameOf(locationId), ...units })),
  };
}

function toWork(
  work: OrderRecord['fulfillmentOrders'][number],
  order: OrderRecord,
  nameOf: NameOf,
): FulfillmentOrderDetail {
  return {
    id: work.id,
    locationId: work.locationId,
    locationName: nameOf(work.locationId),
    status: work.status,
    lines: work.allocations
      .filter(({ quantity }) => quantity > 0)
      .map(({ id, orderLineId, quantity }) => {
        const line = order.lines.find((candidate) => candidate.id === orderLineId);
        return {
          allocationId: id,
          title: line?.title ?? '',
          sku: line?.sku ?? null,
          quantity,
          shipAfter: line?.shipAfter ?? null,
        };
      }),
  };
}

function toFulfillment(
  sent: OrderRecord['fulfillments'][number],
  order: OrderRecord,
  nameOf: NameOf,
): FulfillmentDetail {
  const work = order.fulfillmentOrders.find(({ id }) => id === sent.fulfillmentOrderId);
  return {
    id: sent.id,
    locationName: work ? nameOf(work.locationId) : 'a removed location',
    origin: sent.origin,
    trackingCompany: sent.trackingCompany,
    trackingNumber: sent.trackingNumber,
    trackingUrl: sent.trackingUrl,
    notifyCustomer: sent.notifyCustomer,
    shippedAt: sent.shippedAt,
    reportState: sent.reportState,
    reportDetail: sent.reportDetail,
    acknowledgedAt: sent.acknowledgedAt,
    lines: sent.lines.map(({ orderLineId, quantity }) => ({
      title: order.lines.find(({ id }) => id === orderLineId)?.title ?? '',
      quantity,
    })),
  };
}
