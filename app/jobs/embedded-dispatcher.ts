/** Workers that take jobs straight from the table. */
import { setImmediate as turnOfTheLoop, setTimeout as sleep } from 'node:timers/promises';
import type { JobRateOf } from '../contracts/job-queue';
import type { Database } from '../platform/database';
import type { Subscription } from '../platform/database-listener';
import type { Log } from '../platform/log';
import { type ClaimedJob, claimJobs, releaseJobs } from '../store/job-claims';
import { type EmbeddedQueue, JOBS_CHANNEL, readAnnouncement } from './embedded-queue';
import type { JobRunner } from './job-runner';
import { findNextDue } from '../store/job-upkeep';
import { createRateGate } from './rate-gate';

export type JobWorker = {
  /** Claims nothing more, waits for running jobs until the deadline, gives back the rest. */
  stop(deadlineMs: number): Promise<void>;
};

export type EmbeddedDispatcherSettings = {
  readonly db: Database;
  readonly log: Log;
  readonly queue: EmbeddedQueue;
  readonly runner: JobRunner;
  readonly workerName: string;
  readonly slots: number;
  readonly leaseMs: number;
  /** Looked at the table at least this often, in case an announcement was lost. */
  readonly pollMs: number;
  readonly rateOf: JobRateOf;
};

const LISTEN_RETRY_MS = 2_000;
const PLAN_STEP_MS = 5;

export function startEmbeddedDispatcher(settings: EmbeddedDispatcherSettings): JobWorker {
  const { db, log, queue, runner, slots } = settings;
  const gate = createRateGate(settings.rateOf);
  let claims = 0;
  let busy = 0;
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let lookAhead = false;
  let stopped = false;
  /** Looks planned within the next poll, by time, so that a crowd of them is one. */
  const planned = new Map<number, NodeJS.Timeout>();

  /** Looks at `atMs`, at once when that is past or not known. Answers the free slots. */
  function wake(atMs: number | null): number {
    if (stopped) return 0;
    const waitMs = atMs === null ? 0 : atMs - Date.now();
    if (waitMs <= 0) look(atMs === null);
    else if (waitMs < settings.pollMs) planLook(Date.now() + waitMs);
    return slots - busy;
  }

  function planLook(atMs: number): void {
    const stepMs = Math.ceil((atMs + 1) / PLAN_STEP_MS) * PLAN_STEP_MS;
    if (planned.has(stepMs)) return;
    const lookThen = () => {
      planned.delete(stepMs);
      look(false);
    };
    planned.set(stepMs, setTimeout(lookThen, stepMs - Date.now()));
  }

  /** `ahead`: also find out what falls due before the next poll. */
  function look(ahead: boolean): void {
    lookAgain = true;
    lookAhead ||= ahead;
    // Not at once: handlers that end in the same turn of the event loop make room for one claim.
    looking ??= turnOfTheLoop()
      .then(lookUntilNothing)
      .finally(() => {
        looking = null;
        if (lookAgain && !stopped && busy < slots) look(false);
      });
  }

  async function lookUntilNothing(): Promise<void> {
    while (lookAgain && !stopped && busy < slots) {
      lookAgain = false;
      try {
        await claimAndStart(slots - busy);
        if (lookAhead) await planNextLook();
      } catch (problem) {
        log.error({ err: problem }, 'jobs could not be claimed');
        lookAgain = false;
        return;
      }
    }
  }

  async function planNextLook(): Promise<void> {
    lookAhead = false;
    const due = await findNextDue(db, settings.pollMs);
    if (due !== null && !stopped) planLook(due.getTime());
  }

  async function claimAndStart(limit: number): Promise<void> {
    claims += 1;
    const leasedBy = `${settings.workerName}/${String(claims)}`;
    const { leaseMs } = settings;
    const claimed = await claimJobs(db, limit, { leasedBy, leaseMs }, gate.closed(Date.now()));
    const allowed: ClaimedJob[] = [];
    const refused: ClaimedJob[] = [];
    for (const job of claimed) {
      if (!stopped && gate.take(job.connectionId, Date.now())) allowed.push(job);
      else refused.push(job);
    }
    for (const job of allowed) {
      start(job).catch((problem: unknown) => {
        log.error({ err: problem, jobId: job.id }, 'a job could not be run');
      });
    }
    if (claimed.length === limit) lookAgain = true;
    await releaseJobs(db, refused, { started: false });
    wake(gate.opensAt(Date.now()) ?? Infinity);
  }

  async function start(job: ClaimedJob): Promise<void> {
    busy += 1;
    // The slot is free when the handler has ended; its end is written while the next one runs.
    const onHandled = () => {
      busy -= 1;
      wake(0);
    };
    const settlement = await runner.run(job, onHandled);
    if (settlement?.runAt) wake(settlement.runAt.getTime());
    // The next of the serial key may be due now.
    else if (job.serialKey !== null) wake(0);
  }

  const detach = queue.attach({ wake });
  const listening = listenUntilHeard(settings, (payload) => wake(readAnnouncement(payload)));
  const polling = setInterval(look, settings.pollMs, true);
  look(true);

  return {
    async stop(deadlineMs) {
      stopped = true;
      clearInterval(polling);
      for (const timer of planned.values()) clearTimeout(timer);
      detach();
      await listening.close();
      await looking;
      await runner.stop(deadlineMs);
    },
  };
}

/** Goes on trying while the database is away; until then polling finds the jobs. */
function listenUntilHeard(
  { db, log }: EmbeddedDispatcherSettings,
  onNotification: (payload: string) => void,
): Subscription {
  const closing = new AbortController();
  let subscription: Subscription | null = null;

  async function listen(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        subscription = await db.listen(JOBS_CHANNEL, onNotification, () => onNotification(''));
        return;
      } catch (problem) {
        log.warn({ err: problem }, 'announcements of jobs are not heard yet');
        await sleep(LISTEN_RETRY_MS, null, { signal: closing.signal }).catch(() => null);
      }
    }
  }
  const listened = listen();

  return {
    async close() {
      closing.abort();
      await listened;
      await subscription?.close();
    },
  };
}
