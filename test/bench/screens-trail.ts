/** What a seeded merchant's trade leaves behind: movements, messages, work, records. */

const SINCE = `'2024-01-01'::timestamptz`;
const ACTIONS = `ARRAY['order.recorded','order.routed','stock.published','stock.published',
  'stock.published','fulfillment.shipped','fulfillment.report_acknowledged','order.updated']`;

export const TRAIL_STATEMENTS: readonly string[] = [
  `INSERT INTO movement (merchant_id, item_id, quantity, requested, from_state, to_state,
     to_location_id, reason, cause_kind, cause_id, actor_kind, actor_id, idempotency_key,
     occurred_at, recorded_at)
   SELECT l.merchant_id, l.item_id, 500, 500, 'adjustment', 'available', l.location_id, 'opening',
     'connection', s.shopify, 'system', 'import', 'opening:' || l.item_id || l.location_id,
     ${SINCE}, ${SINCE} FROM spec s JOIN stock_level l ON l.merchant_id = s.merchant`,
  // The hot item's long history, and every recent sale.
  `INSERT INTO movement (merchant_id, item_id, quantity, requested, from_state, from_location_id,
     to_state, to_location_id, reason, cause_kind, cause_id, actor_kind, actor_id, idempotency_key,
     occurred_at, recorded_at)
   SELECT s.merchant, bench.id(s.no, 4, l.item), l.q, l.q, 'available', s.places[l.place],
     'committed', s.places[l.place], 'sale', 'order', l.order_id, 'channel', s.shopify,
     'sale:' || l.n || ':' || l.k, l.at, l.at
     FROM spec s, sold_line l WHERE l.item = 1 OR (l.item IS NOT NULL AND l.n > s.orders * 0.7)
    ORDER BY l.at`,
  `INSERT INTO audit_record (id, merchant_id, at, actor_kind, actor_id, action, subject_kind,
     subject_id, cause_kind, cause_id, data)
   SELECT bench.id(s.no, 20, n), s.merchant, bench.moment(s.now, n, s.audits),
     a.actor, CASE a.actor WHEN 'channel' THEN s.shopify::text ELSE 'somebody' END, a.action,
     CASE split_part(a.action, '.', 1) WHEN 'fulfillment' THEN 'fulfillment' WHEN 'stock' THEN 'item'
       WHEN 'connection' THEN 'connection' ELSE 'order' END,
     CASE split_part(a.action, '.', 1)
       WHEN 'fulfillment' THEN bench.id(s.no, 14, a.order_no)::text
       WHEN 'stock' THEN bench.id(s.no, 4, 1 + bench.roll(n, 51) % s.items)::text
       WHEN 'connection' THEN s.woo::text ELSE bench.id(s.no, 10, a.order_no)::text END,
     'inbox_event', bench.id(s.no, 21, n)::text,
     jsonb_build_object('quantity', bench.roll(n, 52) % 9,
       'connectionId', CASE WHEN bench.roll(n, 53) % 2 = 0 THEN s.shopify ELSE s.woo END)
     FROM spec s, generate_series(1, s.audits) n, LATERAL (SELECT
       greatest(1, n * s.orders / s.audits) AS order_no,
       CASE WHEN bench.roll(n, 50) < 30000 THEN 'staff' WHEN bench.roll(n, 50) < 400000
         THEN 'channel' ELSE 'system' END AS actor,
       CASE WHEN bench.roll(n, 50) < 20000 THEN 'stock.adjusted' WHEN bench.roll(n, 50) < 20100
         THEN 'connection.policy_set' ELSE bench.pick(${ACTIONS}, n, 54) END AS action) a`,
  // A month of messages, five for an order, and a week of jobs.
  `INSERT INTO inbox_event (id, merchant_id, connection_id, topic, dedupe_key, concerns, body,
     received_at, state, processed_at)
   SELECT bench.id(s.no, 21, n), s.merchant, s.shopify, 'orders/updated', 'message:' || n,
     jsonb_build_object('kind', 'order', 'orderRef', 'order:' || s.orders - n / 5), '', m.at,
     CASE WHEN n % 5000 = 0 THEN 'failed' ELSE 'processed' END, m.at
     FROM spec s, generate_series(1, s.orders * 5 / 24) n,
       LATERAL (SELECT s.now - n * interval '30 days' * 24 / (s.orders * 5) AS at) m`,
  `INSERT INTO job (merchant_id, connection_id, kind, payload, state, attempts, created_at,
     started_at, finished_at, last_error)
   SELECT s.merchant, s.shopify, 'look-again', jsonb_build_object('orderRef', 'order:'
     || s.orders - n / 5), CASE WHEN n % 3000 = 0 THEN 'failed' ELSE 'done' END, 1, m.at, m.at, m.at,
     CASE WHEN n % 3000 = 0 THEN 'The store did not answer.' END
     FROM spec s, generate_series(1, s.orders * 5 / 104) n,
       LATERAL (SELECT s.now - n * interval '7 days' * 104 / (s.orders * 5) AS at) m
    ORDER BY n DESC`,
  // A month of checks every quarter of an hour.
  `INSERT INTO reconcile_run (id, merchant_id, connection_id, trigger, state, total, checked,
     differing, started_by, started_at, finished_at)
   SELECT bench.id(s.no, 22 + k, n), s.merchant, CASE k WHEN 0 THEN s.shopify ELSE s.woo END,
     'schedule', 'done', s.items, s.items, n % 7, 'clock', s.now - n * interval '15 minutes',
     s.now - n * interval '15 minutes' + interval '40 seconds'
     FROM spec s, generate_series(1, 2880) n, generate_series(0, 1) k
    WHERE s.orders > 1000 OR n < 10`,
  `INSERT INTO reconcile_finding (id, run_id, merchant_id, listing_id, channel_quantity,
     wanted_quantity, explanation, repair)
   SELECT bench.id(s.no, 24, n * 8 + f), bench.id(s.no, 22, n), s.merchant,
     bench.id(s.no, 5, f), 1, 2, 'edited_in_channel', CASE WHEN n < 20 THEN 'waiting'
       ELSE 'published' END
     FROM spec s, generate_series(1, 2880) n, generate_series(1, n % 7) f
    WHERE s.orders > 1000 OR n < 10`,
];
