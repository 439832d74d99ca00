-- AlterTable
ALTER TABLE "connection" ADD COLUMN     "brake_agreed_at" TIMESTAMPTZ(3),
ADD COLUMN     "brake_percent" INTEGER NOT NULL DEFAULT 30,
ADD COLUMN     "braked_at" TIMESTAMPTZ(3),
ADD COLUMN     "braked_detail" JSONB,
ADD COLUMN     "cap_units" INTEGER,
ADD COLUMN     "imported_at" TIMESTAMPTZ(3),
ADD COLUMN     "listings_seen_until" TIMESTAMPTZ(3),
ADD COLUMN     "oversell" TEXT NOT NULL DEFAULT 'never',
ADD COLUMN     "repair_rule" TEXT NOT NULL DEFAULT 'publish',
ADD COLUMN     "share_percent" INTEGER NOT NULL DEFAULT 100,
ADD COLUMN     "webhooks_checked_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "customer_order" ADD COLUMN     "held" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "risk" TEXT;

-- AlterTable
ALTER TABLE "item" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'simple';

-- AlterTable
ALTER TABLE "listing" ADD COLUMN     "ambiguous_by" TEXT,
ADD COLUMN     "backorders" BOOLEAN,
ADD COLUMN     "ignored" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "matched_by" TEXT,
ADD COLUMN     "product_ref" TEXT;

-- AlterTable
ALTER TABLE "merchant" ADD COLUMN     "onboarded_at" TIMESTAMPTZ(3),
ADD COLUMN     "settings" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "order_line" ADD COLUMN     "is_kit" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "parent_line_id" UUID,
ADD COLUMN     "ship_after" TIMESTAMPTZ(3),
ADD COLUMN     "units_per_parent" INTEGER;

-- CreateTable
CREATE TABLE "kit_component" (
    "kit_id" UUID NOT NULL,
    "component_id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "quantity" INTEGER NOT NULL,

    CONSTRAINT "kit_component_pkey" PRIMARY KEY ("kit_id","component_id")
);

-- CreateTable
CREATE TABLE "order_hold" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "note" TEXT,
    "origin" TEXT NOT NULL,
    "external_ref" TEXT,
    "report_state" TEXT NOT NULL DEFAULT 'not_needed',
    "report_detail" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "released_at" TIMESTAMPTZ(3),
    "released_by" TEXT,

    CONSTRAINT "order_hold_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_refund" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "external_ref" TEXT NOT NULL,
    "refunded_at" TIMESTAMPTZ(3) NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "lines" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "order_refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_action" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "total" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "undo_of" UUID,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "bulk_action_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_action_result" (
    "action_id" UUID NOT NULL,
    "subject_id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "message" TEXT,
    "before" JSONB,

    CONSTRAINT "bulk_action_result_pkey" PRIMARY KEY ("action_id","subject_id")
);

-- CreateTable
CREATE TABLE "reconcile_run" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "trigger" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'running',
    "total" INTEGER NOT NULL DEFAULT 0,
    "checked" INTEGER NOT NULL DEFAULT 0,
    "differing" INTEGER NOT NULL DEFAULT 0,
    "repaired" INTEGER NOT NULL DEFAULT 0,
    "cursor" TEXT,
    "detail" TEXT,
    "started_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "reconcile_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reconcile_finding" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "listing_id" UUID NOT NULL,
    "location_ref" TEXT NOT NULL DEFAULT '',
    "channel_quantity" INTEGER,
    "wanted_quantity" INTEGER NOT NULL,
    "explanation" TEXT NOT NULL,
    "repair" TEXT NOT NULL,
    "note" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reconcile_finding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stock_count" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "location_id" UUID,
    "state" TEXT NOT NULL DEFAULT 'open',
    "file_name" TEXT,
    "summary" JSONB,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "posted_by" TEXT,
    "posted_at" TIMESTAMPTZ(3),
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "stock_count_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stock_count_line" (
    "id" UUID NOT NULL,
    "count_id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "item_id" UUID,
    "location_id" UUID,
    "sku" TEXT,
    "expected" INTEGER,
    "counted" INTEGER,
    "moved" INTEGER,
    "problem" TEXT,
    "counted_by" TEXT,
    "counted_at" TIMESTAMPTZ(3),

    CONSTRAINT "stock_count_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "privacy_request" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "external_ref" TEXT NOT NULL,
    "customer_ref" TEXT,
    "order_refs" TEXT[],
    "state" TEXT NOT NULL DEFAULT 'received',
    "export" TEXT,
    "summary" JSONB,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "privacy_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connect_intent" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "store_url" TEXT NOT NULL,
    "state_hash" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "connection_id" UUID,
    "problem" TEXT,

    CONSTRAINT "connect_intent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "call_budget" (
    "account" TEXT NOT NULL,
    "available" DOUBLE PRECISION NOT NULL,
    "maximum" DOUBLE PRECISION NOT NULL,
    "restore_per_second" DOUBLE PRECISION NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "call_budget_pkey" PRIMARY KEY ("account")
);

-- CreateIndex
CREATE INDEX "kit_component_component_id_idx" ON "kit_component"("component_id");

-- CreateIndex
CREATE INDEX "order_hold_order_id_idx" ON "order_hold"("order_id");

-- CreateIndex
CREATE INDEX "order_hold_merchant_id_released_at_idx" ON "order_hold"("merchant_id", "released_at");

-- CreateIndex
CREATE UNIQUE INDEX "order_refund_order_id_external_ref_key" ON "order_refund"("order_id", "external_ref");

