/**
 * Time and chance of a simulated world, in place of the machine's. Load this before anything that
 * keeps a copy of `setTimeout` or `Date`: it replaces them for the whole process.
 *
 * While no world runs everything works as usual. While one runs, clocks stand still until its
 * scheduler moves them, timers are steps that it chooses, and all randomness comes from its seed.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { SimNode } from './node';

export type Timer = {
  readonly id: number;
  readonly atMs: number;
  readonly node: SimNode | null;
  fire(): void;
};

type World = {
  nowMs: number;
  random: () => number;
  readonly timers: Map<number, Timer>;
  timersMade: number;
  /** Immediates that have not run: while there is one, somebody is still at work. */
  immediates: number;
};

/** In whose name the code at hand runs: a process of the world, or nobody (the world itself). */
export const inProcess = new AsyncLocalStorage<SimNode>();

let world: World | null = null;

const require = createRequire(import.meta.url);
const RealDate = Date;
const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
  random: Math.random,
};

/** A turn of the real event loop. */
export const realTurn = (): Promise<void> =>
  new Promise((resolve) => {
    real.setImmediate(resolve);
  });

/** Real milliseconds, for waiting on the database. */
export const realSleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    real.setTimeout(resolve, milliseconds);
  });

export const realNow = (): number => RealDate.now();

export function startTime(startMs: number, random: () => number): void {
  world = { nowMs: startMs, random, timers: new Map(), timersMade: 0, immediates: 0 };
}

export function stopTime(): void {
  world = null;
}

export function advanceTo(ms: number): void {
  const here = mustWorld();
  here.nowMs = Math.max(here.nowMs, ms);
}

/** The world's time, without anybody's skew. */
export const worldMs = (): number => mustWorld().nowMs;

export const timersOf = (): readonly Timer[] => [...mustWorld().timers.values()];

export function fireTimer(timer: Timer): void {
  mustWorld().timers.delete(timer.id);
  timer.fire();
}

/** A dead process's timers never fire. */
export function dropTimers(node: SimNode): void {
  const { timers } = mustWorld();
  for (const timer of timers.values()) if (timer.node === node) timers.delete(timer.id);
}

export const immediatesWaiting = (): number => world?.immediates ?? 0;

function mustWorld(): World {
  if (world === null) throw new Error('No simulated world runs.');
  return world;
}

/** What a process takes for the time: its clock may be ahead or behind. */
function clockMs(here: World): number {
  return here.nowMs + (inProcess.getStore()?.skewMs ?? 0);
}

/** Runs on its own, in the name of whoever set it. */
function addTimer(here: World, waitMs: number, act: () => void): number {
  here.timersMade += 1;
  const id = here.timersMade;
  const node = inProcess.getStore() ?? null;
  const fire = AsyncLocalStorage.bind(act);
  here.timers.set(id, { id, node, atMs: here.nowMs + Math.max(1, waitMs), fire });
  return id;
}

class SimTimeout {
  readonly #here: World;
  readonly #waitMs: number;
  readonly #act: () => void;
  readonly #everyMs: number | null;
  #id: number;

  constructor(here: World, waitMs: number, act: () => void, repeats: boolean) {
    this.#here = here;
    this.#waitMs = Number.isFinite(waitMs) ? waitMs : 1;
    this.#everyMs = repeats ? Math.max(1, this.#waitMs) : null;
    this.#act = act;
    this.#id = this.#set();
  }

  #set(): number {
    return addTimer(this.#here, this.#waitMs, () => {
      if (this.#everyMs !== null) this.#id = this.#set();
      this.#act();
    });
  }

  cancel(): void {
    this.#here.timers.delete(this.#id);
  }

  refresh(): this {
    this.cancel();
    this.#id = this.#set();
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.toPrimitive](): number {
    return this.#id;
  }
}

type AnyFunction = (...args: unknown[]) => unknown;

function timerMaker(original: AnyFunction, repeats: boolean): AnyFunction {
  return (act, waitMs, ...args) => {
    if (world === null) return original(act, waitMs, ...args);
    return new SimTimeout(world, Number(waitMs ?? 1), () => (act as AnyFunction)(...args), repeats);
  };
}

