/** Timing of ours and of its bound, in turns, so that a noisy machine is noisy to both. */

export type Comparison = {
  /** Per second. */
  readonly ours: number;
  readonly bound: number;
  /** The median of the rounds' own ratios. */
  readonly ratio: number;
};

/** A stream of work by `callers` at once for some time; answers units done per second. */
export async function perSecond(
  callers: number,
  milliseconds: number,
  work: (caller: number) => Promise<number>,
): Promise<number> {
  const startedAt = performance.now();
  const endAt = startedAt + milliseconds;
  const counts = await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      let units = 0;
      while (performance.now() < endAt) units += await work(caller);
      return units;
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  return counts.reduce((sum, units) => sum + units, 0) / seconds;
}

/** Rounds of bound and ours, the order changing from round to round (AB BA AB …). */
export async function compare(
  rounds: number,
  bound: () => Promise<number>,
  ours: () => Promise<number>,
): Promise<Comparison> {
  const bounds: number[] = [];
  const oursAll: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      bounds.push(await bound());
      oursAll.push(await ours());
    } else {
      oursAll.push(await ours());
      bounds.push(await bound());
    }
  }
  return {
    ours: median(oursAll),
    bound: median(bounds),
    ratio: median(oursAll.map((value, round) => value / (bounds[round] ?? Number.NaN))),
  };
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value that so many percent of the values do not exceed; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const index = Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1);
  return sorted[Math.max(0, index)] ?? Number.NaN;
}
