import { randomFillSync } from 'node:crypto';
import { v7, validate } from 'uuid';

const RANDOM_BYTES = 16;
/** Fetched for many ids at once: fetching costs more than all the rest of an id. */
const random = new Uint8Array(RANDOM_BYTES * 256);
let used = random.length;
let latest = { msecs: 0, seq: 0 };

/**
 * A new row id: UUID version 7, so rows created together sit together in their index. Ids made
 * by one process increase; nothing may rely on their order across processes.
 */
export function newId(): string {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const bytes = random.subarray(used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  latest = next(latest, Date.now(), bytes);
  return v7({ random: bytes, ...latest });
}

/** Within a millisecond (or while the clock stands behind) ids count on from a random start. */
function next(before: typeof latest, now: number, bytes: Uint8Array): typeof latest {
  if (now > before.msecs) {
    const start = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) & 0x7fffffff;
    return { msecs: now, seq: start };
  }
  const seq = (before.seq + 1) | 0;
  return { msecs: seq === 0 ? before.msecs + 1 : before.msecs, seq };
}

/** Whether a text from outside has the shape of a row id; PostgreSQL rejects any other. */
export function isId(text: string): boolean {
  return validate(text);
}