function timerEnder(original: AnyFunction): AnyFunction {
  return (timer) => (timer instanceof SimTimeout ? timer.cancel() : original(timer));
}

function countedImmediate(original: AnyFunction): AnyFunction {
  return (act, ...args) => {
    const here = world;
    if (here === null) return original(act, ...args);
    here.immediates += 1;
    return original(() => {
      here.immediates -= 1;
      (act as AnyFunction)(...args);
    });
  };
}

type SleepOptions = { readonly signal?: AbortSignal | undefined };

function sleeper(original: AnyFunction): AnyFunction {
  return (waitMs, value, options) => {
    const here = world;
    if (here === null) return original(waitMs, value, options);
    const signal = (options as SleepOptions | undefined)?.signal;
    return new Promise((resolve, reject) => {
      const stop = () => {
        timer.cancel();
        reject(Object.assign(new Error('The operation was aborted'), { name: 'AbortError' }));
      };
      const timer = new SimTimeout(
        here,
        Number(waitMs ?? 1),
        () => {
          signal?.removeEventListener('abort', stop);
          resolve(value);
        },
        false,
      );
      if (signal?.aborted === true) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    });
  };
}

function replace(owner: object, name: string, make: (original: AnyFunction) => AnyFunction): void {
  const holder = owner as Record<string, unknown>;
  const original = holder[name] as AnyFunction;
  const replaced = make((...args) => original.apply(owner, args));
  // Node hangs `promisify.custom` and the like on its timers.
  for (const key of Object.getOwnPropertySymbols(original)) {
    const value: unknown = Reflect.get(original, key);
    Object.assign(replaced, { [key]: value });
  }
  Object.defineProperty(owner, name, { value: replaced, writable: true, configurable: true });
}

function fillWithChance(bytes: Uint8Array): void {
  const here = mustWorld();
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Math.floor(here.random() * 256);
  }
}

function bytesOfChance(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  fillWithChance(bytes);
  return bytes;
}

function uuidOfChance(): string {
  const hex = bytesOfChance(16).toString('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function install(): void {
  globalThis.Date = new Proxy(RealDate, {
    construct(target, args, newTarget) {
      const moment = args.length === 0 && world !== null ? [clockMs(world)] : args;
      return Reflect.construct(target, moment, newTarget) as Date;
    },
    apply: () => new Date().toString(),
    get: (target, name) =>
      name === 'now' && world !== null
        ? () => clockMs(world as World)
        : (Reflect.get(target, name) as unknown),
  });
  const timers = require('node:timers') as object;
  for (const owner of [globalThis, timers]) {
    replace(owner, 'setTimeout', (original) => timerMaker(original, false));
    replace(owner, 'setInterval', (original) => timerMaker(original, true));
    replace(owner, 'clearTimeout', timerEnder);
    replace(owner, 'clearInterval', timerEnder);
    replace(owner, 'setImmediate', countedImmediate);
  }
  const promises = require('node:timers/promises') as object;
  replace(promises, 'setTimeout', sleeper);
  replace(promises, 'setImmediate', (original) => async (value) => {
    const here = world;
    if (here !== null) here.immediates += 1;
    const answer = await original(value);
    if (here !== null) here.immediates -= 1;
    return answer;
  });
  Math.random = () => (world === null ? real.random() : world.random());
  const crypto = require('node:crypto') as object;
  replace(crypto, 'randomBytes', (original) => (size, callback) => {
    if (world === null || callback !== undefined) return original(size, callback);
    return bytesOfChance(Number(size));
  });
  replace(crypto, 'randomUUID', (original) => (options) => {
    return world === null ? original(options) : uuidOfChance();
  });
  replace(crypto, 'randomFillSync', (original) => (bytes, ...rest) => {
    if (world === null) return original(bytes, ...rest);
    fillWithChance(bytes as Uint8Array);
    return bytes;
  });
  replace(globalThis.crypto, 'getRandomValues', (original) => (bytes) => {
    if (world === null) return original(bytes);
    fillWithChance(bytes as Uint8Array);
    return bytes;
  });
  replace(globalThis.crypto, 'randomUUID', (original) => () => {
    return world === null ? original() : uuidOfChance();
  });
  syncBuiltinESMExports();
}

install();
