/**
 * Real PostgreSQL, one statement at a time. A statement that waits for a lock is set aside until
 * whoever holds it lets go; a circle of those is broken as the server would, by failing one.
 */
import pg from 'pg';
import type { SimNode } from './node';
import type { Scheduler } from './scheduler';
import { inProcess, realSleep, worldMs } from './virtual-time';

export type PostgresGate = {
  /** Kills a process's connections; its open transactions are undone when this resolves. */
  cutOff(node: SimNode): Promise<void>;
  /** Circles of locks so far. */
  deadlocks(): number;
  close(): Promise<void>;
};

type Asked = {
  readonly client: GatedClient;
  readonly label: string;
  readonly done: Promise<void>;
  isDone: boolean;
  /** Hands the answer to whoever asked. */
  deliver(): void;
  /** Why the answer is an error whatever the server says. */
  failWith: Error | null;
};

type GatedClient = pg.Client & {
  processID?: number;
  simNode?: SimNode;
  simInTransaction?: boolean;
  simNowMs?: number;
  /** The simulation's own, which asks without waiting. */
  simIsOurs?: boolean;
  /** What it listens to. */
  simChannels?: Set<string>;
  simNotify?: (message: { readonly channel: string; readonly payload: string }) => void;
};

type Callback = (problem: Error | null, answer?: unknown) => void;
type Query = (...args: unknown[]) => unknown;

/** A statement that has not answered after so long is looked at: does it wait for a lock? */
const PATIENCE_MS = 3;
const LABEL_CHARS = 70;

let current: { scheduler: Scheduler; listeners: Set<GatedClient> } | null = null;
let patched = false;

const realQuery = pg.Client.prototype.query as unknown as Query;
const realConnect = pg.Client.prototype.connect as unknown as Query;

/** Puts itself before every connection that a simulated process makes. One world at a time. */
export async function gatePostgres(scheduler: Scheduler, url: string): Promise<PostgresGate> {
  if (!patched) patch();
  const blocked: Asked[] = [];
  let circles = 0;
  current = { scheduler, listeners: new Set() };
  const monitor: GatedClient = new pg.Client({ connectionString: url });
  monitor.simIsOurs = true;
  await monitor.connect();

  const waitersOf = async (pids: readonly number[]): Promise<Map<number, readonly number[]>> => {
    const { rows } = await monitor.query<{ pid: number; holders: number[] }>(
      'SELECT pid, pg_blocking_pids(pid) AS holders FROM unnest($1::int[]) AS pid',
      [pids],
    );
    return new Map(rows.map(({ pid, holders }) => [pid, holders]));
  };

  /** Resolves when the statement has answered, or cannot before somebody else goes on. */
  async function answeredOrBlocked(asked: Asked): Promise<'answered' | 'blocked'> {
    const isDone = (): boolean => asked.isDone;
    for (;;) {
      await Promise.race([asked.done, realSleep(PATIENCE_MS)]);
      if (isDone()) return 'answered';
      const pid = asked.client.processID ?? 0;
      const holders = (await waitersOf([pid])).get(pid) ?? [];
      if (!isDone() && holders.length > 0) return 'blocked';
    }
  }

  execute = async (asked: Asked): Promise<void> => {
    if ((await answeredOrBlocked(asked)) === 'answered') return asked.deliver();
    scheduler.note(`${asked.client.simNode?.name ?? ''} waits for a lock`);
    blocked.push(asked);
    await breakCircle();
  };

  /** Those whose lock has been let go have answered by now, and are let on like anyone else. */
  async function lookAtBlocked(): Promise<void> {
    for (let index = 0; index < blocked.length; index += 1) {
      const asked = blocked[index];
      if (asked === undefined) continue;
      if ((await answeredOrBlocked(asked)) === 'blocked') continue;
      blocked.splice(index, 1);
      // From the front: its answer may have let go of another's lock in turn.
      index = -1;
      scheduler.wait({
        label: `has its lock: ${asked.label}`,
        node: asked.client.simNode ?? null,
        line: asked.client,
        go: () => Promise.resolve(asked.deliver()),
      });
    }
  }

  /** PostgreSQL looks for circles after a time of the machine; here the last to come closes one. */
  async function breakCircle(): Promise<void> {
    const holders = await waitersOf(blocked.map(({ client }) => client.processID ?? 0));
    const victim = blocked.at(-1);
    const start = victim?.client.processID ?? 0;
    const seen = new Set<number>();
    const toVisit = [...(holders.get(start) ?? [])];
    for (let pid = toVisit.pop(); pid !== undefined; pid = toVisit.pop()) {
      if (pid === start && victim !== undefined) {
        scheduler.note(`${victim.client.simNode?.name ?? ''} is the victim of a deadlock`);
        victim.failWith = deadlock();
        circles += 1;
        await monitor.query('SELECT pg_cancel_backend($1)', [start]);
        await victim.done;
        return;
      }
      if (seen.has(pid)) continue;
      seen.add(pid);
      toVisit.push(...(holders.get(pid) ?? []));
    }
  }

  scheduler.afterStep = async () => {
    if (blocked.length > 0) await lookAtBlocked();
  };
  scheduler.isStuck = () => blocked.length > 0;

  return {
    async cutOff(node) {
      const pids = [...node.clients].map((client) => (client as GatedClient).processID ?? 0);
      // Nobody is left to hear of the end: a listener would go on as a ghost of the dead.
      for (const client of node.clients) client.emit = () => false;
      for (let index = blocked.length - 1; index >= 0; index -= 1) {
        if (blocked[index]?.client.simNode === node) blocked.splice(index, 1);
      }
      await monitor.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
      for (;;) {
        const { rows } = await monitor.query('SELECT 1 FROM pg_stat_activity WHERE pid = ANY($1)', [
          pids,
        ]);
        if (rows.length === 0) break;
        await realSleep(1);
      }
      node.clients.clear();
      await lookAtBlocked();
    },
    deadlocks: () => circles,
    async close() {
      current = null;
      await monitor.end();
    },
  };
}

