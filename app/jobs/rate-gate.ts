/** Keeps the starts of each connection's jobs within its rate, for this process. */
import type { JobRateOf } from '../contracts/job-queue';

export type RateGate = {
  /** Notes a start if the connection may start one now. */
  take(connectionId: string | null, nowMs: number): boolean;
  /** Connections that may start nothing now. */
  closed(nowMs: number): readonly string[];
  /** When the first of them may start again, or null when none is closed. */
  opensAt(nowMs: number): number | null;
};

export function createRateGate(rateOf: JobRateOf): RateGate {
  /** The last starts of each connection, oldest first, at most `max` of them. */
  const starts = new Map<string, number[]>();

  /** When a connection may start its next job; 0 = at any time. */
  function freeAt(connectionId: string): number {
    const rate = rateOf(connectionId);
    const times = starts.get(connectionId);
    if (rate === null || times === undefined || times.length < rate.max) return 0;
    return (times[times.length - rate.max] ?? 0) + rate.durationMs;
  }

  function closed(nowMs: number): readonly string[] {
    return [...starts.keys()].filter((connectionId) => freeAt(connectionId) > nowMs);
  }

  return {
    take(connectionId, nowMs) {
      const rate = connectionId === null ? null : rateOf(connectionId);
      if (connectionId === null || rate === null) return true;
      if (freeAt(connectionId) > nowMs) return false;
      starts.set(connectionId, [...(starts.get(connectionId) ?? []), nowMs].slice(-rate.max));
      return true;
    },
    closed,
    opensAt(nowMs) {
      const times = closed(nowMs).map(freeAt);
      return times.length === 0 ? null : Math.min(...times);
    },
  };
}
