/**
 * Goal: a soak tells growth without bound from noise, from teeth of a saw, and from more orders.
 */
import { expect, test } from 'vitest';
import { judge } from './judge';
import type { Series } from './take-samples';

const MINUTE_MS = 60_000;

function series(name: string, unit: Series['unit'], valueAt: (minute: number) => number): Series {
  return {
    name,
    unit,
    samples: Array.from({ length: 31 }, (_, minute) => ({
      atMs: minute * MINUTE_MS,
      value: valueAt(minute),
    })),
  };
}

const ORDERS = series('rows of customer_order', 'rows', (minute) => minute * 60);

function broken(...all: Series[]): readonly string[] {
  return judge([ORDERS, ...all], 9 * MINUTE_MS)
    .filter((verdict) => verdict.broken)
    .map(({ name }) => name);
}

test('what only shakes is flat, whatever it did before it was warm', () => {
  expect(
    broken(
      series('web heap', 'MB', (minute) => (minute < 9 ? minute * 10 : 90 + (minute % 3))),
      series('database connections', 'count', (minute) => Math.min(10, minute) + (minute % 2)),
      series('queue age', 's', (minute) => (minute === 20 ? 90 : 0.5)),
    ),
  ).toEqual([]);
});

test('a leak, connections that stay, and a queue that falls behind are named', () => {
  expect(
    broken(
      series('worker-1 heap', 'MB', (minute) => 80 + minute),
      series('database connections', 'count', (minute) => 10 + minute),
      series('queue age', 's', (minute) => minute * 10),
      series('inbox backlog', 'count', (minute) => minute * 30),
    ),
  ).toEqual(['worker-1 heap', 'database connections', 'queue age', 'inbox backlog']);
});

test('tables: retention makes a saw, what is kept grows with the orders and no faster', () => {
  expect(
    broken(
      series('rows of job', 'rows', (minute) => 1_000 + (minute % 4) * 300),
      series('rows of movement', 'rows', (minute) => minute * 240),
    ),
  ).toEqual([]);
  expect(
    broken(
      series('rows of inbox_event', 'rows', (minute) => minute * 400),
      series('rows of movement', 'rows', (minute) => minute ** 3),
    ),
  ).toEqual(['rows of inbox_event', 'rows of movement']);
});
