import type { Prisma } from '#app/platform/prisma';
import { type Page, type PageInput, keyset, toPage } from '../paging';
import { type WorkSubject, nameSubjects } from './name-subjects';
import { type SafeValue, safeValues } from './safe-values';

export const JOB_VIEWS = ['failed', 'waiting', 'running', 'done'] as const;
export type JobView = (typeof JOB_VIEWS)[number];

export type JobRow = {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly channelName: string | null;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly runAt: Date;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly lastError: string | null;
  readonly causeKind: string | null;
  readonly causeId: string | null;
  /** What it is about: references and numbers only. */
  readonly payload: readonly SafeValue[];
  /** The same as an order or item, where we know it. */
  readonly about: WorkSubject | null;
};

const STATE_OF: Readonly<Record<JobView, string>> = {
  failed: 'failed',
  waiting: 'queued',
  running: 'running',
  done: 'done',
};

type Row = Omit<JobRow, 'payload' | 'about'> & {
  readonly payload: unknown;
  readonly connectionId: string | null;
};

/** One page of a merchant's jobs in one state, newest first. */
export async function listJobs(
  prisma: Prisma,
  merchantId: string,
  input: PageInput & { readonly view: JobView },
): Promise<Page<JobRow>> {
  const keys = keyset(input, { column: 'j.id', id: 'j.id', type: 'bigint', descending: true });
  const rows = await prisma.$queryRaw<Row[]>`
    SELECT j.id::text, j.kind, j.state, c.name AS "channelName", j.attempts,
      j.max_attempts AS "maxAttempts", j.run_at AS "runAt", j.created_at AS "createdAt",
      j.started_at AS "startedAt", j.finished_at AS "finishedAt",
      left(j.last_error, 2000) AS "lastError", j.cause_kind AS "causeKind",
      j.cause_id AS "causeId", j.payload, j.connection_id AS "connectionId"
    FROM (
      SELECT j.* FROM job j
      WHERE j.merchant_id = ${merchantId}::uuid AND j.state = ${STATE_OF[input.view]}
        ${keys.condition}
      ORDER BY ${keys.order} LIMIT ${keys.limit}) j
    LEFT JOIN connection c ON c.id = j.connection_id
    ORDER BY ${keys.order}`;
  const page = toPage(rows, keys, ({ id }) => ({ value: id, id }));
  const payloads = page.rows.map((row) => safeValues(row.payload));
  const about = await nameSubjects(
    prisma,
    merchantId,
    page.rows.map(({ connectionId }, index) => ({
      connectionId,
      references: payloads[index] ?? [],
    })),
  );
  return {
    ...page,
    rows: page.rows.map(({ connectionId: _, ...row }, index) => ({
      ...row,
      payload: payloads[index] ?? [],
      about: about[index] ?? null,
    })),
  };
}
