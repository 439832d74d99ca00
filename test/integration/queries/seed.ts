/** A merchant with two channels and three locations, written straight into the tables. */
import type { Database } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';

export type SeededMerchant = {
  readonly id: string;
  readonly shopify: string;
  readonly woo: string;
  /** Brooklyn, Reno, Leipzig. */
  readonly locations: readonly [string, string, string];
};

export async function seedMerchant(db: Database, name: string): Promise<SeededMerchant> {
  const id = newId();
  await db.query(
    `INSERT INTO merchant (id, name, currency, timezone) VALUES ($1, $2, 'USD', 'America/New_York')`,
    [id, name],
  );
  const connection = async (kind: string, channelName: string) => {
    const connectionId = newId();
    await db.query(
      `INSERT INTO connection (id, merchant_id, kind, account, name, publishing, imported_at)
       VALUES ($1, $2, $3, $4, $5, true, now())`,
      [connectionId, id, kind, `${name}.${kind}.example`, channelName],
    );
    return connectionId;
  };
  const location = async (place: string, priority: number) => {
    const locationId = newId();
    await db.query(
      `INSERT INTO location (id, merchant_id, name, priority) VALUES ($1, $2, $3, $4)`,
      [locationId, id, place, priority],
    );
    return locationId;
  };
  const seeded = {
    id,
    shopify: await connection('shopify', 'Shop'),
    woo: await connection('woocommerce', 'Outlet'),
    locations: [
      await location('Brooklyn', 1),
      await location('Reno', 2),
      await location('Leipzig', 3),
    ] as const,
  };
  for (const locationId of seeded.locations) {
    await db.query(
      `INSERT INTO connection_location (id, merchant_id, connection_id, location_id, external_ref)
       VALUES ($1, $2, $3, $4::uuid, $4::uuid::text), ($5, $2, $6, $4, '')`,
      [newId(), id, seeded.shopify, locationId, newId(), seeded.woo],
    );
  }
  return seeded;
}

export async function seedItem(
  db: Database,
  merchant: SeededMerchant,
  sku: string,
  title: string,
  barcode: string | null = null,
): Promise<string> {
  const id = newId();
  await db.query(
    `INSERT INTO item (id, merchant_id, sku, title, barcode) VALUES ($1, $2, $3, $4, $5)`,
    [id, merchant.id, sku, title, barcode],
  );
  return id;
}

/** Moves units through the ledger's own writer, as everything does. */
export async function seedMovement(
  db: Database,
  merchant: SeededMerchant,
  move: {
    itemId: string;
    quantity: number;
    from: readonly [string, string | null];
    to: readonly [string, string | null];
    reason?: string;
    cause?: readonly [string, string];
  },
): Promise<void> {
  const key = newId();
  const [causeKind, causeId] = move.cause ?? ['form', key];
  await db.query(
    `SELECT * FROM ledger_post($1, false, ARRAY[$2::uuid], ARRAY[$3::int], ARRAY[$4],
       ARRAY[$5::uuid], ARRAY[$6], ARRAY[$7::uuid], ARRAY[$8], ARRAY[$9], ARRAY[$10], ARRAY[$11],
       ARRAY['staff'], ARRAY['1'], ARRAY[NULL::text], ARRAY[now()])`,
    [
      merchant.id,
      move.itemId,
      move.quantity,
      move.from[0],
      move.from[1],
      move.to[0],
      move.to[1],
      key,
      move.reason ?? 'count',
      causeKind,
      causeId,
    ],
  );
}

export type SeededOrder = {
  readonly name: string;
  readonly placedAt?: string;
  readonly connectionId?: string;
  readonly status?: string;
  readonly customerName?: string | null;
  readonly unitsShort?: number;
  readonly unitsUnmatched?: number;
  readonly itemId?: string | null;
  readonly title?: string;
  /** Ships from there, one unit. */
  readonly locationId?: string;
};

export async function seedOrder(
  db: Database,
  merchant: SeededMerchant,
  order: SeededOrder,
): Promise<string> {
  const id = newId();
  await db.query(
    `INSERT INTO customer_order (id, merchant_id, connection_id, external_ref, name, version, status,
       stage, payment_status, placed_at, currency, total_minor, customer_name, units_ordered,
       units_short, units_unmatched, ship_to)
     VALUES ($1::uuid, $2, $3, $1::uuid::text, $4, '1', $5, 'open', 'paid', $6, 'USD', 120450, $7, 1, $8, $9,
       '{"name":"Ada","city":"Austin","countryCode":"US"}')`,
    [
      id,
      merchant.id,
      order.connectionId ?? merchant.shopify,
      order.name,
      order.status ?? 'open',
      order.placedAt ?? '2026-11-20T10:00:00Z',
      order.customerName === undefined ? 'Ada Brook' : order.customerName,
      order.unitsShort ?? 0,
      order.unitsUnmatched ?? 0,
    ],
  );
  const lineId = newId();
  await db.query(
    `INSERT INTO order_line (id, merchant_id, order_id, external_ref, position, item_id, sku, title,
       quantity, unit_price_minor, short_quantity)
     VALUES ($1, $2, $3, '1', 1, $4, 'SKU', $5, 1, 1000, $6)`,
    [lineId, merchant.id, id, order.itemId ?? null, order.title ?? 'Mug', order.unitsShort ?? 0],
  );
  if (order.locationId !== undefined) {
    const workId = newId();
    await db.query(
      `INSERT INTO fulfillment_order (id, merchant_id, order_id, location_id, status)
       VALUES ($1, $2, $3, $4, 'open')`,
      [workId, merchant.id, id, order.locationId],
    );
    await db.query(
      `INSERT INTO allocation (id, merchant_id, fulfillment_order_id, order_line_id, item_id,
         location_id, quantity) VALUES ($1, $2, $3, $4, $5, $6, 1)`,
      [newId(), merchant.id, workId, lineId, order.itemId ?? newId(), order.locationId],
    );
  }
  return id;
}
