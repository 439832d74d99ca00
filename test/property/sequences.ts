/**
 * Random sequences of commands against a model: how many are tried, and how a failing one is told.
 *
 * `PROPERTY_RUNS=20` tries twenty times as many, `PROPERTY_SEED=1` begins at a seed of one's own.
 */
import fc from 'fast-check';

const TIMES = Math.max(1, Number(process.env['PROPERTY_RUNS'] ?? '1'));
const SEED = process.env['PROPERTY_SEED'];
/** On a slow machine fewer are tried than wanted: no new one is begun after this. */
const TRYING_MS = 40_000 * TIMES;
/** Making a failing sequence shorter ends here, so that what was found is told in any case. */
const SEARCH_MS = TRYING_MS + 80_000;

/** For the test around a property. */
export const PROPERTY_TIMEOUT_MS = SEARCH_MS + 120_000;

/** A run of one sequence: a world and its model, which a step changes both and compares. */
export type Play<Command> = {
  step(command: Command): Promise<void>;
  /** What costs too much to look at after every step. */
  end(): Promise<void>;
};

export type Sequences<Setup, Command> = {
  readonly setup: fc.Arbitrary<Setup>;
  readonly command: fc.Arbitrary<Command>;
  /** Commands of a sequence at most. */
  readonly length: number;
  /** Sequences usually tried. */
  readonly runs: number;
  /** A new world, with data of its own. */
  readonly play: (setup: Setup) => Promise<Play<Command>>;
  /** A command in a few words. */
  readonly tell: (command: Command) => string;
};

/** How many runs a property of one's own should have. */
export function timesAsMany(usual: number): { readonly numRuns: number; readonly seed?: number } {
  return {
    numRuns: Math.ceil(usual * TIMES),
    ...(SEED === undefined ? {} : { seed: Number(SEED) }),
  };
}

/**
 * Plays sequences until one fails, and then looks for the shortest that fails. The error is the
 * one of that sequence, with its commands, one a line, before what was wrong.
 */
export async function checkSequences<Setup, Command>(
  sequences: Sequences<Setup, Command>,
): Promise<void> {
  const { setup, command, length, play, tell } = sequences;
  const end = Date.now() + TRYING_MS;
  let failed = false;
  const property = fc.asyncProperty(
    setup,
    // Unbiased: short sequences, which fast-check prefers, hardly begin to go wrong.
    fc.noBias(fc.array(command, { minLength: 1, maxLength: length, size: 'max' })),
    async (given, commands) => {
      if (!failed && Date.now() > end) return;
      try {
        await playOut(await play(given), commands);
      } catch (problem) {
        failed = true;
        throw problem;
      }
    },
  );
  const result = await fc.check(property, {
    ...timesAsMany(sequences.runs),
    interruptAfterTimeLimit: SEARCH_MS,
  });
  if (!result.failed) return;
  const failure = result.errorInstance;
  if (result.counterexample === null || !(failure instanceof Error)) {
    throw new Error(fc.defaultReportMessage(result) ?? 'The property failed.');
  }
  const [given, commands] = result.counterexample;
  failure.message = [
    `found by seed ${String(result.seed)} in run ${String(result.numRuns)}, shrunk ${String(result.numShrinks)} times`,
    `   world: ${JSON.stringify(given)}`,
    ...commands.map((one, index) => `${String(index + 1).padStart(4)}. ${tell(one)}`),
    failure.message,
  ].join('\n');
  throw failure;
}

async function playOut<Command>(world: Play<Command>, commands: readonly Command[]): Promise<void> {
  for (const [index, one] of commands.entries()) {
    await during(`after command ${String(index + 1)}`, () => world.step(one));
  }
  await during('in the end', () => world.end());
}

async function during(moment: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (problem) {
    if (problem instanceof Error) problem.message = `${moment}: ${problem.message}`;
    throw problem;
  }
}
