-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "merchant" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "timezone" TEXT NOT NULL DEFAULT 'UTC',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "merchant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "shop" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "is_online" BOOLEAN NOT NULL DEFAULT false,
    "scope" TEXT,
    "expires" TIMESTAMPTZ(3),
    "access_token" TEXT,
    "refresh_token" TEXT,
    "refresh_token_expires" TIMESTAMPTZ(3),
    "user_id" TEXT,
    "data" JSONB,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'connected',
    "status_reason" TEXT,
    "credentials" TEXT,
    "webhook_secret" TEXT,
    "buffer_units" INTEGER NOT NULL DEFAULT 0,
    "publishing" BOOLEAN NOT NULL DEFAULT false,
    "orders_seen_until" TIMESTAMPTZ(3),
    "last_event_at" TIMESTAMPTZ(3),
    "last_publish_at" TIMESTAMPTZ(3),
    "last_error_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disconnected_at" TIMESTAMPTZ(3),

    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "location" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'own',
    "address1" TEXT,
    "city" TEXT,
    "province" TEXT,
    "zip" TEXT,
    "country_code" TEXT,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "priority" INTEGER NOT NULL DEFAULT 100,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "location_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connection_location" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "external_ref" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "connection_location_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "item" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "sku" TEXT NOT NULL,
    "barcode" TEXT,
    "title" TEXT NOT NULL,
    "variant_title" TEXT,
    "weight_grams" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "listing" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "item_id" UUID,
    "external_ref" TEXT NOT NULL,
    "stock_ref" TEXT NOT NULL,
    "sku" TEXT,
    "barcode" TEXT,
    "title" TEXT NOT NULL,
    "tracked" BOOLEAN NOT NULL DEFAULT true,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "listing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "publication" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "listing_id" UUID NOT NULL,
    "location_ref" TEXT NOT NULL DEFAULT '',
    "dirty_seq" BIGINT NOT NULL DEFAULT 0,
    "sent_seq" BIGINT NOT NULL DEFAULT 0,
    "dirty_since" TIMESTAMPTZ(3),
    "known_quantity" INTEGER,
    "known_at" TIMESTAMPTZ(3),
    "sent_quantity" INTEGER,
    "sent_at" TIMESTAMPTZ(3),
    "previous_quantity" INTEGER,
    "retry_at" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,

    CONSTRAINT "publication_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stock_level" (
    "merchant_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "available" INTEGER NOT NULL DEFAULT 0,
    "committed" INTEGER NOT NULL DEFAULT 0,
    "reserved" INTEGER NOT NULL DEFAULT 0,
    "safety_stock" INTEGER NOT NULL DEFAULT 0,
    "quality_control" INTEGER NOT NULL DEFAULT 0,
    "damaged" INTEGER NOT NULL DEFAULT 0,
    "incoming" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "stock_level_pkey" PRIMARY KEY ("item_id","location_id")
);

