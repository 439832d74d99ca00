/** What may grow in a soak, and by how much: the table that is printed, and what is broken. */
import type { Series } from './take-samples';
import { trendOf } from './trend';

/** A heap after collection that grows faster than this, and by more than this, is a leak. */
export const HEAP_MB_PER_HOUR_MAX = 40;
const HEAP_MB_MIN = 6;
/** Pools fill up to their size; beyond what was there in the first third nothing comes to stay. */
const CONNECTIONS_MORE_MAX = 4;
const QUEUE_AGE_S_MAX = 15;
const BACKLOG_MAX = 50;
/** Growth of a table by less than this is not looked at. */
const ROWS_MIN = 30;
/** Rows go by the minute, so their number is a saw: its teeth are compared. */
const PLATEAU_FACTOR_MAX = 1.5;
const PER_ORDER_FACTOR_MAX = 1.5;
/** Tables whose rows go when they are old. */
const RETAINED = ['inbox_event', 'job', 'audit_record'];

export type Verdict = {
  readonly name: string;
  readonly first: string;
  readonly last: string;
  readonly worst: string;
  readonly perHour: string;
  readonly verdict: string;
  readonly broken: boolean;
};

type Judgement = { readonly verdict: string; readonly broken: boolean };

/** Of the samples after the warm-up. Tables that do not change are left out. */
export function judge(all: readonly Series[], warmUntilMs: number): readonly Verdict[] {
  const warm = all.map((series) => ({
    ...series,
    samples: series.samples.filter(({ atMs }) => atMs >= warmUntilMs),
  }));
  const orders = warm.find(({ name }) => name === 'rows of customer_order');
  return warm.filter(isWorthALine).map((series) => {
    const trend = trendOf(series.samples);
    const { unit } = series;
    const shown = (value: number): string =>
      `${value.toFixed(unit === 'rows' || unit === 'count' ? 0 : 1)} ${unit}`;
    return {
      name: series.name,
      first: shown(trend.first),
      last: shown(trend.last),
      worst: shown(trend.worst),
      perHour: shown(trend.perHour),
      ...judgeOne(series, orders),
    };
  });
}

function isWorthALine({ unit, name, samples }: Series): boolean {
  if (unit !== 'rows' || name === 'dead rows') return true;
  const values = samples.map(({ value }) => value);
  return Math.max(...values) - Math.min(...values) >= ROWS_MIN;
}

function judgeOne(series: Series, orders: Series | undefined): Judgement {
  const { name } = series;
  const { first, last, firstWorst, lastWorst, perHour } = trendOf(series.samples);
  const grown = last - first;
  if (name.endsWith(' heap')) {
    return flat(grown <= HEAP_MB_MIN || perHour <= HEAP_MB_PER_HOUR_MAX);
  }
  if (name === 'database connections') return flat(grown <= CONNECTIONS_MORE_MAX);
  if (name === 'queue age') return flat(last <= Math.max(QUEUE_AGE_S_MAX, 2 * first));
  if (name === 'inbox backlog' || name === 'jobs waiting') {
    return flat(last <= Math.max(BACKLOG_MAX, 2 * first));
  }
  const table = /^rows of (.*)$/.exec(name)?.[1];
  if (table === undefined) return { verdict: '', broken: false };
  if (RETAINED.includes(table)) {
    const bounded = lastWorst <= firstWorst * PLATEAU_FACTOR_MAX + ROWS_MIN;
    return { verdict: bounded ? 'bounded by retention' : 'GROWS', broken: !bounded };
  }
  return withOrders(series, orders);
}

function flat(holds: boolean): Judgement {
  return { verdict: holds ? 'flat' : 'GROWS', broken: !holds };
}

/** What is kept for ever grows with the orders, and not faster as time goes by. */
function withOrders(series: Series, orders: Series | undefined): Judgement {
  const early = perOrder(series, orders, 0, 0.5);
  const late = perOrder(series, orders, 0.5, 1);
  if (early === null || late === null) return { verdict: '', broken: false };
  const steady = late <= early * PER_ORDER_FACTOR_MAX + 1;
  const figures = `${early.toFixed(2)}, then ${late.toFixed(2)} per order`;
  return { verdict: steady ? figures : `GROWS: ${figures}`, broken: !steady };
}

function perOrder(
  series: Series,
  orders: Series | undefined,
  from: number,
  until: number,
): number | null {
  const grown = (one: Series | undefined): number => {
    const { length } = one?.samples ?? [];
    const at = (part: number) =>
      one?.samples[Math.min(length - 1, Math.round(part * length))]?.value ?? 0;
    return at(until) - at(from);
  };
  const placed = grown(orders);
  return placed <= 0 ? null : grown(series) / placed;
}
