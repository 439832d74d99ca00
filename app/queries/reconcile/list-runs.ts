import type { Prisma } from '#app/platform/prisma';
import { type Page, type PageInput, keyset, toPage } from '../paging';

export type RunRow = {
  readonly id: string;
  readonly connectionId: string;
  readonly channelName: string;
  /** schedule | hand */
  readonly trigger: string;
  /** running | done | failed | cancelled */
  readonly state: string;
  readonly total: number;
  readonly checked: number;
  readonly differing: number;
  readonly repaired: number;
  /** Differences that wait for a person. */
  readonly waiting: number;
  readonly detail: string | null;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
};

/** A channel that can be compared, and how it stands. */
export type ReconcileChannel = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** publish | accept | ask */
  readonly repairRule: string;
  /** Connected, and its numbers are live. */
  readonly comparable: boolean;
  readonly lastCheckedAt: Date | null;
  readonly running: {
    readonly id: string;
    readonly checked: number;
    readonly total: number;
  } | null;
  readonly waiting: number;
};

const RUNS_PER_PAGE = 25;

/** One page of a merchant's runs, newest first. Runs by the clock that found nothing are many. */
export async function listRuns(
  prisma: Prisma,
  merchantId: string,
  page: PageInput,
): Promise<Page<RunRow>> {
  const keys = keyset(page, {
    column: 'r.started_at',
    id: 'r.id',
    type: 'timestamptz',
    descending: true,
    size: RUNS_PER_PAGE,
  });
  const rows = await prisma.$queryRaw<RunRow[]>`
    SELECT r.id, r.connection_id AS "connectionId", c.name AS "channelName", r.trigger, r.state,
      r.total, r.checked, r.differing, r.repaired, r.detail, r.started_at AS "startedAt",
      r.finished_at AS "finishedAt",
      (SELECT count(*)::int FROM reconcile_finding f
        WHERE f.run_id = r.id AND f.repair = 'waiting') AS waiting
    FROM (SELECT r.* FROM reconcile_run r WHERE r.merchant_id = ${merchantId}::uuid
        ${keys.condition}
      ORDER BY ${keys.order} LIMIT ${keys.limit}) r
    JOIN connection c ON c.id = r.connection_id
    ORDER BY ${keys.order}`;
  return toPage(rows, keys, (row) => ({ value: row.startedAt.toISOString(), id: row.id }));
}

/** The merchant's channels that are not disconnected, each with its rule and its last check. */
export async function listReconcileChannels(
  prisma: Prisma,
  merchantId: string,
): Promise<ReconcileChannel[]> {
  return prisma.$queryRaw<ReconcileChannel[]>`
    SELECT c.id, c.name, c.kind, c.repair_rule AS "repairRule",
      c.status = 'connected' AND c.publishing AND c.imported_at IS NOT NULL AS comparable, last.at AS "lastCheckedAt",
      (SELECT json_build_object('id', r.id, 'checked', r.checked, 'total', r.total)
        FROM reconcile_run r WHERE r.connection_id = c.id AND r.state = 'running') AS running,
      (SELECT count(*)::int FROM reconcile_finding f JOIN reconcile_run r ON r.id = f.run_id
        WHERE f.merchant_id = ${merchantId}::uuid AND f.repair = 'waiting'
          AND r.connection_id = c.id) AS waiting
    FROM connection c
    LEFT JOIN LATERAL (SELECT r.finished_at AS at FROM reconcile_run r
      WHERE r.connection_id = c.id AND r.state = 'done' ORDER BY r.started_at DESC LIMIT 1) last
      ON true
    WHERE c.merchant_id = ${merchantId}::uuid AND c.status <> 'disconnected'
    ORDER BY c.created_at, c.id`;
}
