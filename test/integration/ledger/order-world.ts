/** A merchant whose orders are given to takeOrders directly: one channel, two locations. */
import type {
  ChannelHold,
  ChannelOrder,
  ChannelOrderLine,
  ChannelRefund,
} from '../../../app/contracts/channel-order';
import type { Address } from '../../../app/domain/shared/address';
import { shipFulfillmentOrder } from '../../../app/operations/fulfillment/ship-fulfillment-order';
import { allocateShort } from '../../../app/operations/orders/allocate-short';
import { takeOrders } from '../../../app/operations/orders/take-orders';
import type { Database } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';
import { lonelyContext } from '../../support/lonely-context';
import { receive, seedMerchant } from './seed-ledger';

export const LOCATIONS = ['Here', 'There'] as const;
export const STAFF = { kind: 'staff', id: 'staff-1' } as const;

export const ADDRESS: Address = {
  name: 'Alder Quay',
  company: null,
  address1: '1 Pine Street',
  address2: null,
  city: 'Newark',
  province: 'NJ',
  zip: '07101',
  countryCode: 'US',
  phone: null,
};

/** When the channel was connected; orders of before are history. */
export const CONNECTED_AT = new Date('2026-01-10T00:00:00Z');

export type OrderWorld = Awaited<ReturnType<typeof createOrderWorld>>;

/** `stock`: units by SKU, here and there. `kits`: units of components by SKU, by the kit's SKU. */
export async function createOrderWorld(
  db: Database,
  stock: Readonly<Record<string, readonly [number, number]>>,
  kits: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
) {
  const skus = [...Object.keys(stock), ...Object.keys(kits)];
  const { merchantId, items, locations } = await seedMerchant(db, skus, LOCATIONS);
  const itemId = (sku: string): string => items[skus.indexOf(sku)] ?? '';
  const locationId = (name: (typeof LOCATIONS)[number]): string =>
    locations[LOCATIONS.indexOf(name)] ?? '';
  for (const [sku, units] of Object.entries(stock)) {
    for (const [index, quantity] of units.entries()) {
      if (quantity === 0) continue;
      await receive(db, merchantId, itemId(sku), locations[index] ?? '', quantity);
    }
  }
  const setKit = async (kit: string, parts: Readonly<Record<string, number>>): Promise<void> => {
    await db.query(`UPDATE item SET kind = 'kit' WHERE id = $1`, [itemId(kit)]);
    await db.query('DELETE FROM kit_component WHERE kit_id = $1', [itemId(kit)]);
    await db.query(
      `INSERT INTO kit_component (kit_id, component_id, merchant_id, quantity)
         SELECT $1, id, $2, units FROM unnest($3::uuid[], $4::int[]) AS u(id, units)`,
      [itemId(kit), merchantId, Object.keys(parts).map(itemId), Object.values(parts)],
    );
  };
  for (const [kit, parts] of Object.entries(kits)) await setKit(kit, parts);
  const connectionId = newId();
  await db.query(
    `INSERT INTO connection (id, merchant_id, kind, account, name, created_at)
     VALUES ($1, $2, 'shopify', $3, 'Shop', $4)`,
    [connectionId, merchantId, `${connectionId}.myshopify.com`, CONNECTED_AT],
  );
  await db.query(
    `INSERT INTO connection_location (id, merchant_id, connection_id, location_id, external_ref)
     SELECT gen_random_uuid(), $1, $2, id, name FROM location WHERE merchant_id = $1`,
    [merchantId, connectionId],
  );
  const context = lonelyContext(db);
  return {
    db,
    context,
    merchantId,
    connectionId,
    itemId,
    locationId,
    setKit,
    /** `null`: the channel has deleted it. */
    async take(ref: string, order: ChannelOrder | null) {
      const cause = { kind: 'test', id: ref };
      const [taken] = await takeOrders(context, merchantId, [
        { connectionId, orderRef: ref, order, cause, eventIds: [] },
      ]);
      return taken;
    },
    /** As the jobs do: whoever waits gets what has become available. */
    async allocateAll() {
      for (const sku of Object.keys(stock)) {
        await allocateShort(context, { merchantId, itemId: itemId(sku) });
      }
    },
    async level(sku: string) {
      return db.one<{ available: number; committed: number }>(
        `SELECT COALESCE(sum(available), 0)::int AS available,
            COALESCE(sum(committed), 0)::int AS committed FROM stock_level WHERE item_id = $1`,
        [itemId(sku)],
      );
    },
    async order(ref: string) {
      return db.one<OrderFigures>(
        `SELECT id, status, held, units_ordered AS ordered, units_short AS short,
            units_shipped AS shipped FROM customer_order WHERE external_ref = $1
              AND connection_id = $2`,
        [ref, connectionId],
      );
    },
    /** Lines as the order's page has them: components under their kit, by what they are. */
    async lines(ref: string) {
      const { rows } = await db.query<LineFigures>(
        `SELECT l.sku, l.is_kit AS "isKit", l.quantity, l.allocated_quantity AS allocated,
            l.shipped_quantity AS shipped, l.short_quantity AS short
           FROM order_line l JOIN customer_order o ON o.id = l.order_id
          WHERE o.external_ref = $1 AND o.connection_id = $2 ORDER BY l.position`,
        [ref, connectionId],
      );
      return rows;
    },
    async work(ref: string) {
      const { rows } = await db.query<{
        workId: string;
        allocationId: string;
        sku: string;
        location: string;
        quantity: number;
      }>(
        `SELECT f.id AS "workId", a.id AS "allocationId", i.sku, lo.name AS location, a.quantity
           FROM customer_order o JOIN fulfillment_order f ON f.order_id = o.id
           JOIN allocation a ON a.fulfillment_order_id = f.id JOIN item i ON i.id = a.item_id
           JOIN location lo ON lo.id = a.location_id
          WHERE o.external_ref = $1 AND o.connection_id = $2 AND a.quantity > 0
          ORDER BY i.sku, lo.name`,
        [ref, connectionId],
      );
      return rows;
    },
    ship(
      fulfillmentOrderId: string,
      lines: readonly { readonly allocationId: string; readonly quantity: number }[] | null,
      number: string | null = null,
    ) {
      return shipFulfillmentOrder(context, {
        merchantId,
        fulfillmentOrderId,
        lines,
        tracking: { company: number === null ? null : 'UPS', number, url: null },
        notifyCustomer: false,
        actor: STAFF,
        idempotencyKey: newId(),
      });
    },
    async audits(ref: string) {
      const { rows } = await db.query<{ action: string; data: Record<string, unknown> }>(
        `SELECT a.action, a.data FROM audit_record a JOIN customer_order o ON o.id::text = a.subject_id
          WHERE o.external_ref = $1 AND o.connection_id = $2 ORDER BY a.at, a.id`,
        [ref, connectionId],
      );
      return rows;
    },
  };
}

