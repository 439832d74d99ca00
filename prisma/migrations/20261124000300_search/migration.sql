-- What the screens look for, so that a search over a million orders reads a handful of rows.
CREATE INDEX "customer_order_name_search" ON "customer_order" (merchant_id, lower(name) text_pattern_ops);
CREATE INDEX "customer_order_customer_search"
  ON "customer_order" (merchant_id, lower(customer_name) text_pattern_ops);
CREATE INDEX "item_sku_search" ON "item" (merchant_id, lower(sku));

-- What has left today.
CREATE INDEX "fulfillment_merchant_id_shipped_at_idx" ON "fulfillment" ("merchant_id", "shipped_at" DESC);

-- Open orders that nobody has looked at for the longest time.
CREATE INDEX "customer_order_unseen" ON "customer_order" (connection_id, updated_at)
  WHERE status IN ('open', 'partially_shipped', 'awaiting_payment');
