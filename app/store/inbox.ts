/** Verified messages from outside: stored before they are answered, worked on afterwards. */
import type { ChannelSignal } from '../contracts/channel';
import { newId } from '../platform/ids';
import type { Queryable } from '../platform/database';
import {
  type EnqueuedJob,
  JOB_ATTEMPTS_MAX_DEFAULT,
  JOB_PRIORITY_DEFAULT,
  type NewJob,
  NOW_MS,
  enqueueJob,
  enqueueJobs,
} from './jobs';

export type Concerns = ChannelSignal['concerns'];
/** What there is to look at; a signal about nothing causes no work. */
export type WorkConcerns = Exclude<Concerns, { readonly kind: 'nothing' }>;

export type InboxMessage = {
  readonly signal: ChannelSignal;
  /** As it was signed; not all of it is kept. */
  readonly body: string;
};

export type NewInboxEvent = InboxMessage & {
  readonly merchantId: string;
  readonly connectionId: string;
};

export type StoredInboxEvent = {
  readonly stored: boolean;
  /** The same message had been stored before; nothing was done. */
  readonly duplicate: boolean;
  /** To be announced; null when there is nothing to do. */
  readonly job: EnqueuedJob | null;
};

export type InboxState = 'received' | 'processed' | 'ignored' | 'failed';

export type ReceivedEvent = {
  readonly id: string;
  readonly topic: string;
  readonly eventRef: string | null;
  readonly concerns: WorkConcerns;
  readonly receivedAt: Date;
};

/** A connection hears of many events a second; its row is touched this seldom. */
const LAST_EVENT_EVERY = "interval '10 seconds'";

/**
 * A sale changes a store's number and makes an order, and both are announced at once. The order
 * goes first, and the move of its work to where we ship from: then the number is one we know, and
 * not a riddle. Many messages about one number also become one look.
 */
const STOCK_WAITS_MS = 800;
/** Work is known by its order, which is told of at the same time and goes first. */
const WORK_WAITS_MS = 300;
/** When there is more work than workers, echoes of our own numbers and moves are what can wait. */
const ECHO_PRIORITY = 150;