-- CreateIndex
CREATE INDEX "bulk_action_merchant_id_created_at_idx" ON "bulk_action"("merchant_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "reconcile_run_merchant_id_started_at_idx" ON "reconcile_run"("merchant_id", "started_at" DESC);

-- CreateIndex
CREATE INDEX "reconcile_run_connection_id_started_at_idx" ON "reconcile_run"("connection_id", "started_at" DESC);

-- CreateIndex
CREATE INDEX "reconcile_finding_run_id_id_idx" ON "reconcile_finding"("run_id", "id");

-- CreateIndex
CREATE INDEX "reconcile_finding_merchant_id_repair_idx" ON "reconcile_finding"("merchant_id", "repair");

-- CreateIndex
CREATE INDEX "stock_count_merchant_id_created_at_idx" ON "stock_count"("merchant_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "stock_count_line_count_id_position_idx" ON "stock_count_line"("count_id", "position");

-- CreateIndex
CREATE INDEX "privacy_request_merchant_id_received_at_idx" ON "privacy_request"("merchant_id", "received_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "privacy_request_connection_id_kind_external_ref_key" ON "privacy_request"("connection_id", "kind", "external_ref");

-- CreateIndex
CREATE UNIQUE INDEX "connect_intent_state_hash_key" ON "connect_intent"("state_hash");

-- CreateIndex
CREATE INDEX "connect_intent_merchant_id_created_at_idx" ON "connect_intent"("merchant_id", "created_at" DESC);

-- AddForeignKey
ALTER TABLE "bulk_action_result" ADD CONSTRAINT "bulk_action_result_action_id_fkey" FOREIGN KEY ("action_id") REFERENCES "bulk_action"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reconcile_finding" ADD CONSTRAINT "reconcile_finding_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "reconcile_run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock_count_line" ADD CONSTRAINT "stock_count_line_count_id_fkey" FOREIGN KEY ("count_id") REFERENCES "stock_count"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- CreateIndex
CREATE INDEX "listing_connection_id_product_ref_idx" ON "listing"("connection_id", "product_ref");

-- AddForeignKey
ALTER TABLE "kit_component" ADD CONSTRAINT "kit_component_kit_id_fkey" FOREIGN KEY ("kit_id") REFERENCES "item"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "kit_component" ADD CONSTRAINT "kit_component_component_id_fkey" FOREIGN KEY ("component_id") REFERENCES "item"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Connections that were live before there was a button for it stay live.
UPDATE "connection" SET imported_at = COALESCE(last_publish_at, now()) WHERE publishing;

ALTER TABLE "connection"
  ADD CONSTRAINT "connection_policy" CHECK (share_percent BETWEEN 0 AND 100 AND (cap_units IS NULL OR cap_units >= 0)
    AND brake_percent BETWEEN 1 AND 100 AND oversell IN ('never', 'backorder')
    AND repair_rule IN ('publish', 'accept', 'ask'));
ALTER TABLE "item" ADD CONSTRAINT "item_kind" CHECK (kind IN ('simple', 'kit'));
ALTER TABLE "kit_component"
  ADD CONSTRAINT "kit_component_quantity" CHECK (quantity > 0 AND kit_id <> component_id);

-- Small indexes for what waits for somebody.
CREATE INDEX "order_hold_active" ON "order_hold" (order_id) WHERE released_at IS NULL;
CREATE UNIQUE INDEX "order_hold_of_channel" ON "order_hold" (order_id, external_ref)
  WHERE released_at IS NULL AND external_ref IS NOT NULL;
CREATE INDEX "customer_order_held" ON "customer_order" (merchant_id, placed_at DESC) WHERE held;
CREATE INDEX "listing_to_match" ON "listing" (merchant_id, connection_id) WHERE item_id IS NULL AND NOT ignored;
CREATE INDEX "order_line_parent" ON "order_line" (parent_line_id) WHERE parent_line_id IS NOT NULL;
CREATE UNIQUE INDEX "reconcile_run_one_at_a_time" ON "reconcile_run" (connection_id) WHERE state = 'running';
CREATE INDEX "bulk_action_waiting" ON "bulk_action_result" (action_id, subject_id) WHERE state = 'waiting';

-- What can be sold of an item at a location: its own units, or as many whole kits as its components make there.
CREATE VIEW "sellable_level" AS
  SELECT l.merchant_id, l.item_id, l.location_id, l.available FROM "stock_level" l
  UNION ALL
  SELECT k.merchant_id, k.kit_id, l.location_id, min(l.available / k.quantity)
    FROM "kit_component" k JOIN "stock_level" l ON l.item_id = k.component_id
    GROUP BY k.merchant_id, k.kit_id, l.location_id
    HAVING count(*) = (SELECT count(*) FROM "kit_component" a WHERE a.kit_id = k.kit_id);

-- A message may be about a whole product now. (The index keeps only open events, so making it again is quick.)
DROP INDEX "inbox_event_open";
CREATE OR REPLACE FUNCTION inbox_subject(concerns jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT (concerns->>'kind') || ':'
    || COALESCE(concerns->>'orderRef', concerns->>'stockRef', concerns->>'listingRef', concerns->>'productRef', '')
    || COALESCE(' at ' || NULLIF(concerns->>'locationRef', ''), '')
$$;
CREATE INDEX "inbox_event_open" ON "inbox_event" (connection_id, inbox_subject(concerns)) WHERE state IN ('received', 'failed');