export type OrderFigures = {
  readonly id: string;
  readonly status: string;
  readonly held: boolean;
  readonly ordered: number;
  readonly short: number;
  readonly shipped: number;
};

export type LineFigures = {
  readonly sku: string;
  readonly isKit: boolean;
  readonly quantity: number;
  readonly allocated: number;
  readonly shipped: number;
  readonly short: number;
};

/** A state of an order in its channel; `version` counts up. Lines are by SKU. */
export function channelOrder(
  ref: string,
  version: number,
  lines: Readonly<Record<string, number | Partial<ChannelOrderLine>>>,
  more: Partial<ChannelOrder> = {},
): ChannelOrder {
  const at = new Date(CONNECTED_AT.getTime() + 86_400_000 + version * 1000);
  return {
    ref,
    name: `#${ref}`,
    version: at.toISOString(),
    stage: 'open',
    paymentStatus: 'paid',
    placedAt: new Date(CONNECTED_AT.getTime() + 3_600_000),
    updatedAt: at,
    cancelReason: null,
    total: { minor: 1000, currency: 'USD' },
    email: null,
    shipTo: ADDRESS,
    shippingMethod: null,
    note: null,
    tags: [],
    holds: [],
    risk: null,
    refunds: [],
    ...more,
    lines: Object.entries(lines).map(([sku, line]) => ({
      ref: `line-${sku}`,
      listingRef: null,
      sku,
      title: sku,
      fulfilledQuantity: 0,
      requiresShipping: true,
      shipAfter: null,
      unitPrice: { minor: 1000, currency: 'USD' },
      ...(typeof line === 'number' ? { quantity: line } : { quantity: 1, ...line }),
    })),
  };
}

export function channelHold(ref: string, more: Partial<ChannelHold> = {}): ChannelHold {
  return { ref, reason: 'other', note: null, ours: false, ...more };
}

/** A refund of one line; made after the connection, by default. */
export function channelRefund(
  ref: string,
  sku: string,
  quantity: number,
  restock: ChannelRefund['lines'][number]['restock'] = 'return',
  more: { readonly at?: Date; readonly locationRef?: string } = {},
): ChannelRefund {
  return {
    ref,
    at: more.at ?? new Date(CONNECTED_AT.getTime() + 7_200_000),
    amount: { minor: 500, currency: 'USD' },
    lines: [{ lineRef: `line-${sku}`, quantity, restock, locationRef: more.locationRef ?? null }],
  };
}
