-- What a channel is told of a parcel with parts of kits is settled when it ships: a retry says the same.
ALTER TABLE "fulfillment" ADD COLUMN "report_content" JSONB;
