-- What the merchant calls the store, and the keys it granted until they are proven (sealed, then
-- forgotten).
ALTER TABLE "connect_intent" ADD COLUMN "name" TEXT, ADD COLUMN "credentials" TEXT;
