import { deserialize, serialize } from 'node:v8';

/** Parts of a store's state that belong to the running process. */
const RUNTIME = new Set([
  'clock',
  'random',
  'sender',
  'faults',
  'journal',
  'url',
  'appUrl',
  'apiKey',
  'apiSecret',
  'pendingDeliveries',
  'seenNonces',
  'keys',
]);

/** Everything a sandbox store knows, as bytes, so that the demo goes on where it was left. */
export function snapshotState(state: object): Buffer {
  const kept = Object.entries(state).filter(([name]) => !RUNTIME.has(name));
  return serialize(Object.fromEntries(kept));
}

/** Puts a snapshot back into a store that has just been made. */
export function restoreState(state: object, bytes: Buffer): void {
  const restored = deserialize(bytes) as { nextNumber?: bigint };
  // Numbers given out after the last snapshot of a killed demo must not be given out again.
  if (restored.nextNumber !== undefined) restored.nextNumber += NUMBERS_SKIPPED;
  Object.assign(state, restored);
}

const NUMBERS_SKIPPED = 1_000_000n;
