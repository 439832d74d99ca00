/** Runs that compare a channel's numbers with the ledger, and what they found. */
import type { Explanation } from '../domain/stock/explain-difference';
import type { Queryable } from '../platform/database';
import { newId } from '../platform/ids';
import { insertRows } from './rows';

export type RepairRule = 'publish' | 'accept' | 'ask';

/**
 * What became of a difference. `checking`: it is judged once the channel's orders were read.
 * `sending`, `taking`: a person chose ours or theirs, and it is under way.
 */
export type Repair =
  'checking' | 'sending' | 'taking' | 'published' | 'adjusted' | 'left' | 'waiting' | 'resolved';

export type ReconcileRun = {
  readonly id: string;
  readonly merchantId: string;
  readonly connectionId: string;
  readonly trigger: 'schedule' | 'hand';
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly checked: number;
  readonly cursor: string | null;
};

export type Finding = {
  readonly id: string;
  readonly runId: string;
  readonly listingId: string;
  readonly locationRef: string;
  readonly channelQuantity: number | null;
  readonly wantedQuantity: number;
  readonly explanation: Explanation;
  readonly repair: Repair;
  readonly at: Date;
};

/** Runs and their findings are kept this long. */
export const RECONCILE_RETENTION_DAYS = 30;
/** The note of a finding that a person decided to leave. */
export const LEFT_BY_A_PERSON = 'A person left it as it is.';
/** Deleted at once; the next run goes on. */
const RUNS_DELETED_MAX = 500;

const RUN = `id, merchant_id AS "merchantId", connection_id AS "connectionId", trigger, state,
  checked, cursor`;

const FINDING = `id, run_id AS "runId", listing_id AS "listingId", location_ref AS "locationRef",
  channel_quantity AS "channelQuantity", wanted_quantity AS "wantedQuantity", explanation, repair,
  at`;

/**
 * The connection's run that is under way, or a new one. One runs at a time, so whoever comes
 * second joins: `started` is false then.
 */
export async function openRun(
  q: Queryable,
  run: {
    readonly merchantId: string;
    readonly connectionId: string;
    readonly trigger: ReconcileRun['trigger'];
    readonly startedBy: string;
    readonly now: Date;
  },
): Promise<ReconcileRun & { readonly started: boolean }> {
  const row = await q.maybeOne<ReconcileRun>(
    `INSERT INTO reconcile_run (id, merchant_id, connection_id, trigger, started_by, started_at, total)
     SELECT $1, $2, $3, $4, $5, $6, (SELECT count(*) FROM listing
       WHERE connection_id = $3 AND item_id IS NOT NULL AND tracked)
     ON CONFLICT (connection_id) WHERE state = 'running' DO NOTHING RETURNING ${RUN}`,
    [newId(), run.merchantId, run.connectionId, run.trigger, run.startedBy, run.now],
  );
  if (row !== null) return { ...row, started: true };
  const running = await runningRun(q, run.connectionId);
  // It ended in this very moment: try again.
  return running === null ? openRun(q, run) : { ...running, started: false };
}

export async function runningRun(q: Queryable, connectionId: string): Promise<ReconcileRun | null> {
  return q.maybeOne<ReconcileRun>(
    `SELECT ${RUN} FROM reconcile_run WHERE connection_id = $1 AND state = 'running'`,
    [connectionId],
  );
}

/** The merchant's run, whatever its state, or null. */
export async function findRun(
  q: Queryable,
  merchantId: string,
  runId: string,
): Promise<ReconcileRun | null> {
  return q.maybeOne<ReconcileRun>(
    `SELECT ${RUN} FROM reconcile_run WHERE id = $2 AND merchant_id = $1`,
    [merchantId, runId],
  );
}

/**
 * Moves a run on. False when it was cancelled, or another worker has moved it since: stop then,
 * and roll back what belongs to this step.
 */
export async function advanceRun(
  q: Queryable,
  run: Pick<ReconcileRun, 'id' | 'cursor'>,
  step: { readonly cursor: string | null; readonly checked: number; readonly differing: number },
): Promise<boolean> {
  const { rowCount } = await q.query(
    `UPDATE reconcile_run SET cursor = $3, checked = checked + $4, differing = differing + $5
      WHERE id = $1 AND state = 'running' AND cursor IS NOT DISTINCT FROM $2`,
    [run.id, run.cursor, step.cursor, step.checked, step.differing],
  );
  return rowCount === 1;
}

