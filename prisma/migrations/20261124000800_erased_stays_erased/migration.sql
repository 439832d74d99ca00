-- A buyer who was erased stays erased: whatever writes the order later, their data is not kept again.
ALTER TABLE "customer_order" ADD COLUMN "redacted_at" TIMESTAMPTZ(3);

-- What is left of an address of somebody erased: where orders are routed by.
CREATE FUNCTION coarse_address(address jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN address IS NULL OR jsonb_typeof(address) <> 'object' THEN NULL
    ELSE jsonb_build_object('countryCode', address -> 'countryCode', 'province', address -> 'province',
      'name', NULL, 'company', NULL, 'address1', NULL, 'address2', NULL, 'city', NULL, 'zip', NULL, 'phone', NULL) END
$$;

CREATE FUNCTION keep_order_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.redacted_at := OLD.redacted_at;
  NEW.customer_name := NULL;
  NEW.email := NULL;
  NEW.ship_to := coarse_address(NEW.ship_to);
  RETURN NEW;
END $$;
CREATE TRIGGER "customer_order_stays_erased" BEFORE UPDATE ON "customer_order"
  FOR EACH ROW WHEN (OLD.redacted_at IS NOT NULL) EXECUTE FUNCTION keep_order_erased();

-- What a message under privacy law has to be kept for until it is carried out: which request, whom and which orders it
-- names. The e-mail address only as a hash, to find orders by. NULL when there is nothing to read.
CREATE FUNCTION email_hash(connection_id uuid, email text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT encode(sha256(convert_to(connection_id::text || ':' || lower(btrim(email)), 'UTF8')), 'hex')
$$;
CREATE FUNCTION privacy_ask(connection_id uuid, body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT jsonb_strip_nulls(jsonb_build_object(
      'data_request', jsonb_build_object('id', b -> 'data_request' -> 'id'),
      'customer', jsonb_build_object('id', b -> 'customer' -> 'id',
        'email_hash', email_hash(connection_id, NULLIF(btrim(b #>> '{customer,email}'), ''))),
      'orders_to_redact', b -> 'orders_to_redact', 'orders_requested', b -> 'orders_requested'))::text
    FROM (SELECT NULLIF(body, '')::jsonb AS b) parsed WHERE b IS NOT NULL
$$;