// The job statement follows the one in jobs.ts; here it depends on the event being new. Both and
// the answer to the sender hang on one commit. An erasure of the shop, which locks the connection,
// is waited for: nothing is stored behind its back. News of the account is kept as what it asks,
// and of an order whose buyer was erased no text is kept. Rows are written in the order of their
// keys, so that two lists cannot wait for each other; jobs have their ids in the order of the list.
const STORE = `
WITH open AS (
  SELECT id, status <> 'disconnected' AS connected FROM connection WHERE id = $2::uuid
  FOR KEY SHARE
), given AS MATERIALIZED (
  SELECT nextval((SELECT pg_get_serial_sequence('job', 'id')::regclass)) AS next_job,
    (open.connected OR g.account) AS is_open, g.*
  FROM open CROSS JOIN unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::jsonb[],
      $8::text[], $9::text[], $10::text[], $11::jsonb[], $12::text[], $13::text[], $14::int[],
      $15::int[], $16::boolean[])
    WITH ORDINALITY AS g(id, topic, dedupe_key, event_ref, concerns, body, state, detail, payload,
      serial_key, job_key, wait_ms, priority, account, place)
), event AS (
  INSERT INTO inbox_event (id, merchant_id, connection_id, topic, dedupe_key, event_ref, concerns,
    body, received_at, state, detail, processed_at)
  SELECT g.id, $1::uuid, $2::uuid, g.topic, g.dedupe_key, g.event_ref, g.concerns,
    CASE WHEN g.account THEN COALESCE(privacy_ask($2::uuid, g.body), '')
      WHEN EXISTS (SELECT 1 FROM customer_order o WHERE o.connection_id = $2::uuid
        AND o.external_ref = g.concerns ->> 'orderRef' AND o.redacted_at IS NOT NULL) THEN ''
      ELSE g.body END,
    now(), g.state, g.detail, CASE WHEN g.state = 'received' THEN NULL ELSE now() END
  FROM given g WHERE g.is_open ORDER BY g.dedupe_key, g.place
  ON CONFLICT (connection_id, dedupe_key) DO NOTHING
  RETURNING id
), woken AS (
  INSERT INTO job (id, kind, merchant_id, connection_id, payload, serial_key, dedupe_key, run_at,
    priority, max_attempts, cause_kind, cause_id)
  SELECT DISTINCT ON (g.job_key) g.next_job, 'look-again', $1::uuid, $2::uuid, g.payload,
    g.serial_key, g.job_key, ${NOW_MS} + g.wait_ms * interval '1 millisecond', g.priority,
    ${JOB_ATTEMPTS_MAX_DEFAULT}, 'inbox_event', g.id::text
  FROM given g JOIN event USING (id) WHERE g.state = 'received'
  ORDER BY g.job_key, g.place
  ON CONFLICT (dedupe_key) WHERE state = 'queued' AND dedupe_key IS NOT NULL
  DO UPDATE SET run_at = LEAST(job.run_at, excluded.run_at)
  RETURNING id, dedupe_key, (xmax = 0) AS added, attempts, run_at
), seen AS (
  UPDATE connection SET last_event_at = now()
  WHERE id = $2::uuid AND EXISTS (SELECT 1 FROM event)
    AND (last_event_at IS NULL OR last_event_at < now() - ${LAST_EVENT_EVERY})
)
SELECT g.id AS "eventId", event.id IS NOT NULL AS stored, g.is_open AS open, woken.id,
  woken.added, woken.attempts, woken.run_at AS "runAt"
FROM given g LEFT JOIN event ON event.id = g.id
LEFT JOIN woken ON event.id IS NOT NULL AND woken.dedupe_key = g.job_key`;

type StoreRow = {
  readonly eventId: string;
  readonly stored: boolean;
  readonly open: boolean;
} & (
  | {
      readonly id: number;
      readonly added: boolean;
      readonly attempts: number;
      readonly runAt: Date;
    }
  | { readonly id: null }
);

/**
 * Stores a verified message and the job that will look again, in one statement. A message whose
 * dedupe key is known changes nothing; one that concerns nothing is kept as ignored, with the why.
 * Nothing is stored of a disconnected connection but news about the account itself: what privacy
 * law asks for comes after the app was removed.
 */
export async function storeInboxEvent(
  q: Queryable,
  { merchantId, connectionId, ...message }: NewInboxEvent,
): Promise<StoredInboxEvent> {
  const [stored] = await storeInboxEvents(q, merchantId, connectionId, [message]);
  if (stored === undefined) throw new Error('Storing an event answered nothing.');
  return stored;
}

/** The same for messages of one connection that came together; one answer each, in order. */
export async function storeInboxEvents(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  messages: readonly InboxMessage[],
): Promise<readonly StoredInboxEvent[]> {
  const events = messages.map((message) => eventOf(merchantId, connectionId, message));
  const { rows } = await q.query<StoreRow>(
    STORE,
    [
      merchantId,
      connectionId,
      events.map(({ id }) => id),
      events.map(({ signal }) => signal.topic),
      events.map(({ signal }) => signal.dedupeKey),
      events.map(({ signal }) => signal.eventRef),
      events.map(({ signal }) => JSON.stringify(signal.concerns)),
      events.map(({ signal, body }) => keptBody(signal.concerns, body)),
      events.map(({ job }) => (job === null ? 'ignored' : 'received')),
      events.map(({ signal }) => (signal.concerns.kind === 'nothing' ? signal.concerns.why : null)),
      events.map(({ job }) => JSON.stringify(job?.payload ?? null)),
      events.map(({ job }) => job?.serialKey ?? null),
      events.map(({ job }) => job?.dedupeKey ?? null),
      events.map(({ signal }) => waitOf(signal.concerns)),
      events.map(({ signal }) => priorityOf(signal.concerns)),
      events.map(({ signal }) => signal.concerns.kind === 'account'),
    ],
    { name: 'inbox_store' },
  );
  const byEvent = new Map(rows.map((row) => [row.eventId, row]));
  return events.map(({ id }) => {
    const row = byEvent.get(id);
    // A connection that is gone has no rows at all.
    if (row === undefined) return { stored: false, duplicate: false, job: null };
    const { stored, open } = row;
    if (row.id === null) return { stored, duplicate: open && !stored, job: null };
    const { id: jobId, added, attempts, runAt } = row;
    return { stored, duplicate: false, job: { id: jobId, added, attempts, connectionId, runAt } };
  });
}