/** Corrects a run's figures: differences that were none after all, and those put right. */
export async function countRun(
  q: Queryable,
  runId: string,
  by: { readonly differing: number; readonly repaired: number },
): Promise<void> {
  await q.query(
    `UPDATE reconcile_run SET differing = differing + $2, repaired = repaired + $3 WHERE id = $1`,
    [runId, by.differing, by.repaired],
  );
}

/** Ends a run that is under way; false when it was over already. */
export async function endRun(
  q: Queryable,
  runId: string,
  state: 'done' | 'failed' | 'cancelled',
  detail: string | null,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await q.query(
    `UPDATE reconcile_run SET state = $2, detail = $3, finished_at = $4, cursor = NULL
      WHERE id = $1 AND state = 'running'`,
    [runId, state, detail, now],
  );
  return rowCount === 1;
}

export type NewFinding = Pick<
  Finding,
  'listingId' | 'locationRef' | 'channelQuantity' | 'wantedQuantity' | 'explanation'
>;

/** Differences as first seen; they are judged later. */
export async function insertFindings(
  q: Queryable,
  run: Pick<ReconcileRun, 'id' | 'merchantId'>,
  findings: readonly NewFinding[],
  now: Date,
): Promise<void> {
  await insertRows(
    q,
    'reconcile_finding',
    findings.map((finding) => ({
      id: newId(),
      run_id: run.id,
      merchant_id: run.merchantId,
      listing_id: finding.listingId,
      location_ref: finding.locationRef,
      channel_quantity: finding.channelQuantity,
      wanted_quantity: finding.wantedQuantity,
      explanation: finding.explanation,
      repair: 'checking',
      at: now,
    })),
  );
}

/** Findings of a run in one of these states, oldest id first. */
export async function findingsIn(
  q: Queryable,
  runId: string,
  repairs: readonly Repair[],
  limit: number,
): Promise<readonly Finding[]> {
  const { rows } = await q.query<Finding>(
    `SELECT ${FINDING} FROM reconcile_finding WHERE run_id = $1 AND repair = ANY($2::text[])
      AND repair IN ('checking', 'sending', 'taking') ORDER BY id LIMIT $3`,
    [runId, repairs, limit],
  );
  return rows;
}

/**
 * Locks a finding together with its run, the run first as cancelling does. False when it is no
 * longer as it was: the run was cancelled, or somebody has decided.
 */
export async function lockFinding(
  q: Queryable,
  finding: Pick<Finding, 'id' | 'runId' | 'repair'>,
): Promise<boolean> {
  await q.query(`SELECT 1 FROM reconcile_run WHERE id = $1 FOR UPDATE`, [finding.runId]);
  const { rowCount } = await q.query(
    `SELECT 1 FROM reconcile_finding WHERE id = $1 AND repair = $2 FOR UPDATE`,
    [finding.id, finding.repair],
  );
  return rowCount === 1;
}

export type SettledFinding = {
  readonly id: string;
  /** The state it must still be in; else somebody has decided meanwhile. */
  readonly was: Repair;
  readonly repair: Repair;
  readonly explanation: Explanation;
  readonly channelQuantity: number | null;
  readonly wantedQuantity: number;
  readonly note: string | null;
};

/** Writes what became of findings. */
export async function settleFindings(
  q: Queryable,
  settled: readonly SettledFinding[],
): Promise<void> {
  if (settled.length === 0) return;
  await q.query(
    `UPDATE reconcile_finding f SET repair = u.repair, explanation = u.explanation,
        channel_quantity = u.held, wanted_quantity = u.wanted, note = u.note
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::text[])
         AS u(id, was, repair, explanation, held, wanted, note)
      WHERE f.id = u.id AND f.repair = u.was`,
    [
      settled.map((row) => row.id),
      settled.map((row) => row.was),
      settled.map((row) => row.repair),
      settled.map((row) => row.explanation),
      settled.map((row) => row.channelQuantity),
      settled.map((row) => row.wantedQuantity),
      settled.map((row) => row.note),
    ],
  );
}

