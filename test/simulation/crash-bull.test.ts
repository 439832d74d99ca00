/**
 * Goal: kill any process at any moment, deliver messages three times, late, or not at all: the
 * end state is the same. Here with Bull on a Redis that is flushed and killed, too.
 */
import { describe, expect, test } from 'vitest';
import { redisMissing } from '../support/redis';
import { surviveStorm } from './survive';

/** A run takes about a minute; more rounds may be asked for. */
const TIME_MAX_MS = 20 * 60_000;

describe.skipIf(redisMissing !== null)('with Bull', () => {
  test(
    'what the stores hold, the ledger and the orders agree after the storm',
    { timeout: TIME_MAX_MS },
    async () => {
      const { problems, orders, shipped } = await surviveStorm('bull');
      expect(problems).toEqual([]);
      // There was something to lose.
      expect(orders).toBeGreaterThan(50);
      expect(shipped).toBeGreaterThan(5);
    },
  );
});