function eventOf(merchantId: string, connectionId: string, message: InboxMessage) {
  const { concerns } = message.signal;
  const job = concerns.kind === 'nothing' ? null : lookAgainJob(merchantId, connectionId, concerns);
  return { ...message, id: newId(), job };
}

function waitOf({ kind }: Concerns): number {
  if (kind === 'stock' || kind === 'listing') return STOCK_WAITS_MS;
  return kind === 'work' ? WORK_WAITS_MS : 0;
}

function priorityOf(concerns: Concerns): number {
  return waitOf(concerns) > 0 ? ECHO_PRIORITY : JOB_PRIORITY_DEFAULT;
}

/** Nothing reads the text of these two kinds, and the first may carry an address. */
function keptBody(concerns: Concerns, body: string): string {
  if (concerns.kind === 'work' || concerns.kind === 'nothing') return '';
  // PostgreSQL's text cannot hold a NUL; JSON never contains one unescaped.
  return body.replaceAll('\u0000', '');
}

/** The job that re-reads what a signal is about. One waits per thing; they run one at a time. */
export function lookAgainJob(
  merchantId: string,
  connectionId: string,
  concerns: WorkConcerns,
): NewJob {
  const serialKey = serialKeyOf(connectionId, concerns);
  // Changes of an account differ in what has to be done, so one does not stand for another.
  const dedupe = concerns.kind === 'account' ? `${serialKey}:${concerns.change}` : serialKey;
  return {
    kind: 'look-again',
    merchantId,
    connectionId,
    payload: { connectionId, concerns },
    serialKey,
    dedupeKey: `look-again:${dedupe}`,
  };
}

function atLocation(locationRef: string): string {
  return locationRef === '' ? '' : ` at ${locationRef}`;
}

/** What two jobs must not touch at the same time. */
export function serialKeyOf(connectionId: string, concerns: WorkConcerns): string {
  switch (concerns.kind) {
    case 'order':
      return `order:${connectionId}:${concerns.orderRef}`;
    case 'work':
      return `work:${connectionId}:${concerns.workRef}${atLocation(concerns.locationRef)}`;
    case 'stock':
      return `stock:${connectionId}:${concerns.stockRef}${atLocation(concerns.locationRef)}`;
    case 'listing':
      return `listing:${connectionId}:${concerns.listingRef}`;
    case 'product':
      return `product:${connectionId}:${concerns.productRef}`;
    case 'account':
      return `account:${connectionId}`;
  }
}

/**
 * Events about this thing that are not done with, oldest first. Failed ones are among them: who
 * looks again successfully has answered for them, too.
 */
export async function receivedEventsFor(
  q: Queryable,
  connectionId: string,
  concerns: WorkConcerns,
): Promise<readonly ReceivedEvent[]> {
  const { rows } = await q.query<ReceivedEvent>(
    `SELECT id, topic, event_ref AS "eventRef", concerns, received_at AS "receivedAt"
     FROM inbox_event
     WHERE connection_id = $1 AND inbox_subject(concerns) = inbox_subject($2::jsonb)
       AND state IN ('received', 'failed')
     ORDER BY received_at, id`,
    [connectionId, JSON.stringify(concerns)],
    { name: 'inbox_received_for' },
  );
  return rows;
}

