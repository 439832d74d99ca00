/** Leaves out of a failing plan whatever it also fails without. */
import type { SeedResult } from './run-seed';

export type Shrunk = { readonly keep: readonly number[]; readonly result: SeedResult };

/**
 * `play` runs the seed with the kept parts; `first` failed with all of them. Tries at most so
 * often.
 */
export async function shrink(
  first: SeedResult,
  play: (keep: readonly number[]) => Promise<SeedResult>,
  triesMax: number,
): Promise<Shrunk> {
  let keep: readonly number[] = first.plan.parts.map((_, at) => at);
  let result = first;
  let tries = 0;
  for (let size = Math.ceil(keep.length / 2); size >= 1; size = size === 1 ? 0 : size >> 1) {
    for (let from = 0; from < keep.length && tries < triesMax;) {
      const fewer = [...keep.slice(0, from), ...keep.slice(from + size)];
      tries += 1;
      const tried = await play(fewer);
      if (tried.violations.length > 0) {
        keep = fewer;
        result = tried;
      } else {
        from += size;
      }
    }
  }
  return { keep, result };
}
