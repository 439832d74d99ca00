/** What a seeded merchant sells and where it stands; see screens-data.ts. */

const ADJECTIVES = `ARRAY['Woven','Heavy','Light','Classic','Nordic','Summer','Winter','Harbor',
  'Pine','River','Canvas','Brushed','Ribbed','Quilted','Plain','Striped','Soft','Rugged']`;
const NOUNS = `ARRAY['Tee','Shirt','Jacket','Cap','Beanie','Tote','Mug','Blanket','Apron','Socks',
  'Belt','Scarf','Backpack','Pouch','Lamp','Candle','Notebook','Bottle','Hoodie','Shorts']`;
const OPTIONS = `ARRAY['Small','Medium','Large','Extra large','Red','Blue','Green','Sand']`;
const SINCE = `'2024-01-01'::timestamptz`;

export const CATALOG_STATEMENTS: readonly string[] = [
  `INSERT INTO connection (id, merchant_id, kind, account, name, publishing, imported_at, created_at)
   SELECT woo, merchant, 'woocommerce', 'https://outlet-' || no || '.example', 'Outlet', true,
     ${SINCE}, ${SINCE} FROM spec`,
  `UPDATE connection SET publishing = true, imported_at = ${SINCE} WHERE id = (
     SELECT shopify FROM spec)`,
  `INSERT INTO location (id, merchant_id, name, kind, priority, country_code)
   SELECT places[n], merchant, (ARRAY['Portland','Philadelphia','Reno'])[n], 'own', n, 'US'
     FROM spec, generate_series(1, 3) n`,
  `INSERT INTO connection_location (id, merchant_id, connection_id, location_id, external_ref)
   SELECT bench.id(no, 3, n * 2 + c), merchant, CASE c WHEN 0 THEN shopify ELSE woo END,
     places[n], CASE c WHEN 0 THEN 'gid://shopify/Location/' || n ELSE '' END
     FROM spec, generate_series(1, 3) n, generate_series(0, 1) c`,
  `INSERT INTO item (id, merchant_id, sku, barcode, title, variant_title, weight_grams, created_at)
   SELECT bench.id(no, 4, i), merchant,
     upper(left(p.noun, 3)) || '-' || lpad((i / 4)::text, 6, '0') || '-' || i % 4,
     '40' || lpad((no * 10000000 + i)::text, 11, '0'), p.title || ' ' || i / 4,
     (${OPTIONS})[1 + i % 8], 50 + bench.roll(i, 3) % 4000,
     bench.moment(now, i, items)
     FROM spec, generate_series(1, items) i, LATERAL (SELECT
       bench.pick(${NOUNS}, i / 4, 2) AS noun, bench.pick(${ADJECTIVES}, i / 4, 1) || ' '
         || bench.pick(${NOUNS}, i / 4, 2) AS title) p`,
  // One item in ten is out of stock everywhere, some are low, most have plenty.
  `INSERT INTO stock_level (merchant_id, item_id, location_id, available, committed, incoming)
   SELECT merchant, bench.id(no, 4, i), places[n], CASE
       WHEN bench.roll(i, 4) < 100000 THEN 0 WHEN bench.roll(i, 4) < 140000 THEN bench.roll(i, n) % 2
       ELSE bench.roll(i * 3 + n, 5) % 400 END,
     CASE WHEN bench.roll(i, 6) < 50000 THEN 1 + bench.roll(i, 7) % 5 ELSE 0 END, 0
     FROM spec, generate_series(1, items) i, generate_series(1, 3) n`,
  `CREATE TEMP TABLE listed AS SELECT bench.id(s.no, 5 + c, i) AS id, i, c,
     CASE c WHEN 0 THEN s.shopify ELSE s.woo END AS connection
     FROM spec s, generate_series(1, s.items) i, generate_series(0, 1) c
    WHERE bench.roll(i, 8 + c) < 970000`,
  // In the second store one listing in fifty is waiting for its item, some of them set aside.
  `INSERT INTO listing (id, merchant_id, connection_id, item_id, external_ref, stock_ref, sku,
     barcode, title, product_ref, matched_by, ambiguous_by, ignored)
   SELECT l.id, s.merchant, l.connection, CASE WHEN w.waits THEN NULL ELSE it.id END,
     'listing:' || l.i, 'stock:' || l.i, it.sku || CASE WHEN w.waits THEN 'X' ELSE '' END,
     CASE WHEN w.waits AND bench.roll(l.i, 10) < 700000 THEN NULL ELSE it.barcode END,
     it.title || ', ' || it.variant_title, 'product:' || l.i / 4,
     CASE WHEN w.waits THEN NULL ELSE 'sku' END,
     CASE WHEN w.waits AND bench.roll(l.i, 12) < 50000 THEN 'barcode' END,
     w.waits AND bench.roll(l.i, 13) < 200000
     FROM spec s, listed l JOIN LATERAL (SELECT l.c = 1 AND bench.roll(l.i, 11) < 20000 AS waits) w
       ON true JOIN LATERAL (SELECT * FROM item x WHERE x.id = bench.id(s.no, 4, l.i)) it
       ON true`,
  `INSERT INTO publication (id, merchant_id, connection_id, listing_id, location_ref, known_quantity,
     known_at, sent_quantity, settled_quantity, dirty_seq, sent_seq)
   SELECT bench.id(s.no, 8, l.i * 4 + n), s.merchant, l.connection, l.id,
     'gid://shopify/Location/' || n, v.available, now(), v.available, v.available, 1, 1
     FROM spec s, listed l, generate_series(1, 3) n, LATERAL (SELECT x.available FROM stock_level x
       WHERE x.item_id = bench.id(s.no, 4, l.i) AND x.location_id = s.places[n]) v
    WHERE l.c = 0`,
  `INSERT INTO publication (id, merchant_id, connection_id, listing_id, location_ref, known_quantity,
     known_at, sent_quantity, settled_quantity, dirty_seq, sent_seq, dirty_since)
   SELECT bench.id(s.no, 9, l.i), s.merchant, l.connection, l.id, '', v.units - d.stale,
     now(), v.units - d.stale, v.units - d.stale, 1 + d.stale, 1,
     CASE WHEN d.stale = 1 THEN now() END
     FROM spec s, listed l, LATERAL (SELECT sum(x.available)::int AS units FROM stock_level x
       WHERE x.item_id = bench.id(s.no, 4, l.i)) v,
       LATERAL (SELECT (v.units > 0 AND bench.roll(l.i, 14) < 3000)::int AS stale) d
    WHERE l.c = 1`,
];
