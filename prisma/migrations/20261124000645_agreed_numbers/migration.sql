-- What a person agreed to is one number of one publication: a later change of it has nobody's agreement.
ALTER TABLE "publication" ADD COLUMN "agreed_seq" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN "agreed_quantity" INTEGER;

-- What was agreed to before and waits still stays agreed to, until it changes.
UPDATE "publication" p SET "agreed_seq" = p."dirty_seq" FROM "connection" c
 WHERE c."id" = p."connection_id" AND p."dirty_seq" > p."sent_seq" AND p."dirty_since" <= c."brake_agreed_at";