/** Takes findings out: the numbers agreed by themselves. */
export async function deleteFindings(q: Queryable, ids: readonly string[]): Promise<void> {
  await q.query(`DELETE FROM reconcile_finding WHERE id = ANY($1::uuid[])`, [ids]);
}

/**
 * A number that goes on differing is one finding, not one per check: these take the place of what
 * earlier runs left open about the same numbers, and the time they were first found. What a person
 * left as it is stays so while neither number changes.
 */
export async function supersedeFindings(q: Queryable, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await q.query(
    `WITH earlier AS (
       DELETE FROM reconcile_finding old USING reconcile_finding f
        WHERE f.id = ANY($1::uuid[]) AND old.listing_id = f.listing_id
          AND old.location_ref = f.location_ref AND old.run_id <> f.run_id
          AND old.repair IN ('waiting', 'left')
        RETURNING f.id, old.at, old.note = $2 AND old.channel_quantity = f.channel_quantity
          AND old.wanted_quantity = f.wanted_quantity AS decided)
     UPDATE reconcile_finding f SET at = e.at,
        repair = CASE WHEN e.decided THEN 'left' ELSE f.repair END,
        note = CASE WHEN e.decided THEN $2 ELSE f.note END
       FROM (SELECT id, min(at) AS at, COALESCE(bool_or(decided), false) AS decided
              FROM earlier GROUP BY id) e WHERE f.id = e.id`,
    [ids, LEFT_BY_A_PERSON],
  );
}

/**
 * A person's choice about findings that wait or were left: chosen ones, or (null) all that wait.
 * Answers how many it holds for.
 */
export async function chooseRepair(
  q: Queryable,
  merchantId: string,
  runId: string,
  findingIds: readonly string[] | null,
  repair: 'sending' | 'taking' | 'left',
  note: string | null,
): Promise<number> {
  const { rowCount } = await q.query(
    `UPDATE reconcile_finding SET repair = $4, note = $5
      WHERE merchant_id = $1 AND run_id = $2 AND explanation NOT IN ('listing_gone', 'not_tracked')
        AND CASE WHEN $3::uuid[] IS NULL THEN repair = 'waiting'
          ELSE id = ANY($3::uuid[]) AND repair IN ('waiting', 'left') END`,
    [merchantId, runId, findingIds, repair, note],
  );
  return rowCount;
}

/** What a cancelled run had not judged stays as it is; what it had lowered already was sent. */
export async function leaveUnjudged(q: Queryable, runId: string, note: string): Promise<void> {
  await q.query(
    `UPDATE reconcile_finding SET note = $2,
        repair = CASE WHEN explanation = 'edited_in_channel' THEN 'published' ELSE 'left' END
      WHERE run_id = $1 AND repair = 'checking'`,
    [runId, note],
  );
}

/** The rule by which the connection's differences are put right. */
export async function repairRuleOf(q: Queryable, connectionId: string): Promise<RepairRule> {
  const row = await q.one<{ rule: RepairRule }>(
    `SELECT repair_rule AS rule FROM connection WHERE id = $1`,
    [connectionId],
  );
  return row.rule;
}

/** Saves the rule; answers the one before. */
export async function saveRepairRule(
  q: Queryable,
  connectionId: string,
  rule: RepairRule,
): Promise<RepairRule> {
  const row = await q.one<{ before: RepairRule }>(
    `UPDATE connection c SET repair_rule = $2 FROM (SELECT id, repair_rule FROM connection
       WHERE id = $1 FOR UPDATE) old WHERE c.id = old.id RETURNING old.repair_rule AS before`,
    [connectionId, rule],
  );
  return row.before;
}

/** Deletes the merchant's runs that ended before this moment, with what they found. */
export async function deleteOldRuns(
  q: Queryable,
  merchantId: string,
  before: Date,
): Promise<number> {
  const { rows } = await q.query<{ id: string }>(
    `SELECT id FROM reconcile_run WHERE merchant_id = $1 AND started_at < $2 AND state <> 'running'
      ORDER BY started_at LIMIT ${String(RUNS_DELETED_MAX)}`,
    [merchantId, before],
  );
  const ids = rows.map((row) => row.id);
  await q.query(`DELETE FROM reconcile_finding WHERE run_id = ANY($1::uuid[])`, [ids]);
  await q.query(`DELETE FROM reconcile_run WHERE id = ANY($1::uuid[])`, [ids]);
  return ids.length;
}
