/**
 * Goal: kill any process at any moment, deliver messages three times, late, or not at all: the
 * end state is the same. Here with the embedded dispatcher, PostgreSQL being killed, too.
 */
import { expect, test } from 'vitest';
import { surviveStorm } from './survive';

/** A run takes about a minute; more rounds may be asked for. */
const TIME_MAX_MS = 20 * 60_000;

test(
  'what the stores hold, the ledger and the orders agree after the storm',
  { timeout: TIME_MAX_MS },
  async () => {
    const { problems, orders, shipped } = await surviveStorm('embedded');
    expect(problems).toEqual([]);
    // There was something to lose.
    expect(orders).toBeGreaterThan(50);
    expect(shipped).toBeGreaterThan(5);
  },
);
