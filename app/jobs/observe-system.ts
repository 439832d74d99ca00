/** Puts what the database knows about the system into the metrics, looked up when they are read. */
import type { Database } from '../platform/database';
import type { Labels, Measure, Metrics } from '../platform/metrics';
import { measureDrift, measureSystem } from '../queries/health/measure-system';

/** Folding the whole ledger is work; nobody needs it more often. */
const DRIFT_EVERY_MS = 60_000;

export function observeSystem(metrics: Metrics, db: Database): void {
  const jobs = gaugeOfMany(metrics.gauge('crossdock_jobs', 'Jobs', ['state', 'kind']));
  const oldestDue = metrics.gauge(
    'crossdock_jobs_oldest_due_seconds',
    'How long the job has been due that waits longest',
  );
  const dirty = gaugeOfMany(
    metrics.gauge('crossdock_publications_dirty', 'Numbers not yet told to a channel', [
      'connection',
    ]),
  );
  const lag = gaugeOfMany(
    metrics.gauge('crossdock_publication_lag_seconds', 'Age of the oldest number not yet told', [
      'connection',
    ]),
  );
  const inbox = metrics.gauge('crossdock_inbox_waiting', 'Messages received and not yet worked on');

  metrics.beforeReading(async () => {
    const measures = await measureSystem(db);
    jobs(measures.jobs.map(({ state, kind, count }) => [count, { state, kind }]));
    oldestDue(measures.oldestDueSeconds);
    dirty(measures.publications.map((one) => [one.dirty, { connection: one.connectionId }]));
    lag(measures.publications.map((one) => [one.lagSeconds, { connection: one.connectionId }]));
    inbox(measures.inboxWaiting);
  });
  observeDrift(metrics, db);
}

function observeDrift(metrics: Metrics, db: Database): void {
  const drift = gaugeOfMany(
    metrics.gauge('crossdock_ledger_drift_cells', 'Levels that differ from their movements', [
      'merchant',
    ]),
  );
  let nextMs = 0;
  metrics.beforeReading(async () => {
    if (Date.now() < nextMs) return;
    nextMs = Date.now() + DRIFT_EVERY_MS;
    const merchants = await measureDrift(db);
    drift(merchants.map(({ merchantId, cells }) => [cells, { merchant: merchantId }]));
  });
}

/** Sets a gauge for many labels at once; those that are not named any more become zero. */
function gaugeOfMany(
  measure: Measure,
): (values: readonly (readonly [value: number, labels: Labels])[]) => void {
  let known = new Map<string, Labels>();
  return (values) => {
    const named = new Map(values.map(([, labels]) => [JSON.stringify(labels), labels]));
    for (const [key, labels] of known) if (!named.has(key)) measure(0, labels);
    for (const [value, labels] of values) measure(value, labels);
    known = named;
  };
}
