/** The worker process: runs jobs, and what happens by the clock. */
import type { JobSystem, JobWorkerSettings } from './jobs/job-system';
import { type ScheduledTask, startScheduler } from './jobs/scheduler';
import type { Database } from './platform/database';
import type { Log } from './platform/log';

export type WorkerSettings<Deps> = {
  readonly db: Database;
  readonly log: Log;
  readonly jobs: JobSystem;
  readonly worker: JobWorkerSettings<Deps>;
  readonly tasks: readonly ScheduledTask[];
};

export type RunningWorker = {
  /** Starts nothing more, waits for running jobs until the deadline, gives back the rest. */
  close(deadlineMs: number): Promise<void>;
};

export function startJobWorker<Deps>(settings: WorkerSettings<Deps>): RunningWorker {
  const { db, log, jobs, tasks } = settings;
  const worker = jobs.startWorker(settings.worker);
  const scheduler = startScheduler({ db, log, queue: jobs.queue, tasks });
  return {
    async close(deadlineMs) {
      await scheduler.stop();
      await worker.stop(deadlineMs);
    },
  };
}
