/** A worker in a process of its own: `node --import tsx worker-process.ts <settings as JSON>`. */
import { createJobSystem } from '../../../app/jobs/job-system';
import { startScheduler } from '../../../app/jobs/scheduler';
import { createDatabase } from '../../../app/platform/database';
import { silentLog } from '../../../app/platform/log';
import { traceJobs } from './trace-jobs';

export type WorkerProcessSettings = {
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly leaseMs: number;
  readonly slots: number;
  readonly stopMs: number;
};

const settings = JSON.parse(process.argv[2] ?? '') as WorkerProcessSettings;
const log = silentLog;
const db = createDatabase(settings.databaseUrl, { max: 10 });
const jobs = createJobSystem({ db, log, redisUrl: settings.redisUrl });
const { leaseMs, slots } = settings;
const worker = jobs.startWorker({ registry: traceJobs, deps: { db }, leaseMs, slots, pollMs: 200 });
const scheduler = startScheduler({ db, log, queue: jobs.queue, tasks: [], upkeepMs: 200 });

process.on('SIGTERM', () => {
  void (async () => {
    await scheduler.stop();
    await worker.stop(settings.stopMs);
    await jobs.close();
    await db.close();
    process.exit(0);
  })();
});
process.stdout.write('ready\n');
