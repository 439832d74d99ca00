/** Seeded randomness: the same seed tells the same story, so a failing run can be repeated. */
export type Random = {
  /** A fraction in [0, 1). */
  next(): number;
  /** A whole number, both ends included. */
  integer(min: number, max: number): number;
  pick<T>(list: readonly T[]): T;
  /** True with the given probability (0 to 1). */
  chance(probability: number): boolean;
  /** An index in [0, size), small ones far more often: the few best sellers of any shop. */
  zipf(size: number, exponent?: number): number;
  hex(digits: number): string;
  uuid(): string;
  shuffle<T>(list: readonly T[]): T[];
  /** An independent stream: what one part draws does not disturb another. */
  fork(label: string): Random;
};

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const cumulativeBySize = new Map<string, Float64Array>();

  function next(): number {
    // mulberry32, public domain (Tommy Ettinger): 32 bits of state, good enough to simulate with.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));

  function zipf(size: number, exponent = 1): number {
    const key = `${size}/${exponent}`;
    const known = cumulativeBySize.get(key) ?? cumulativeZipf(size, exponent);
    cumulativeBySize.set(key, known);
    const target = next() * (known[size - 1] ?? 0);
    const found = known.findIndex((sum) => sum > target);
    return found < 0 ? size - 1 : found;
  }

  function hex(digits: number): string {
    let text = '';
    while (text.length < digits) text += integer(0, 15).toString(16);
    return text;
  }

  return {
    next,
    integer,
    pick<T>(list: readonly T[]): T {
      const chosen = list[integer(0, list.length - 1)];
      if (chosen === undefined) throw new Error('cannot pick from an empty list');
      return chosen;
    },
    chance: (probability) => next() < probability,
    zipf,
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    shuffle<T>(list: readonly T[]): T[] {
      return list
        .map((value) => ({ value, rank: next() }))
        .sort((a, b) => a.rank - b.rank)
        .map((entry) => entry.value);
    },
    fork(label) {
      let hash = 2166136261 ^ seed;
      for (const character of label) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
      return createRandom(hash >>> 0);
    },
  };
}

function cumulativeZipf(size: number, exponent: number): Float64Array {
  const sums = new Float64Array(size);
  let sum = 0;
  for (let rank = 0; rank < size; rank += 1) {
    sum += 1 / (rank + 1) ** exponent;
    sums[rank] = sum;
  }
  return sums;
}
