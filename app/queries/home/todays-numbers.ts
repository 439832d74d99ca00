import type { Prisma } from '#app/platform/prisma';

export type TodaysNumbers = {
  /** Per channel with any order today, most first. */
  readonly orders: readonly { readonly channelName: string; readonly orders: number }[];
  readonly unitsShipped: number;
  readonly unitsCommitted: number;
  /** Orders with units that can leave now, counted up to TO_SHIP_MAX. */
  readonly toShip: number;
};

export const TO_SHIP_MAX = 10_000;

/** The day so far, which begins at midnight in the merchant's time zone. */
export async function todaysNumbers(
  prisma: Prisma,
  merchantId: string,
  { now, timezone }: { now: Date; timezone: string },
): Promise<TodaysNumbers> {
  const [orders, units] = await Promise.all([
    prisma.$queryRaw<TodaysNumbers['orders'][number][]>`
      SELECT c.name AS "channelName", count(*)::int AS orders FROM customer_order o
      JOIN connection c ON c.id = o.connection_id
      WHERE o.merchant_id = ${merchantId}::uuid AND o.placed_at >= date_trunc('day',
        ${now}::timestamptz, ${timezone})
      GROUP BY c.id, c.name ORDER BY count(*) DESC, c.name`,
    prisma.$queryRaw<Omit<TodaysNumbers, 'orders'>[]>`
      SELECT
        (SELECT COALESCE(sum(fl.quantity), 0)::int FROM fulfillment f
          JOIN fulfillment_line fl ON fl.fulfillment_id = f.id
          WHERE f.merchant_id = ${merchantId}::uuid AND f.shipped_at >= date_trunc('day',
            ${now}::timestamptz, ${timezone})) AS "unitsShipped",
        (SELECT COALESCE(sum(l.committed), 0)::int FROM stock_level l
          WHERE l.merchant_id = ${merchantId}::uuid) AS "unitsCommitted",
        (SELECT count(*)::int FROM (SELECT 1 FROM customer_order o
          WHERE o.merchant_id = ${merchantId}::uuid
            AND o.status IN ('open', 'partially_shipped')
            AND o.units_ordered > o.units_short + o.units_unmatched + o.units_shipped LIMIT ${TO_SHIP_MAX}) s) AS "toShip"`,
  ]);
  return { orders, ...(units[0] ?? { unitsShipped: 0, unitsCommitted: 0, toShip: 0 }) };
}
