/** One process of Crossdock: web, worker, or both. Starts it, and ends it without dropping work. */
import os from 'node:os';
import type { ServerBuild } from '@remix-run/node';
import type { JobRegistry } from './jobs/handler';
import type { JobSystem } from './jobs/job-system';
import { observeSystem } from './jobs/observe-system';
import type { ScheduledTask } from './jobs/scheduler';
import type { Config } from './platform/config';
import type { Database } from './platform/database';
import { type Log, captureConsole } from './platform/log';
import type { Metrics } from './platform/metrics';
import { createShutdown, shutDownOnSignals } from './platform/shutdown';
import { startWebServer } from './web';
import type { WebhookReceiver } from './webhooks/inbound/receive-webhook';
import { serveWebhooks } from './webhooks/inbound/serve-webhooks';
import { startJobWorker } from './worker';

export type Role = Config['role'];

/** What the composition root gives a process. */
export type RoleParts<Deps> = {
  readonly config: Pick<Config, 'host' | 'port' | 'production'>;
  readonly db: Database;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly jobs: JobSystem;
  readonly webhooks: WebhookReceiver;
  readonly registry: JobRegistry<Deps>;
  /** Given to every job handler. */
  readonly deps: Deps;
  readonly tasks: readonly ScheduledTask[];
};

export type BuiltFiles = { readonly build: ServerBuild; readonly clientFolder: string };

export type RunningRole = {
  /** Null for a worker. */
  readonly url: string | null;
  stop(reason: string): Promise<void>;
};

/** Together less than what a supervisor grants before it kills (30 s). */
const WEB_END_MS = 10_000;
const JOBS_END_MS = 12_000;
/** Of 0 (as others) to 19 (only when nobody else wants the processor). */
const WORKER_NICENESS = 5;

/** Resolves when the process does its work; it ends on SIGTERM or SIGINT. */
export async function runRole<Deps>(
  role: Role,
  parts: RoleParts<Deps>,
  files: BuiltFiles,
): Promise<RunningRole> {
  const { config, db, jobs, log, metrics } = parts;
  captureConsole(log);
  const shutdown = createShutdown({ log });
  shutDownOnSignals(shutdown, log);
  shutdown.add('database', () => db.close());
  shutdown.add('job queue', () => jobs.close());
  observeSystem(metrics, db);

  // The worker first, and so ended last: requests that are still answered may leave jobs.
  if (role !== 'web') {
    const onEnd = countJobs(metrics);
    const { registry, deps, tasks } = parts;
    const worker = startJobWorker({ db, log, jobs, worker: { registry, deps, onEnd }, tasks });
    shutdown.add('worker', () => worker.close(JOBS_END_MS));
  }
  const stop = (reason: string) => shutdown.run(reason);
  if (role === 'worker') {
    // Where web and worker share a machine, people and stores are answered before work that waits.
    os.setPriority(WORKER_NICENESS);
    log.info({ role }, 'working');
    return { url: null, stop };
  }
  const onAnswer = countAnswers(metrics);
  const webhooks = serveWebhooks(parts.webhooks);
  const web = await startWebServer({ ...files, ...config, webhooks, log, onAnswer });
  shutdown.add('web server', () => web.close(WEB_END_MS));
  log.info({ role, url: web.url }, 'listening');
  return { url: web.url, stop };
}

function countJobs(metrics: Metrics): (kind: string, outcome: string, seconds: number) => void {
  const ended = metrics.counter('crossdock_jobs_ended_total', 'Tries of jobs', ['kind', 'outcome']);
  const took = metrics.duration('crossdock_job_seconds', 'How long a try took', ['kind']);
  return (kind, outcome, seconds) => {
    ended({ kind, outcome });
    took(seconds, { kind });
  };
}

function countAnswers(metrics: Metrics): (method: string, status: number, seconds: number) => void {
  const labels = ['method', 'status'];
  const answered = metrics.counter('crossdock_http_answers_total', 'HTTP answers', labels);
  const took = metrics.duration('crossdock_http_answer_seconds', 'How long an answer took');
  return (method, status, seconds) => {
    answered({ method, status: String(status) });
    took(seconds);
  };
}
