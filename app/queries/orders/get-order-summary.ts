import type { Prisma } from '#app/platform/prisma';
import { type OrderDetail, getOrder } from './get-order';

/** Where an order stands, without anything about its buyer. */
export type OrderSummary = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly unitsOrdered: number;
  readonly unitsShipped: number;
  readonly unitsShort: number;
  readonly unitsUnmatched: number;
  /** The routing decision that holds now, in a sentence. */
  readonly sentence: string | null;
  /** Units still to leave and units that left, per location that has any. */
  readonly locations: readonly {
    readonly name: string;
    readonly toShip: number;
    readonly shipped: number;
  }[];
  readonly fulfillments: readonly {
    readonly id: string;
    readonly locationName: string;
    readonly units: number;
    readonly trackingCompany: string | null;
    readonly trackingNumber: string | null;
    readonly trackingUrl: string | null;
    readonly shippedAt: Date;
    /** pending | acknowledged | refused | unknown | not_needed */
    readonly reportState: string;
    readonly reportDetail: string | null;
    readonly acknowledgedAt: Date | null;
  }[];
};

const SHOPIFY_ORDER = /^gid:\/\/shopify\/Order\/\d{1,20}$/;

/**
 * An order by the id its Shopify shop gave it (gid://shopify/Order/…); null when this merchant's
 * connection of the shop has no such order.
 */
export async function getShopifyOrderSummary(
  prisma: Prisma,
  merchantId: string,
  order: { readonly shop: string; readonly ref: string },
): Promise<OrderSummary | null> {
  if (!SHOPIFY_ORDER.test(order.ref)) return null;
  const found = await prisma.order.findFirst({
    where: {
      merchantId,
      externalRef: order.ref,
      connection: { kind: 'shopify', account: order.shop },
    },
    select: { id: true },
  });
  if (found === null) return null;
  const detail = await getOrder(prisma, merchantId, found.id);
  return detail === null ? null : toSummary(detail);
}

function toSummary(order: OrderDetail): OrderSummary {
  return {
    id: order.id,
    name: order.name,
    status: order.status,
    unitsOrdered: order.unitsOrdered,
    unitsShipped: order.unitsShipped,
    unitsShort: order.unitsShort,
    unitsUnmatched: order.unitsUnmatched,
    sentence: order.decisions[0]?.sentence ?? null,
    locations: unitsByLocation(order),
    fulfillments: order.fulfillments.map((sent) => ({
      id: sent.id,
      locationName: sent.locationName,
      units: sent.lines.reduce((units, { quantity }) => units + quantity, 0),
      trackingCompany: sent.trackingCompany,
      trackingNumber: sent.trackingNumber,
      trackingUrl: sent.trackingUrl,
      shippedAt: sent.shippedAt,
      reportState: sent.reportState,
      reportDetail: sent.reportDetail,
      acknowledgedAt: sent.acknowledgedAt,
    })),
  };
}

function unitsByLocation({ lines }: OrderDetail): OrderSummary['locations'] {
  const locations = new Map<string, { name: string; toShip: number; shipped: number }>();
  for (const { locationName: name, allocated, shipped } of lines.flatMap(({ places }) => places)) {
    const units = locations.get(name) ?? { name, toShip: 0, shipped: 0 };
    units.toShip += allocated;
    units.shipped += shipped;
    locations.set(name, units);
  }
  return [...locations.values()];
}