-- CreateTable
CREATE TABLE "movement" (
    "seq" BIGSERIAL NOT NULL,
    "merchant_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "quantity" INTEGER NOT NULL,
    "requested" INTEGER NOT NULL,
    "from_state" TEXT NOT NULL,
    "from_location_id" UUID,
    "to_state" TEXT NOT NULL,
    "to_location_id" UUID,
    "reason" TEXT NOT NULL,
    "cause_kind" TEXT NOT NULL,
    "cause_id" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "note" TEXT,
    "idempotency_key" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "movement_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "customer_order" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "external_ref" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "payment_status" TEXT NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "currency" TEXT NOT NULL,
    "total_minor" BIGINT NOT NULL,
    "customer_name" TEXT,
    "email" TEXT,
    "ship_to" JSONB,
    "shipping_method" TEXT,
    "note" TEXT,
    "tags" TEXT[],
    "units_ordered" INTEGER NOT NULL DEFAULT 0,
    "units_short" INTEGER NOT NULL DEFAULT 0,
    "units_unmatched" INTEGER NOT NULL DEFAULT 0,
    "units_shipped" INTEGER NOT NULL DEFAULT 0,
    "cancel_reason" TEXT,
    "cancel_state" TEXT,
    "cancelled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "customer_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_line" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "external_ref" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "item_id" UUID,
    "listing_ref" TEXT,
    "sku" TEXT,
    "title" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "requires_shipping" BOOLEAN NOT NULL DEFAULT true,
    "unit_price_minor" BIGINT NOT NULL,
    "allocated_quantity" INTEGER NOT NULL DEFAULT 0,
    "shipped_quantity" INTEGER NOT NULL DEFAULT 0,
    "short_quantity" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "order_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fulfillment_order" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "decision_id" UUID,
    "status" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "fulfillment_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "allocation" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "fulfillment_order_id" UUID NOT NULL,
    "order_line_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "quantity" INTEGER NOT NULL,
    "shipped_quantity" INTEGER NOT NULL DEFAULT 0,
    "released_quantity" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "allocation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "routing_decision" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    "cause_kind" TEXT NOT NULL,
    "cause_id" TEXT NOT NULL,
    "sentence" TEXT NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "routing_decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fulfillment" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "fulfillment_order_id" UUID NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "origin" TEXT NOT NULL DEFAULT 'crossdock',
    "tracking_company" TEXT,
    "tracking_number" TEXT,
    "tracking_url" TEXT,
    "notify_customer" BOOLEAN NOT NULL DEFAULT true,
    "shipped_at" TIMESTAMPTZ(3) NOT NULL,
    "report_state" TEXT NOT NULL,
    "report_detail" TEXT,
    "external_ref" TEXT,
    "acknowledged_at" TIMESTAMPTZ(3),

    CONSTRAINT "fulfillment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "fulfillment_line" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "fulfillment_id" UUID NOT NULL,
    "allocation_id" UUID NOT NULL,
    "order_line_id" UUID NOT NULL,
    "quantity" INTEGER NOT NULL,

    CONSTRAINT "fulfillment_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbox_event" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "topic" TEXT NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "event_ref" TEXT,
    "concerns" JSONB NOT NULL,
    "body" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'received',
    "detail" TEXT,
    "processed_at" TIMESTAMPTZ(3),
    "job_id" BIGINT,

    CONSTRAINT "inbox_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job" (
    "id" BIGSERIAL NOT NULL,
    "merchant_id" UUID,
    "connection_id" UUID,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "serial_key" TEXT,
    "dedupe_key" TEXT,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "priority" SMALLINT NOT NULL DEFAULT 100,
    "run_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "max_attempts" INTEGER NOT NULL DEFAULT 12,
    "lease_until" TIMESTAMPTZ(3),
    "leased_by" TEXT,
    "last_error" TEXT,
    "progress" JSONB,
    "cause_kind" TEXT,
    "cause_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_record" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "cause_kind" TEXT NOT NULL,
    "cause_id" TEXT NOT NULL,
    "data" JSONB NOT NULL,

    CONSTRAINT "audit_record_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "session_shop_idx" ON "session"("shop");

-- CreateIndex
CREATE INDEX "connection_merchant_id_idx" ON "connection"("merchant_id");

-- CreateIndex
CREATE UNIQUE INDEX "connection_kind_account_key" ON "connection"("kind", "account");

-- CreateIndex
CREATE INDEX "location_merchant_id_idx" ON "location"("merchant_id");

-- CreateIndex
CREATE INDEX "connection_location_connection_id_external_ref_idx" ON "connection_location"("connection_id", "external_ref");

-- CreateIndex
CREATE INDEX "connection_location_location_id_idx" ON "connection_location"("location_id");

-- CreateIndex
CREATE UNIQUE INDEX "connection_location_connection_id_location_id_key" ON "connection_location"("connection_id", "location_id");

-- CreateIndex
CREATE INDEX "item_merchant_id_title_idx" ON "item"("merchant_id", "title");

-- CreateIndex
CREATE UNIQUE INDEX "item_merchant_id_sku_key" ON "item"("merchant_id", "sku");

-- CreateIndex
CREATE INDEX "listing_item_id_idx" ON "listing"("item_id");

-- CreateIndex
CREATE INDEX "listing_merchant_id_idx" ON "listing"("merchant_id");

-- CreateIndex
CREATE INDEX "listing_connection_id_stock_ref_idx" ON "listing"("connection_id", "stock_ref");

-- CreateIndex
CREATE UNIQUE INDEX "listing_connection_id_external_ref_key" ON "listing"("connection_id", "external_ref");

-- CreateIndex
CREATE INDEX "publication_connection_id_idx" ON "publication"("connection_id");

-- CreateIndex
CREATE UNIQUE INDEX "publication_listing_id_location_ref_key" ON "publication"("listing_id", "location_ref");

-- CreateIndex
CREATE INDEX "stock_level_location_id_idx" ON "stock_level"("location_id");

-- CreateIndex
CREATE INDEX "movement_item_id_seq_idx" ON "movement"("item_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "movement_merchant_id_idempotency_key_key" ON "movement"("merchant_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "customer_order_merchant_id_placed_at_idx" ON "customer_order"("merchant_id", "placed_at" DESC);

-- CreateIndex
CREATE INDEX "customer_order_merchant_id_status_placed_at_idx" ON "customer_order"("merchant_id", "status", "placed_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "customer_order_connection_id_external_ref_key" ON "customer_order"("connection_id", "external_ref");

-- CreateIndex
CREATE INDEX "order_line_item_id_idx" ON "order_line"("item_id");

-- CreateIndex
CREATE UNIQUE INDEX "order_line_order_id_external_ref_key" ON "order_line"("order_id", "external_ref");

-- CreateIndex
CREATE INDEX "fulfillment_order_order_id_idx" ON "fulfillment_order"("order_id");

-- CreateIndex
CREATE INDEX "fulfillment_order_merchant_id_status_idx" ON "fulfillment_order"("merchant_id", "status");

-- CreateIndex
CREATE INDEX "fulfillment_order_location_id_status_idx" ON "fulfillment_order"("location_id", "status");

-- CreateIndex
CREATE INDEX "allocation_fulfillment_order_id_idx" ON "allocation"("fulfillment_order_id");

-- CreateIndex
CREATE INDEX "allocation_order_line_id_idx" ON "allocation"("order_line_id");

-- CreateIndex
CREATE INDEX "allocation_item_id_location_id_idx" ON "allocation"("item_id", "location_id");

-- CreateIndex
CREATE INDEX "routing_decision_order_id_idx" ON "routing_decision"("order_id");

-- CreateIndex
CREATE INDEX "fulfillment_order_id_idx" ON "fulfillment"("order_id");

-- CreateIndex
CREATE INDEX "fulfillment_fulfillment_order_id_idx" ON "fulfillment"("fulfillment_order_id");

-- CreateIndex
CREATE UNIQUE INDEX "fulfillment_merchant_id_idempotency_key_key" ON "fulfillment"("merchant_id", "idempotency_key");

-- CreateIndex
CREATE INDEX "fulfillment_line_fulfillment_id_idx" ON "fulfillment_line"("fulfillment_id");

-- CreateIndex
CREATE INDEX "inbox_event_merchant_id_received_at_idx" ON "inbox_event"("merchant_id", "received_at" DESC);

-- CreateIndex
CREATE INDEX "inbox_event_merchant_id_state_idx" ON "inbox_event"("merchant_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "inbox_event_connection_id_dedupe_key_key" ON "inbox_event"("connection_id", "dedupe_key");

-- CreateIndex
CREATE INDEX "job_merchant_id_state_id_idx" ON "job"("merchant_id", "state", "id");

-- CreateIndex
CREATE INDEX "job_connection_id_idx" ON "job"("connection_id");

-- CreateIndex
CREATE INDEX "audit_record_merchant_id_at_idx" ON "audit_record"("merchant_id", "at" DESC);

-- CreateIndex
CREATE INDEX "audit_record_subject_id_at_idx" ON "audit_record"("subject_id", "at");

-- CreateIndex
CREATE INDEX "audit_record_merchant_id_cause_id_idx" ON "audit_record"("merchant_id", "cause_id");

-- AddForeignKey
ALTER TABLE "connection" ADD CONSTRAINT "connection_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "location" ADD CONSTRAINT "location_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_location" ADD CONSTRAINT "connection_location_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connection_location" ADD CONSTRAINT "connection_location_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "item" ADD CONSTRAINT "item_merchant_id_fkey" FOREIGN KEY ("merchant_id") REFERENCES "merchant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "listing" ADD CONSTRAINT "listing_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "listing" ADD CONSTRAINT "listing_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "publication" ADD CONSTRAINT "publication_listing_id_fkey" FOREIGN KEY ("listing_id") REFERENCES "listing"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock_level" ADD CONSTRAINT "stock_level_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "item"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stock_level" ADD CONSTRAINT "stock_level_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_order" ADD CONSTRAINT "customer_order_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "order_line" ADD CONSTRAINT "order_line_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "customer_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fulfillment_order" ADD CONSTRAINT "fulfillment_order_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "customer_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_fulfillment_order_id_fkey" FOREIGN KEY ("fulfillment_order_id") REFERENCES "fulfillment_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_order_line_id_fkey" FOREIGN KEY ("order_line_id") REFERENCES "order_line"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "routing_decision" ADD CONSTRAINT "routing_decision_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "customer_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fulfillment" ADD CONSTRAINT "fulfillment_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "customer_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fulfillment" ADD CONSTRAINT "fulfillment_fulfillment_order_id_fkey" FOREIGN KEY ("fulfillment_order_id") REFERENCES "fulfillment_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "fulfillment_line" ADD CONSTRAINT "fulfillment_line_fulfillment_id_fkey" FOREIGN KEY ("fulfillment_id") REFERENCES "fulfillment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

