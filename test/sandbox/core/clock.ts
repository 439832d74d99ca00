/** Time as the sandbox sees it. Everything that waits or stamps goes through one of these. */
export type Clock = {
  now(): Date;
  /** Runs the action after so many milliseconds of this clock; returns a way to call it off. */
  after(milliseconds: number, action: () => void): () => void;
  sleep(milliseconds: number): Promise<void>;
};

/** A clock that a test turns by hand. */
export type VirtualClock = Clock & {
  /** Moves time on, running what falls due on the way, in order, and lets promises settle. */
  advance(milliseconds: number): Promise<void>;
  pending(): number;
};

export function realClock(): Clock {
  const after = (milliseconds: number, action: () => void): (() => void) => {
    const timer = setTimeout(action, milliseconds);
    // A pending retry must not keep a finished test alive.
    timer.unref();
    return () => clearTimeout(timer);
  };
  return {
    now: () => new Date(),
    after,
    sleep: (milliseconds) => new Promise((resolve) => after(milliseconds, resolve)),
  };
}

export function virtualClock(start: Date = new Date('2026-07-01T12:00:00Z')): VirtualClock {
  type Due = { at: number; order: number; action: () => void };
  let now = start.getTime();
  let order = 0;
  let due: Due[] = [];

  const after = (milliseconds: number, action: () => void): (() => void) => {
    const entry = { at: now + Math.max(0, milliseconds), order: (order += 1), action };
    due.push(entry);
    return () => {
      due = due.filter((other) => other !== entry);
    };
  };

  const takeDueBy = (end: number): Due | undefined => {
    const [first] = due
      .filter((entry) => entry.at <= end)
      .sort((a, b) => a.at - b.at || a.order - b.order);
    due = due.filter((entry) => entry !== first);
    return first;
  };

  return {
    now: () => new Date(now),
    after,
    sleep: (milliseconds) => new Promise((resolve) => after(milliseconds, resolve)),
    pending: () => due.length,
    async advance(milliseconds) {
      const end = now + milliseconds;
      for (let entry = takeDueBy(end); entry !== undefined; entry = takeDueBy(end)) {
        now = Math.max(now, entry.at);
        entry.action();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = end;
    },
  };
}
