/** What is looked at during a soak, in numbers: processes, database, queue, tables. */
import type { ChildProcess } from 'node:child_process';
import type { Database } from '../../app/platform/database';
import type { Fleet } from '../simulation/storm-fleet';
import type { Sample } from './trend';

export type Unit = 'MB' | 'ms' | 's' | 'count' | 'rows';

export type Series = {
  readonly name: string;
  readonly unit: Unit;
  readonly samples: readonly Sample[];
};

export type Recorder = {
  /** Looks at everything once; answers a line for people. */
  sample(): Promise<string>;
  series(): readonly Series[];
};

const ANSWER_MS_MAX = 30_000;
const MB = 1_048_576;

export function createRecorder(fleet: Fleet): Recorder {
  const series = new Map<string, { unit: Unit; samples: Sample[] }>();
  const note = (name: string, unit: Unit, value: number, atMs: number) => {
    const known = series.get(name) ?? { unit, samples: [] };
    known.samples.push({ atMs, value });
    series.set(name, known);
  };

  return {
    async sample() {
      const atMs = Date.now();
      for (const name of ['web', 'worker-1'] as const) {
        const child = fleet.running(name);
        if (child === null) throw new Error(`${name} is not running; see ${fleet.logFile}.`);
        const measured = await measure(child);
        note(`${name} heap`, 'MB', measured.heapUsed / MB, atMs);
        note(`${name} outside the heap`, 'MB', measured.external / MB, atMs);
        note(`${name} resident`, 'MB', measured.rss / MB, atMs);
        note(`${name} loop delay p99`, 'ms', measured.delayP99Ms, atMs);
        note(`${name} loop delay max`, 'ms', measured.delayMaxMs, atMs);
      }
      const system = await lookAtSystem(fleet.db);
      note('database connections', 'count', system.connections, atMs);
      note('queue age', 's', system.queueAge, atMs);
      note('jobs waiting', 'count', system.jobsWaiting, atMs);
      note('inbox backlog', 'count', system.inboxWaiting, atMs);
      note('dead rows', 'rows', system.deadRows, atMs);
      note('database size', 'MB', system.bytes / MB, atMs);
      for (const { table, rows } of await countRows(fleet.db)) {
        note(`rows of ${table}`, 'rows', rows, atMs);
      }
      return lineOf(series);
    },
    series: () => [...series].map(([name, one]) => ({ name, ...one })),
  };
}

type Measured = {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
};

function measure(child: ChildProcess): Promise<Measured> {
  return ask(child, 'measure') as Promise<Measured>;
}

/** Sends a word to the program preloaded into the process, and answers what it says. */
export function ask(child: ChildProcess, word: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer to ${word}.`)), ANSWER_MS_MAX);
    child.once('message', (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    child.send(word);
  });
}

function lookAtSystem(db: Database) {
  return db.one<{
    connections: number;
    queueAge: number;
    jobsWaiting: number;
    inboxWaiting: number;
    deadRows: number;
    bytes: number;
  }>(
    `SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
         AND application_name <> 'crossdock-storm' AND backend_type = 'client backend')
         AS connections,
       COALESCE((SELECT extract(epoch FROM now() - min(run_at))::float8 FROM job
         WHERE state = 'queued' AND run_at <= now()), 0) AS "queueAge",
       (SELECT count(*) FROM job WHERE state = 'queued' AND run_at <= now()) AS "jobsWaiting",
       (SELECT count(*) FROM inbox_event WHERE state = 'received') AS "inboxWaiting",
       (SELECT COALESCE(sum(n_dead_tup), 0)::int8 FROM pg_stat_user_tables) AS "deadRows",
       pg_database_size(current_database()) AS bytes`,
  );
}

/** Of every table there is. */
async function countRows(
  db: Database,
): Promise<readonly { readonly table: string; readonly rows: number }[]> {
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT relname AS name FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY 1`,
  );
  const union = tables
    .map(({ name }) => `SELECT '${name}' AS "table", count(*) AS rows FROM "${name}"`)
    .join(' UNION ALL ');
  return (await db.query<{ table: string; rows: number }>(union)).rows;
}

function lineOf(series: ReadonlyMap<string, { readonly samples: readonly Sample[] }>): string {
  const now = (name: string): number => series.get(name)?.samples.at(-1)?.value ?? 0;
  const mb = (name: string): string => `${now(name).toFixed(1)} MB`;
  return [
    `heap ${mb('web heap')} and ${mb('worker-1 heap')}`,
    `connections ${String(now('database connections'))}`,
    `queue age ${now('queue age').toFixed(1)} s`,
    `inbox ${String(now('inbox backlog'))}`,
    `jobs ${String(now('rows of job'))} rows`,
    `orders ${String(now('rows of customer_order'))}`,
  ].join(', ');
}
