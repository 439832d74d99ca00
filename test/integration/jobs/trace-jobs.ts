/** Jobs that leave a trace in the database: who ran what, from when to when. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineJob, registerJobs } from '../../../app/jobs/handler';
import type { Database } from '../../../app/platform/database';

export type TraceDeps = { readonly db: Database };

export type TraceRow = {
  readonly jobId: number;
  readonly attempt: number;
  readonly serialKey: string | null;
  readonly pid: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
};

export const TRACE_TABLE = `CREATE TABLE job_trace (
  job_id bigint, attempt int, serial_key text, pid int,
  started_at double precision, ended_at double precision)`;
const CLOCK = 'extract(epoch FROM clock_timestamp())::double precision * 1000';

const trace = defineJob<TraceDeps, { holdMs: number; hangUntilAttempt: number }>({
  kind: 'trace',
  schema: z.object({
    holdMs: z.number().default(0),
    /** Tries before this one never end by themselves. */
    hangUntilAttempt: z.number().default(0),
  }),
  async run({ deps: { db }, signal }, { holdMs, hangUntilAttempt }, { id, attempts, serialKey }) {
    await db.query(
      `INSERT INTO job_trace (job_id, attempt, serial_key, pid, started_at)
       VALUES ($1, $2, $3, $4, ${CLOCK})`,
      [id, attempts, serialKey, process.pid],
    );
    if (attempts < hangUntilAttempt) await sleep(3_600_000, null, { signal });
    if (holdMs > 0) await sleep(holdMs);
    await db.query(`UPDATE job_trace SET ended_at = ${CLOCK} WHERE job_id = $1 AND attempt = $2`, [
      id,
      attempts,
    ]);
    return { status: 'done' };
  },
});

const stubborn = defineJob<TraceDeps, { readonly succeedOnAttempt: number }>({
  kind: 'stubborn',
  schema: z.object({ succeedOnAttempt: z.number() }),
  run({ deps: _ }, { succeedOnAttempt }, { attempts }) {
    if (attempts < succeedOnAttempt) {
      return Promise.reject(new Error('Told by buyer@example.com with token=abcdef123456.'));
    }
    return Promise.resolve({ status: 'done', detail: `after ${String(attempts)} tries` });
  },
});

const limited = defineJob<TraceDeps, { readonly tries: number }>({
  kind: 'limited',
  schema: z.object({ tries: z.number() }),
  run(_context, { tries }, { attempts }) {
    return Promise.resolve(
      attempts <= tries
        ? { status: 'retry', at: new Date(), reason: 'The channel asked us to wait.' }
        : { status: 'done' },
    );
  },
});

export const traceJobs = registerJobs<TraceDeps>([trace, stubborn, limited]);

export async function readTrace(db: Database): Promise<readonly TraceRow[]> {
  const { rows } = await db.query<TraceRow>(
    `SELECT job_id AS "jobId", attempt, serial_key AS "serialKey", pid,
       started_at AS "startedAt", ended_at AS "endedAt"
     FROM job_trace ORDER BY started_at`,
  );
  return rows;
}