/** Lets a pool of the simulation itself ask without waiting. */
export function markOurs(pool: pg.Pool): void {
  pool.on('connect', (client: GatedClient) => {
    client.simIsOurs = true;
  });
}

let execute: (asked: Asked) => Promise<void> = () => Promise.resolve();

function deadlock(): Error {
  const problem = new pg.DatabaseError('deadlock detected', 0, 'error');
  problem.code = '40P01';
  return problem;
}

function patch(): void {
  patched = true;
  pg.Client.prototype.connect = function connect(this: GatedClient, ...args: unknown[]) {
    const node = inProcess.getStore();
    if (current === null || node === undefined) return realConnect.apply(this, args);
    this.simNode = node;
    node.clients.add(this);
    // Cut off from outside it must not end the whole program.
    this.on('error', () => undefined);
    this.once('end', () => node.clients.delete(this));
    // The server's own notifications come when they like; `notify` brings them at a gate.
    const emit = this.emit.bind(this);
    this.emit = ((event: string, ...rest: unknown[]) =>
      event === 'notification' ? false : emit(event, ...rest)) as typeof this.emit;
    this.simNotify = (message) => emit('notification', message);
    const callback = args.find((arg): arg is Callback => typeof arg === 'function');
    const connect = () =>
      new Promise<void>((resolve, reject) => {
        realConnect.call(this, (problem: Error | null | undefined) => {
          if (problem === null || problem === undefined) resolve();
          else reject(problem);
        });
      });
    const { scheduler } = current;
    const watched = new Promise<void>((resolve, reject) => {
      scheduler.wait({
        label: 'connects to the database',
        node,
        line: this,
        go: () => connect().then(resolve, reject),
      });
    });
    if (callback === undefined) return watched;
    watched.then(
      () => callback(null),
      (problem: unknown) => callback(problem as Error),
    );
    return undefined;
  } as unknown as typeof pg.Client.prototype.connect;

  pg.Client.prototype.query = function query(this: GatedClient, ...args: unknown[]) {
    if (current === null || this.simNode === undefined) {
      // Whoever is in nobody's name would be out of the scheduler's hands.
      if (current !== null && !this.simIsOurs) throw new Error(`Not at a gate: ${textOf(args[0])}`);
      return realQuery.apply(this, args);
    }
    const node = this.simNode;
    const { callback, rest } = splitCallback(args);
    const answered = new Promise<unknown>((resolve, reject) => {
      // Of a dead process nobody is left to hear an answer.
      if (!node.alive) return;
      const text = textOf(rest[0]);
      const label = text.replace(/\s+/g, ' ').trim().slice(0, LABEL_CHARS);
      current?.scheduler.wait({
        label,
        node,
        line: this,
        go: () => ask(this, text, label, rest, { resolve, reject }),
      });
    });
    if (callback === null) return answered;
    answered.then(
      (answer) => callback(null, answer),
      (problem: unknown) => callback(problem as Error),
    );
    return undefined;
  } as unknown as typeof pg.Client.prototype.query;
}

