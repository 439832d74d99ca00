/**
 * Runs an action over entries, a few at a time, and keeps the answers in the entries' order.
 * Few, because a store has few PHP workers and serves its shoppers with the same ones.
 */
export async function inOrder<Entry, Result>(
  entries: readonly Entry[],
  act: (entry: Entry) => Promise<Result>,
  atOnceMax = 3,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < entries.length) {
      const index = next;
      next += 1;
      const entry = entries[index];
      if (entry !== undefined) results.set(index, await act(entry));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnceMax, entries.length) }, worker));
  return [...results.entries()].sort(([a], [b]) => a - b).map(([, result]) => result);
}

/** Cuts a list into parts of at most `size`. */
export function partsOf<Entry>(entries: readonly Entry[], size: number): Entry[][] {
  const parts: Entry[][] = [];
  for (let start = 0; start < entries.length; start += size) {
    parts.push(entries.slice(start, start + size));
  }
  return parts;
}
