-- The database itself refuses to run two jobs of one serial key at the same time. The claiming statement already
-- avoids it; this catches the case it cannot see, an earlier job that commits while a later one is being claimed.
CREATE UNIQUE INDEX "job_serial_running" ON "job" (serial_key) WHERE state = 'running' AND serial_key IS NOT NULL;

-- In the order in which jobs are claimed, so that a long queue is never sorted.
DROP INDEX "job_due";
CREATE INDEX "job_due" ON "job" (priority, run_at, id) WHERE state = 'queued';

-- What retention deletes, and what an operator looks at.
CREATE INDEX "job_finished" ON "job" (finished_at) WHERE state IN ('done', 'cancelled');
CREATE INDEX "job_failed" ON "job" (serial_key, finished_at) WHERE state = 'failed';

-- What an inbox event is about, in one text: its reference, or its kind where it has none.
CREATE FUNCTION inbox_subject(concerns jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT (concerns->>'kind') || ':'
    || COALESCE(concerns->>'orderRef', concerns->>'stockRef', concerns->>'listingRef', '')
    || COALESCE(' at ' || NULLIF(concerns->>'locationRef', ''), '')
$$;
CREATE INDEX "inbox_event_open" ON "inbox_event" (connection_id, inbox_subject(concerns)) WHERE state IN ('received', 'failed');
CREATE INDEX "inbox_event_received" ON "inbox_event" (received_at) WHERE state = 'received';
CREATE INDEX "inbox_event_settled" ON "inbox_event" (processed_at) WHERE state IN ('processed', 'ignored');
