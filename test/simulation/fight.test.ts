/**
 * Goal: worker processes that know nothing of each other never promise a unit twice, and never
 * leave one that is wanted.
 */
import { describe, expect, test } from 'vitest';
import { redisMissing } from '../support/redis';
import { fightOverHotItems } from './fight';

/** Seconds on an idle machine. */
const TIME_MAX_MS = 15 * 60_000;

describe.each(['embedded', 'bull'] as const)('with the %s dispatcher', (dispatcher) => {
  test.skipIf(dispatcher === 'bull' && redisMissing !== null)(
    '1, 2 and 4 processes accept exactly the stock',
    { timeout: TIME_MAX_MS },
    async () => {
      const name = `fight-${dispatcher}`;
      const fights = [1, 2, 4];
      const reports = await fightOverHotItems({ dispatcher, name, fights, items: 2, seed: 7 });
      expect(reports.flatMap(({ problems }) => problems)).toEqual([]);
      for (const { accepted, short, stock, wanted } of reports) {
        expect(accepted).toBe(stock);
        expect(short).toBe(wanted - stock);
        // There was something to fight about.
        expect(wanted).toBe(2 * stock);
      }
    },
  );
});