function splitCallback(args: readonly unknown[]): { callback: Callback | null; rest: unknown[] } {
  const rest = [...args];
  const last = rest.at(-1);
  if (typeof last !== 'function') return { callback: null, rest };
  rest.pop();
  return { callback: last as Callback, rest };
}

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : (query as { text: string }).text;
}

async function ask(
  client: GatedClient,
  text: string,
  label: string,
  args: readonly unknown[],
  answer: { resolve(value: unknown): void; reject(problem: unknown): void },
): Promise<void> {
  tellTime(client, text);
  passOn(client, text, args);
  let settle = (): void => undefined;
  const asked: Asked = {
    client,
    label,
    isDone: false,
    failWith: null,
    deliver: () => settle(),
    done: (realQuery.apply(client, [...args]) as Promise<unknown>).then(
      (value) => {
        settle = () => answer.resolve(value);
        asked.isDone = true;
      },
      (problem: unknown) => {
        settle = () => answer.reject(asked.failWith ?? problem);
        asked.isDone = true;
      },
    ),
  };
  await execute(asked);
}

const LISTEN = /^LISTEN "(\w+)"$/;

/** LISTEN and pg_notify, which nothing of ours calls inside a transaction. */
function passOn(client: GatedClient, text: string, args: readonly unknown[]): void {
  if (current === null) return;
  const { scheduler, listeners } = current;
  const listened = LISTEN.exec(text)?.[1];
  if (listened !== undefined) {
    (client.simChannels ??= new Set()).add(listened);
    listeners.add(client);
  }
  if (!text.startsWith('SELECT pg_notify(')) return;
  const { values = args[1] } = args[0] as { readonly values?: readonly unknown[] };
  const [channel = '', payload = ''] = values as readonly string[];
  for (const listener of listeners) {
    const node = listener.simNode ?? null;
    if (node?.alive === false) listeners.delete(listener);
    else if (listener.simChannels?.has(channel) === true) {
      const hear = () => listener.simNotify?.({ channel, payload });
      const go = () => Promise.resolve(node === null ? hear() : inProcess.run(node, hear));
      scheduler.wait({ label: `hears of ${channel}`, node, line: null, go });
    }
  }
}

/** `now()` of the world's database is what its session was told last. */
function tellTime(client: GatedClient, text: string): void {
  const isEnd = /^\s*(COMMIT|ROLLBACK)/i.test(text);
  const isBegin = /^\s*BEGIN/i.test(text);
  const inTransaction = client.simInTransaction === true;
  client.simInTransaction = isBegin || (inTransaction && !isEnd);
  if (isEnd) {
    // What a transaction was told is undone with it.
    client.simNowMs = 0;
    return;
  }
  const nowMs = worldMs();
  if (client.simNowMs === nowMs) return;
  client.simNowMs = nowMs;
  const moment = new Date(nowMs).toISOString();
  const names = inTransaction ? ['clock'] : ['clock', 'now'];
  const settings = names.map((name) => `SET sim.${name} = '${moment}'`).join(';');
  (realQuery.call(client, settings) as Promise<unknown>).catch(() => undefined);
}
