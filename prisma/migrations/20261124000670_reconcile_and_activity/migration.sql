-- What one order, message or check has moved: asked for by its cause.
CREATE INDEX "movement_merchant_id_cause_id_idx" ON "movement"("merchant_id", "cause_id");

-- The channel an audit record belongs to: who passed it on, what it is about, or what it names.
CREATE FUNCTION audit_channel(actor_kind text, actor_id text, subject_kind text, subject_id text, data jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN subject_kind = 'connection' THEN subject_id WHEN actor_kind = 'channel' THEN actor_id
    ELSE data->>'connectionId' END
$$;
-- The trail narrowed to a kind of action, to a channel, or to people: each read newest first, however rare it is.
CREATE INDEX "audit_record_kind" ON "audit_record" (merchant_id, split_part(action, '.', 1), at DESC, id DESC);
CREATE INDEX "audit_record_channel" ON "audit_record"
  (merchant_id, audit_channel(actor_kind, actor_id, subject_kind, subject_id, data), at DESC, id DESC);
CREATE INDEX "audit_record_staff" ON "audit_record" (merchant_id, at DESC, id DESC) WHERE actor_kind = 'staff';

-- A number that still differs is found by every check: the newest finding takes the place of the one before.
CREATE INDEX "reconcile_finding_open" ON "reconcile_finding" (listing_id, location_ref)
  WHERE repair IN ('waiting', 'left');
CREATE INDEX "reconcile_finding_unsettled" ON "reconcile_finding" (run_id, id)
  WHERE repair IN ('checking', 'sending', 'taking');
CREATE INDEX "reconcile_run_over" ON "reconcile_run" (started_at) WHERE state <> 'running';
