-- The cause leads. Led by the merchant, the index looked to ledger_post, whose plan is made while the table is still
-- empty, as good for finding a key as the unique index of keys: every post read all movements of the merchant.
DROP INDEX "movement_merchant_id_cause_id_idx";
CREATE INDEX "movement_cause_id_merchant_id_idx" ON "movement"("cause_id", "merchant_id");
