-- The database itself refuses to run two jobs of one serial key at the same time. The claiming statement already
-- avoids it; this catches the case it cannot see, an earlier job that commits while a later one is being claimed.
CREATE UNIQUE INDEX "job_serial_running" ON "job" (serial_key) WHERE state = 'running' AND serial_key IS NOT NULL;

-- In the order in which jobs are claimed, so that a long queue is never sorted.
DROP INDEX "job_due";
CREATE INDEX "job_due" ON "job" (priority, run_at, id) WHERE state = 'queued';

-- What retention deletes, and what waits in the inbox without a job.
CREATE INDEX "job_finished" ON "job" (finished_at) WHERE state IN ('done', 'cancelled');
CREATE INDEX "inbox_event_received" ON "inbox_event" (received_at) WHERE state = 'received';
CREATE INDEX "inbox_event_waiting" ON "inbox_event" (connection_id, received_at) WHERE state = 'received';
