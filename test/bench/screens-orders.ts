/** What a seeded merchant has sold; see screens-data.ts. */

const FIRST_NAMES = `ARRAY['Ada','Ben','Cleo','Dana','Emil','Fatima','Goran','Hanna','Ivo','June',
  'Kemal','Lena','Milo','Nora','Omar','Petra','Quinn','Rosa','Sami','Tess','Uwe','Vera','Wim',
  'Xenia','Yusuf','Zoe']`;
const LAST_NAMES = `ARRAY['Abbott','Becker','Castro','Dubois','Eriksen','Fischer','Garcia','Hughes',
  'Ito','Jansen','Kowalski','Lindgren','Moreau','Novak','Olsen','Petrov','Quist','Rossi','Schmidt',
  'Tanaka','Ueda','Vargas','Weber','Xu','Young','Zhang']`;

export const ORDER_STATEMENTS: readonly string[] = [
  // The newest half percent are under way, and one old order in five thousand got stuck.
  `CREATE TEMP TABLE sold AS SELECT n, bench.moment(s.now, n, s.orders) AS at,
     bench.id(s.no, 10, n) AS id,
     1 + bench.roll(n, 20) % 3 AS lines, 1 + bench.roll(n, 21) % 3 AS place,
     CASE WHEN n > s.orders - greatest(20, s.orders / 200) THEN CASE
         WHEN bench.roll(n, 22) < 50000 THEN 'awaiting_payment'
         WHEN bench.roll(n, 22) < 120000 THEN 'partially_shipped'
         WHEN bench.roll(n, 22) < 150000 THEN 'cancelled'
         WHEN bench.roll(n, 22) < 350000 THEN 'shipped' ELSE 'open' END
       ELSE CASE WHEN bench.roll(n, 22) < 40000 THEN 'cancelled'
         WHEN bench.roll(n, 22) < 40200 THEN 'open' ELSE 'shipped' END END AS status
     FROM spec s, generate_series(1, s.orders) n`,
  `CREATE TEMP TABLE sold_line AS SELECT o.n, o.at, o.id AS order_id, k, o.status, o.place,
     CASE WHEN o.status IN ('open', 'partially_shipped') AND bench.roll(o.n, 23) < 40000 AND k = 1
       THEN NULL WHEN bench.roll(o.n * 4 + k, 24) < 20000 THEN 1
       ELSE 1 + (power(bench.roll(o.n * 4 + k, 25) / 1e6, 2) * (s.items - 1))::int END AS item,
     1 + bench.roll(o.n * 4 + k, 26) % 3 AS q,
     o.status = 'open' AND bench.roll(o.n, 27) < 80000 AND k = o.lines AS short
     FROM spec s, sold o, generate_series(1, o.lines) k`,
  `INSERT INTO customer_order (id, merchant_id, connection_id, external_ref, name, version, status,
     stage, payment_status, placed_at, currency, total_minor, customer_name, email, ship_to,
     shipping_method, tags, held, units_ordered, units_short, units_unmatched, units_shipped,
     created_at, updated_at)
   SELECT o.id, s.merchant, CASE WHEN w.woo THEN s.woo ELSE s.shopify END, 'order:' || o.n,
     CASE WHEN w.woo THEN o.n::text ELSE '#' || (1000 + o.n) END, '1', o.status,
     CASE o.status WHEN 'partially_shipped' THEN 'open' WHEN 'shipped' THEN 'fulfilled'
       ELSE o.status END,
     CASE o.status WHEN 'awaiting_payment' THEN 'pending' ELSE 'paid' END, o.at, 'USD',
     1500 + bench.roll(o.n, 28) % 20000, w.first || ' ' || w.last,
     lower(w.first || '.' || w.last) || bench.roll(o.n, 32) % 5000 || '@example.com',
     jsonb_build_object('name', w.first || ' ' || w.last, 'address1', '12 Harbor Street', 'city',
       'Portland', 'province', 'OR', 'zip', '97209', 'countryCode', 'US'), 'Standard',
     ARRAY(SELECT t FROM unnest(
       ARRAY['wholesale', 'gift', 'subscription', 'vip', 'export', 'season-' || o.n * 8 / s.orders],
       ARRAY[100000, 50000, 150000, 500, 20000, 1000000]) AS u(t, share)
       WHERE bench.roll(o.n, 40 + length(t)) < share)
       || CASE WHEN s.no = 2 AND bench.roll(o.n, 33) < 300000 OR o.n = s.orders / 2
         THEN ARRAY['of-the-other'] ELSE '{}'::text[] END,
     o.status = 'open' AND bench.roll(o.n, 34) < 100000, u.ordered, u.short, u.unmatched,
     CASE o.status WHEN 'shipped' THEN u.ordered WHEN 'partially_shipped' THEN 1 ELSE 0 END, o.at,
     o.at
     FROM spec s, sold o
     JOIN LATERAL (SELECT bench.roll(o.n, 29) < 300000 AS woo,
       bench.pick(${FIRST_NAMES}, o.n, 30) AS first, bench.pick(${LAST_NAMES}, o.n, 31) AS last) w
       ON true
     JOIN (SELECT n, sum(q)::int AS ordered, COALESCE(sum(q) FILTER (WHERE short), 0)::int AS short,
       COALESCE(sum(q) FILTER (WHERE item IS NULL), 0)::int AS unmatched
       FROM sold_line GROUP BY n) u ON u.n = o.n ORDER BY o.n`,
  `INSERT INTO order_line (id, merchant_id, order_id, external_ref, position, item_id, listing_ref,
     sku, title, quantity, unit_price_minor, allocated_quantity, shipped_quantity, short_quantity)
   SELECT bench.id(s.no, 11, l.n * 4 + l.k), s.merchant, l.order_id, 'line:' || l.k, l.k,
     CASE WHEN l.item IS NULL THEN NULL ELSE bench.id(s.no, 4, l.item) END,
     'listing:' || COALESCE(l.item, 0), 'SKU-' || COALESCE(l.item, 0), 'Something sold', l.q, 1500,
     CASE WHEN l.status IN ('open', 'partially_shipped') AND NOT l.short AND l.item IS NOT NULL
       THEN l.q ELSE 0 END,
     CASE WHEN l.status = 'shipped' THEN l.q ELSE 0 END,
     CASE WHEN l.short AND l.item IS NOT NULL THEN l.q ELSE 0 END
     FROM spec s, sold_line l ORDER BY l.n`,
  `INSERT INTO fulfillment_order (id, merchant_id, order_id, location_id, status, created_at,
     closed_at)
   SELECT bench.id(s.no, 12, o.n), s.merchant, o.id, s.places[o.place],
     CASE o.status WHEN 'shipped' THEN 'shipped' ELSE 'open' END, o.at,
     CASE o.status WHEN 'shipped' THEN o.at + interval '1 day' END
     FROM spec s, sold o WHERE o.status IN ('open', 'partially_shipped', 'shipped') ORDER BY o.n`,
  `INSERT INTO allocation (id, merchant_id, fulfillment_order_id, order_line_id, item_id,
     location_id, quantity, shipped_quantity, created_at)
   SELECT bench.id(s.no, 13, l.n * 4 + l.k), s.merchant, bench.id(s.no, 12, l.n),
     bench.id(s.no, 11, l.n * 4 + l.k), bench.id(s.no, 4, l.item),
     s.places[l.place], CASE l.status WHEN 'shipped' THEN 0 ELSE l.q END,
     CASE l.status WHEN 'shipped' THEN l.q ELSE 0 END, l.at
     FROM spec s, sold_line l WHERE l.item IS NOT NULL AND NOT l.short
       AND l.status IN ('open', 'partially_shipped', 'shipped') ORDER BY l.n`,
  `INSERT INTO fulfillment (id, merchant_id, order_id, fulfillment_order_id, idempotency_key,
     shipped_at, report_state)
   SELECT bench.id(s.no, 14, o.n), s.merchant, o.id, bench.id(s.no, 12, o.n),
     'parcel:' || o.n, least(o.at + interval '1 day', s.now),
     CASE WHEN bench.roll(o.n, 35) < 20 THEN 'refused' ELSE 'acknowledged' END
     FROM spec s, sold o WHERE o.status IN ('partially_shipped', 'shipped')
    ORDER BY o.n`,
  `INSERT INTO fulfillment_line (id, merchant_id, fulfillment_id, allocation_id, order_line_id,
     quantity)
   SELECT bench.id(s.no, 15, l.n * 4 + l.k), s.merchant, bench.id(s.no, 14, l.n),
     bench.id(s.no, 13, l.n * 4 + l.k), bench.id(s.no, 11, l.n * 4 + l.k), l.q
     FROM spec s, sold_line l WHERE l.status = 'shipped' AND l.item IS NOT NULL ORDER BY l.n`,
  `INSERT INTO order_hold (id, merchant_id, order_id, reason, origin, created_by, created_at)
   SELECT bench.id(s.no, 16, o.n), s.merchant, o.id, 'merchant', 'crossdock', 'staff', o.at
     FROM spec s, sold o WHERE o.status = 'open' AND bench.roll(o.n, 34) < 100000`,
];
