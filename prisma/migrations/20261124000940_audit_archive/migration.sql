-- Audit records that are old, by the thousand, compressed: they leave the table, not the database.
CREATE TABLE "audit_archive" (
    "id" UUID NOT NULL,
    "merchant_id" UUID NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "records" INTEGER NOT NULL,
    "body" BYTEA NOT NULL,
    "archived_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_archive_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "audit_archive_merchant_id_first_at_idx" ON "audit_archive"("merchant_id", "first_at");
-- It is compressed already.
ALTER TABLE "audit_archive" ALTER COLUMN "body" SET STORAGE EXTERNAL;

-- The past is still not edited, and a record goes only with an archive that holds as many, of the same merchant and time:
-- the one this transaction names in crossdock.audit_archive.
DROP TRIGGER "audit_record_is_append_only" ON "audit_record";
CREATE TRIGGER "audit_record_is_append_only" BEFORE UPDATE ON "audit_record"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_unarchived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM gone) AND NOT EXISTS (
    SELECT 1 FROM "audit_archive" a
     WHERE a.id = NULLIF(current_setting('crossdock.audit_archive', true), '')::uuid
       AND a.records = (SELECT count(*) FROM gone)
       AND NOT EXISTS (SELECT 1 FROM gone g WHERE g.merchant_id <> a.merchant_id
         OR g.at < a.first_at OR g.at > a.last_at))
  THEN
    RAISE EXCEPTION 'table audit_record is append-only' USING ERRCODE = 'CD003';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "audit_record_goes_with_an_archive" AFTER DELETE ON "audit_record"
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION refuse_unarchived();
