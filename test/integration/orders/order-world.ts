/** What the tests of people's work on orders share: orders of a merchant's two stores. */
import { newId } from '../../../app/platform/ids';
import { ADDRESS } from '../../support/buyer';
import { type MerchantWorld, STAFF } from '../../support/merchant-world';

/** A form of somebody of the staff, with a key of its own. */
export function form(world: MerchantWorld) {
  return { merchantId: world.merchantId, actor: STAFF, idempotencyKey: newId() };
}

export async function orderIdOf(world: MerchantWorld, name: string): Promise<string> {
  const { id } = await world.db.one<{ id: string }>(
    `SELECT id FROM customer_order WHERE name = $1`,
    [name],
  );
  return id;
}

/** An order of the WooCommerce store, taken in. */
export async function wooOrder(world: MerchantWorld, sku: string, quantity: number) {
  const placed = world.woo.placeOrder({ lines: [{ sku, quantity }], address: ADDRESS });
  await world.settle();
  return { placed, id: await orderIdOf(world, `#${String(placed.id)}`) };
}

/** An order of the Shopify store, taken in. */
export async function shopOrder(world: MerchantWorld, sku: string, quantity: number) {
  const placed = world.shop.placeOrder({ lines: [{ sku, quantity }], shippingAddress: ADDRESS });
  await world.settle();
  return { placed, id: await orderIdOf(world, placed.name) };
}

export type PlaceUnits = { readonly location: string; readonly units: number };

/** Where an order's open units are, by name. */
export async function openUnits(world: MerchantWorld, orderId: string): Promise<PlaceUnits[]> {
  const { rows } = await world.db.query<PlaceUnits>(
    `SELECT lo.name AS location, sum(a.quantity)::int AS units FROM fulfillment_order f
       JOIN location lo ON lo.id = f.location_id JOIN allocation a ON a.fulfillment_order_id = f.id
      WHERE f.order_id = $1 AND f.status = 'open' AND a.quantity > 0
      GROUP BY lo.name ORDER BY lo.name`,
    [orderId],
  );
  return rows;
}

export type HoldRow = {
  readonly reason: string;
  readonly origin: string;
  readonly state: string;
  readonly active: boolean;
  readonly detail: string | null;
};

export async function holdsOf(world: MerchantWorld, orderId: string): Promise<HoldRow[]> {
  const { rows } = await world.db.query<HoldRow>(
    `SELECT reason, origin, report_state AS state, released_at IS NULL AS active,
        report_detail AS detail FROM order_hold WHERE order_id = $1 ORDER BY created_at, id`,
    [orderId],
  );
  return rows;
}

export async function isHeld(world: MerchantWorld, orderId: string): Promise<boolean> {
  const { held } = await world.db.one<{ held: boolean }>(
    `SELECT held FROM customer_order WHERE id = $1`,
    [orderId],
  );
  return held;
}
