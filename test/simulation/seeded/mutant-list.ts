/** Bugs that somebody could make any day. Each is caught by some seed. */
export type Mutant = {
  readonly name: string;
  /** What is wrong then. */
  readonly what: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
};

export const MUTANTS: readonly Mutant[] = [];
