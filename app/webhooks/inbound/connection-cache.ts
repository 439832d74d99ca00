/** Connections as webhooks look them up, kept for a moment: many arrive for few connections. */
const TTL_MS = 5_000;
const ENTRIES_MAX = 1_000;

type Entry<Value> = { readonly untilMs: number; readonly value: Promise<Value | null> };

/**
 * Remembers what `find` answered for a key. What was not found, and failures, are not kept: a new
 * connection must be known at once, and a database that is back must be asked.
 */
export function createConnectionCache<Value>(
  now: () => number = Date.now,
): (key: string, find: () => Promise<Value | null>) => Promise<Value | null> {
  const entries = new Map<string, Entry<Value>>();

  return (key, find) => {
    const known = entries.get(key);
    if (known !== undefined && known.untilMs > now()) return known.value;
    entries.delete(key);
    const value = find();
    const entry = { untilMs: now() + TTL_MS, value };
    entries.set(key, entry);
    const forget = () => {
      if (entries.get(key) === entry) entries.delete(key);
    };
    value.then((found) => (found === null ? forget() : undefined), forget);
    for (const oldest of entries.keys()) {
      if (entries.size <= ENTRIES_MAX) break;
      entries.delete(oldest);
    }
    return value;
  };
}
