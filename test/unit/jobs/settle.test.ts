/** Goal: what becomes of a job after a try, for every way a try can end. */
import { describe, expect, test } from 'vitest';
import { backOffMs, settleJob } from '#app/jobs/settle';
import type { ClaimedJob } from '#app/store/job-claims';

const now = new Date('2026-11-24T10:00:00Z');
const MINUTE_MS = 60_000;

function job(attempts: number, maxAttempts = 3): ClaimedJob {
  return {
    id: 7,
    merchantId: null,
    connectionId: null,
    kind: 'test',
    payload: {},
    serialKey: null,
    dedupeKey: null,
    state: 'running',
    priority: 100,
    runAt: now,
    attempts,
    maxAttempts,
    leasedBy: 'worker/1',
    leaseUntil: now,
    lastError: null,
    progress: null,
    causeKind: null,
    causeId: null,
    createdAt: now,
    startedAt: now,
    finishedAt: null,
  };
}

const settle = (end: Parameters<typeof settleJob>[1], attempts = 1) =>
  settleJob(job(attempts), end, now, () => 0.5);
const waitMs = (runAt: Date | null) => (runAt?.getTime() ?? NaN) - now.getTime();

describe('a try', () => {
  test('that worked is done, with its detail', () => {
    expect(settle({ status: 'done', detail: 'sent 3' })).toMatchObject({
      state: 'done',
      detail: 'sent 3',
      error: null,
      lease: { id: 7, attempts: 1, leasedBy: 'worker/1' },
    });
  });

  test('that threw waits, and after the last one the job is failed', () => {
    const problem = new Error('no route');
    const first = settle({ status: 'threw', problem });
    expect(first).toMatchObject({ state: 'queued', error: 'no route', counts: true });
    expect(waitMs(first.runAt)).toBe(750);
    expect(settle({ status: 'threw', problem }, 3)).toMatchObject({
      state: 'failed',
      error: 'no route',
    });
  });

  test('that a channel put off waits as long as it said, and does not count', () => {
    const at = new Date(now.getTime() + 5 * MINUTE_MS);
    const settlement = settle({ status: 'retry', at, reason: 'throttled' }, 3);
    expect(settlement).toMatchObject({ state: 'queued', runAt: at, counts: false });
  });

  test.each([
    ['the past', new Date(0), 100],
    ['the far future', new Date('2999-01-01'), 24 * 60 * MINUTE_MS],
    ['no time at all', new Date(NaN), 1_000],
  ])('put off to %s waits within reason', (_what, at, expected) => {
    expect(waitMs(settle({ status: 'retry', at, reason: 'later' }).runAt)).toBe(expected);
  });

  test('put off for ever is given up in the end', () => {
    const settlement = settle({ status: 'retry', at: now, reason: 'throttled' }, 200);
    expect(settlement).toMatchObject({ state: 'failed', error: 'Given up: throttled' });
  });

  test('keeps a short reason without secrets or addresses', () => {
    const problem = new TypeError(
      `Bearer abcdefghijkl for ann@example.com\nsecond line ${'x'.repeat(500)}`,
    );
    const { error } = settle({ status: 'threw', problem });
    expect(error).toMatch(/^TypeError: /);
    expect(error).not.toMatch(/abcdefghijkl|ann@|second line/);
    const long = settle({ status: 'failed', reason: 'y'.repeat(5_000) });
    expect(long.error?.length).toBeLessThanOrEqual(300);
    expect(settle({ status: 'threw', problem: 'a text' }).error).toContain('not an error');
  });
});

test('the back-off doubles up to a quarter of an hour and spreads over its upper half', () => {
  expect([1, 2, 3, 10, 11, 50].map((attempts) => backOffMs(attempts, () => 0))).toEqual([
    500, 1_000, 2_000, 256_000, 450_000, 450_000,
  ]);
  expect(backOffMs(50, () => 0.999999)).toBeLessThanOrEqual(15 * MINUTE_MS);
});
