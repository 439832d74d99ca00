/**
 * Joins calls that arrive while an earlier batch is being committed into one batch of their own.
 * An idle caller waits for nobody; under load one transaction carries many calls, which is what
 * keeps a hot item fast: its row is locked once per batch instead of once per call.
 *
 * `run` answers one result per entry, in order, or throws for all of them. When a batch of several
 * throws, its entries are tried one by one, so that one bad entry cannot fail its neighbours.
 *
 * `parallel` batches of a group may be under way at once: more than one where a batch may have to
 * wait for a lock that the next one does not need.
 */
export function createGroupCommit<Entry, Result>(
  run: (group: string, entries: readonly Entry[]) => Promise<readonly Result[]>,
  batchMax: number,
  parallel = 1,
): (group: string, entry: Entry) => Promise<Result> {
  const waiting = new Map<string, Waiting<Entry, Result>[]>();
  const running = new Map<string, number>();

  const drain = async (group: string): Promise<void> => {
    for (;;) {
      const queue = waiting.get(group) ?? [];
      const batch = queue.splice(0, batchMax);
      if (batch.length === 0) break;
      await commit(run, group, batch);
    }
    const others = (running.get(group) ?? 1) - 1;
    if (others > 0) {
      running.set(group, others);
      return;
    }
    waiting.delete(group);
    running.delete(group);
  };

  return (group, entry) =>
    new Promise<Result>((resolve, reject) => {
      const queue = waiting.get(group) ?? [];
      queue.push({ entry, resolve, reject });
      waiting.set(group, queue);
      const busy = running.get(group) ?? 0;
      if (busy >= parallel) return;
      running.set(group, busy + 1);
      // One turn of the loop later, so that calls made together travel together.
      setImmediate(() => void drain(group));
    });
}

type Waiting<Entry, Result> = {
  readonly entry: Entry;
  readonly resolve: (result: Result) => void;
  readonly reject: (problem: unknown) => void;
};

async function commit<Entry, Result>(
  run: (group: string, entries: readonly Entry[]) => Promise<readonly Result[]>,
  group: string,
  batch: readonly Waiting<Entry, Result>[],
): Promise<void> {
  try {
    const results = await run(
      group,
      batch.map((waiting) => waiting.entry),
    );
    batch.forEach((waiting, index) => waiting.resolve(results[index] as Result));
  } catch (problem) {
    if (batch.length === 1) batch[0]?.reject(problem);
    else for (const waiting of batch) await commit(run, group, [waiting]);
  }
}
