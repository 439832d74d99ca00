/**
 * Carries out the blows of a round: each thing is killed, stays away for a while, and comes back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { importJob } from '../../app/operations/connections/install-shop';
import { pollOrdersJob } from '../../app/operations/sync/poll-orders';
import { reconcileJob } from '../../app/operations/sync/reconcile-stock';
import { listConnected } from '../../app/store/connections';
import { type NewJob, enqueueJobs } from '../../app/store/jobs';
import type { Fleet, ProcessName } from './storm-fleet';
import type { AimedAt, Blow } from './storm-plan';

const AIM_LOOK_MS = 4;
const AIM_MS_MAX = 15_000;

export type Struck = {
  /** When the last thing died. */
  readonly lastKillAt: number;
  /** A line per blow, for people. */
  readonly lines: readonly string[];
  /** Jobs that were running when their worker was killed. */
  readonly killedJobs: readonly { readonly id: number; readonly kind: string }[];
};

/** Resolves when everything is back. */
export async function strike(fleet: Fleet, blows: readonly Blow[]): Promise<Struck> {
  const startedAt = Date.now();
  const lines: string[] = [];
  const killedJobs: { id: number; kind: string }[] = [];
  let lastKillAt = startedAt;
  const turns = new Map<string, Promise<void>>();
  /** One thing dies and comes back before it dies again. */
  const inTurn = (what: string, work: () => Promise<void>): Promise<void> => {
    const turn = (turns.get(what) ?? Promise.resolve()).then(work);
    turns.set(what, turn);
    return turn;
  };
  const note = (what: string, downMs: number) => {
    lastKillAt = Date.now();
    const at = ((lastKillAt - startedAt) / 1_000).toFixed(1);
    const away = downMs === 0 ? '' : `, away for ${(downMs / 1_000).toFixed(1)} s`;
    lines.push(`+${at} s  ${what}${away}`);
  };
  const killProcess = (name: ProcessName, why: string, downMs: number) =>
    inTurn(name, async () => {
      if (!(await fleet.kill(name))) return;
      note(`${name} killed${why}`, downMs);
      await sleep(downMs);
      await fleet.start(name);
    });

  async function carryOut(blow: Blow): Promise<void> {
    const { downMs } = blow;
    switch (blow.target) {
      case 'web':
        return killProcess('web', '', downMs);
      case 'worker':
        return killProcess(`worker-${blow.worker}`, '', downMs);
      case 'flush':
        return inTurn('redis', async () => {
          await fleet.redis?.flush();
          note('Redis flushed', 0);
        });
      case 'postgres':
      case 'redis': {
        const server = fleet[blow.target];
        return inTurn(blow.target, async () => {
          await server?.kill();
          note(`${blow.target === 'redis' ? 'Redis' : 'PostgreSQL'} killed`, downMs);
          await sleep(downMs);
          await server?.restart();
        });
      }
      case 'aimed': {
        const found = await waitForRunning(fleet, blow.kind);
        if (found === null) {
          lines.push(`        no job ${blow.kind} was caught running`);
          return;
        }
        await sleep(blow.delayMs);
        killedJobs.push({ id: found.id, kind: blow.kind });
        return killProcess(found.name, ` while it ran ${blow.kind} (job ${found.id})`, downMs);
      }
    }
  }

  await Promise.all(
    blows.map(async (blow) => {
      await sleep(blow.atMs);
      await carryOut(blow);
    }),
  );
  return { lastKillAt, lines, killedJobs };
}

/** Sees to it that there is such a job, and waits until a worker of the fleet runs one. */
async function waitForRunning(
  fleet: Fleet,
  kind: AimedAt,
): Promise<{ readonly id: number; readonly name: ProcessName } | null> {
  const deadline = Date.now() + AIM_MS_MAX;
  let asked = false;
  while (Date.now() < deadline) {
    try {
      if (!asked) await enqueueJobs(fleet.db, await provoke(fleet, kind));
      asked = true;
      const { rows } = await fleet.db.query<{ id: number; leasedBy: string }>(
        `SELECT id, leased_by AS "leasedBy" FROM job WHERE state = 'running' AND kind = $1
         ORDER BY started_at DESC`,
        [kind],
      );
      for (const { id, leasedBy } of rows) {
        const name = fleet.workerOf(Number(leasedBy.split(':')[1]));
        if (name !== null) return { id, name };
      }
    } catch {
      // The database is away; there is something to aim at when it is back.
    }
    await sleep(AIM_LOOK_MS);
  }
  return null;
}

/** Jobs that the clock would bring; the others come with the traffic. */
async function provoke(fleet: Fleet, kind: AimedAt): Promise<readonly NewJob[]> {
  const connections = await listConnected(fleet.db);
  switch (kind) {
    case 'reconcile-stock':
      return connections.map((one) => reconcileJob(one));
    case 'poll-orders':
      return connections.map((one) => pollOrdersJob(one, null));
    case 'refresh-catalog':
      return connections.map(({ merchantId, id }) => importJob(merchantId, id, 'refresh-catalog'));
    default:
      return [];
  }
}
