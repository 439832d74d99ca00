import type { Prisma } from '#app/platform/prisma';
import { merchantVersion } from './merchant-version';

/** As often as a page may refresh itself; faster would be work nobody sees. */
const POLL_MS = 1000;
/** After a failed look (a database restart), before the next one. */
const POLL_AFTER_FAILURE_MS = 5000;
/** Open pages in one process; beyond it the next one is refused and tries again later. */
const WATCHERS_MAX = 1000;
const WATCHERS_PER_MERCHANT_MAX = 50;

type Watched = {
  readonly listeners: Set<() => void>;
  version: string | null;
  timer: NodeJS.Timeout | null;
};

const watched = new Map<string, Watched>();
let watchers = 0;

/**
 * Calls back whenever something of this merchant changed, until the returned function is called.
 * All pages of a merchant share one look a second. Null when too many are watching already.
 */
export function watchMerchant(
  prisma: Prisma,
  merchantId: string,
  onChange: () => void,
): (() => void) | null {
  const entry = watched.get(merchantId) ?? { listeners: new Set(), version: null, timer: null };
  if (watchers >= WATCHERS_MAX || entry.listeners.size >= WATCHERS_PER_MERCHANT_MAX) return null;
  // A function of its own, so that the same callback given twice counts twice.
  const listener = () => {
    onChange();
  };
  entry.listeners.add(listener);
  watchers += 1;
  if (entry.listeners.size === 1) {
    watched.set(merchantId, entry);
    schedule(prisma, merchantId, entry, 0);
  }
  return () => {
    if (!entry.listeners.delete(listener)) return;
    watchers -= 1;
    if (entry.listeners.size > 0) return;
    if (entry.timer) clearTimeout(entry.timer);
    watched.delete(merchantId);
  };
}

function schedule(prisma: Prisma, merchantId: string, entry: Watched, waitMs: number): void {
  entry.timer = setTimeout(() => {
    void look(prisma, merchantId, entry);
  }, waitMs);
  // A page that is open must not keep the process from stopping.
  entry.timer.unref();
}

async function look(prisma: Prisma, merchantId: string, entry: Watched): Promise<void> {
  const version = await merchantVersion(prisma, merchantId).catch(() => null);
  if (entry.listeners.size === 0) return;
  if (version !== null) {
    const changed = entry.version !== null && entry.version !== version;
    entry.version = version;
    if (changed) for (const listener of entry.listeners) listener();
  }
  schedule(prisma, merchantId, entry, version === null ? POLL_AFTER_FAILURE_MS : POLL_MS);
}