/** Notes what became of events, and through which job. */
export async function markEvents(
  q: Queryable,
  ids: readonly string[],
  state: InboxState,
  detail: string | null,
  jobId: number | null,
): Promise<void> {
  if (ids.length === 0) return;
  await q.query(
    `UPDATE inbox_event SET state = $2, detail = $3, job_id = COALESCE($4, job_id),
       processed_at = CASE WHEN $2 = 'received' THEN NULL ELSE now() END
     WHERE id = ANY ($1::uuid[])`,
    [ids, state, detail, jobId],
    { name: 'inbox_mark' },
  );
}

/**
 * Looks again at what an event is about, whatever became of it before. Null when the merchant has
 * no such event, or it concerns nothing. Announce the job after the commit.
 */
export async function replayInboxEvent(
  q: Queryable,
  merchantId: string,
  id: string,
): Promise<EnqueuedJob | null> {
  const event = await q.maybeOne<{ readonly connectionId: string; readonly concerns: Concerns }>(
    `UPDATE inbox_event SET state = 'received', detail = NULL, processed_at = NULL, job_id = NULL
     WHERE id = $1 AND merchant_id = $2 AND concerns->>'kind' <> 'nothing'
     RETURNING connection_id AS "connectionId", concerns`,
    [id, merchantId],
  );
  if (event === null || event.concerns.kind === 'nothing') return null;
  const job = lookAgainJob(merchantId, event.connectionId, event.concerns);
  return enqueueJob(q, { ...job, causeKind: 'inbox_event', causeId: id });
}

type StaleEvent = {
  readonly id: string;
  readonly merchantId: string;
  readonly connectionId: string;
  readonly concerns: WorkConcerns;
};

/**
 * Takes care of events that have waited for `sinceMs` without a job: fails those whose job failed
 * since, and enqueues the rest anew. Answers the jobs to announce.
 */
export async function reviveStaleEvents(
  q: Queryable,
  sinceMs: number,
  limit: number,
): Promise<readonly EnqueuedJob[]> {
  const { rows } = await q.query<StaleEvent & { readonly failedJobId: number | null }>(
    `SELECT e.id, e.merchant_id AS "merchantId", e.connection_id AS "connectionId", e.concerns,
       (SELECT max(j.id) FROM job j WHERE j.state = 'failed' AND j.serial_key = k.serial_key
         AND j.finished_at >= e.received_at) AS "failedJobId"
     FROM inbox_event e CROSS JOIN LATERAL (
       SELECT (e.concerns->>'kind') || ':' || e.connection_id || CASE
         WHEN e.concerns->>'kind' = 'account' THEN ''
         ELSE substr(inbox_subject(e.concerns), length(e.concerns->>'kind') + 1) END
         AS serial_key) k
     WHERE e.state = 'received' AND e.received_at < now() - $1 * interval '1 millisecond'
       AND NOT EXISTS (SELECT 1 FROM job j WHERE j.serial_key = k.serial_key
         AND j.state IN ('queued', 'running'))
     ORDER BY e.received_at LIMIT $2`,
    [sinceMs, limit],
  );
  const failed = new Map<number, string[]>();
  for (const { id, failedJobId } of rows) {
    if (failedJobId !== null) failed.set(failedJobId, [...(failed.get(failedJobId) ?? []), id]);
  }
  for (const [jobId, ids] of failed) {
    await markEvents(q, ids, 'failed', `Job ${String(jobId)} failed.`, jobId);
  }
  const waiting = rows.filter(({ failedJobId }) => failedJobId === null);
  return enqueueJobs(
    q,
    waiting.map((event) => ({
      ...lookAgainJob(event.merchantId, event.connectionId, event.concerns),
      causeKind: 'inbox_event',
      causeId: event.id,
    })),
  );
}
