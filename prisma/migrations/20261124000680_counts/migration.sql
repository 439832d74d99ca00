-- AlterTable
ALTER TABLE "stock_count" ADD COLUMN     "basis" TEXT NOT NULL DEFAULT 'on_hand',
ADD COLUMN     "blind" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "stock_count_line" ADD COLUMN     "counted_text" TEXT,
ADD COLUMN     "earlier" INTEGER,
ADD COLUMN     "last_key" TEXT,
ADD COLUMN     "location_text" TEXT,
ADD COLUMN     "reversed" INTEGER;

-- CreateTable
CREATE TABLE "stock_count_chunk" (
    "count_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "stock_count_chunk_pkey" PRIMARY KEY ("count_id","position")
);

-- A row of a file is read once, whoever reads it.
DROP INDEX "stock_count_line_count_id_position_idx";
CREATE UNIQUE INDEX "stock_count_line_count_id_position_key" ON "stock_count_line"("count_id", "position");

-- CreateIndex
CREATE INDEX "stock_count_line_count_id_item_id_location_id_idx" ON "stock_count_line"("count_id", "item_id", "location_id");

-- AddForeignKey
ALTER TABLE "stock_count_chunk" ADD CONSTRAINT "stock_count_chunk_count_id_fkey" FOREIGN KEY ("count_id") REFERENCES "stock_count"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "stock_count"
  ADD CONSTRAINT "stock_count_kind" CHECK (kind IN ('cycle', 'file') AND basis IN ('on_hand', 'available')),
  ADD CONSTRAINT "stock_count_state" CHECK (state IN ('uploading', 'reading', 'open', 'posting', 'posted',
    'undoing', 'undone', 'cancelled', 'failed'));
ALTER TABLE "stock_count_line" ADD CONSTRAINT "stock_count_line_counted" CHECK (counted >= 0);

-- What the pages of a count look through, and when something was last counted.
CREATE INDEX "stock_count_line_problem" ON "stock_count_line" (count_id, position) WHERE problem IS NOT NULL;
CREATE INDEX "stock_count_line_waiting" ON "stock_count_line" (count_id, position)
  WHERE moved IS NULL AND problem IS NULL AND counted IS NOT NULL;
CREATE INDEX "stock_count_line_posted" ON "stock_count_line" (item_id, location_id, counted_at) WHERE moved IS NOT NULL;
