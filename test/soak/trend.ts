/** Judges a series of samples: how fast it grows, and whether that is growth without bound. */

export type Sample = { readonly atMs: number; readonly value: number };

export type Trend = {
  readonly first: number;
  readonly last: number;
  readonly worst: number;
  /** The worst values of the first and of the last third. */
  readonly firstWorst: number;
  readonly lastWorst: number;
  /** Of the line through all samples. */
  readonly perHour: number;
};

const HOUR_MS = 3_600_000;

/**
 * `first` and `last` are the medians of the first and the last third: single peaks do not count.
 */
export function trendOf(samples: readonly Sample[]): Trend {
  const values = samples.map(({ value }) => value);
  const third = Math.max(1, Math.floor(samples.length / 3));
  return {
    first: median(values.slice(0, third)),
    last: median(values.slice(-third)),
    worst: Math.max(0, ...values),
    firstWorst: Math.max(0, ...values.slice(0, third)),
    lastWorst: Math.max(0, ...values.slice(-third)),
    perHour: slopeOf(samples) * HOUR_MS,
  };
}

/** Least squares, per millisecond; 0 where there is no line. */
function slopeOf(samples: readonly Sample[]): number {
  const count = samples.length;
  const meanAt = samples.reduce((sum, { atMs }) => sum + atMs, 0) / count;
  const mean = samples.reduce((sum, { value }) => sum + value, 0) / count;
  let above = 0;
  let below = 0;
  for (const { atMs, value } of samples) {
    above += (atMs - meanAt) * (value - mean);
    below += (atMs - meanAt) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
