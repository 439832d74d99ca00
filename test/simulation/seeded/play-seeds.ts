/** One process of a campaign: plays seeds on a database of its own and tells of each. */
import { readAppConfiguration } from '../../sandbox/shopify';
import { openWorldDatabases } from './database';
import { describePart } from './plan';
import { type SeedResult, runSeed } from './run-seed';
import { shrink } from './shrink';

export type Told = {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly steps: number;
  readonly fingerprint: number;
  readonly counts: SeedResult['counts'];
  /** Of a failure: the plan that is left, how to play it again, and the steps before the end. */
  readonly story: readonly string[];
};

export type PlaySettings = {
  readonly seeds: Iterable<number>;
  readonly keep: readonly number[] | null;
  readonly ask: string | null;
  /** Every step of every seed. */
  readonly trace: boolean;
  readonly shrinks: boolean;
  tell(told: Told): void;
};

const SHRINK_TRIES_MAX = 60;
const TRACE_LINES = 40;

export async function playSeeds(settings: PlaySettings): Promise<void> {
  const name = `crossdock_sim_${String(process.pid)}`;
  const databases = await openWorldDatabases(`${name}_template`);
  const appConfiguration = await readAppConfiguration(
    new URL('../../../shopify.app.toml', import.meta.url),
  );
  const play = async (seed: number, keep: readonly number[] | null): Promise<SeedResult> => {
    const { ask } = settings;
    return runSeed({
      seed,
      databaseUrl: await databases.fresh(name),
      appConfiguration,
      ...(keep === null ? {} : { keep }),
      ...(ask === null ? {} : { ask }),
    });
  };
  try {
    // The first world of a process loads what later ones find: it is not the same run again.
    await play(0, []);
    for (const seed of settings.seeds) {
      const result = await play(seed, settings.keep);
      if (settings.trace) console.log(result.trace.join('\n'));
      if (result.answer.length > 0) console.table(result.answer);
      settings.tell(await toldOf(result, settings, (keep) => play(seed, keep)));
    }
  } finally {
    await databases.drop(name);
    await databases.close();
  }
}

async function toldOf(
  result: SeedResult,
  { keep, shrinks }: PlaySettings,
  play: (keep: readonly number[]) => Promise<SeedResult>,
): Promise<Told> {
  const { seed, violations, steps, fingerprint, counts } = result;
  const told = { seed, violations, steps, fingerprint, counts };
  if (violations.length === 0) return { ...told, story: [] };
  if (!shrinks || keep !== null) return { ...told, story: storyOf(result, keep) };
  const shrunk = await shrink(result, play, SHRINK_TRIES_MAX);
  const story = storyOf(shrunk.result, shrunk.keep);
  return { ...told, violations: shrunk.result.violations, story };
}

function storyOf({ seed, plan, trace }: SeedResult, keep: readonly number[] | null): string[] {
  const kept = keep === null ? '' : ` --keep ${keep.length === 0 ? 'none' : keep.join(',')}`;
  const stock = plan.items.map((item) => `${item.sku} ${JSON.stringify(item.stock)}`).join(', ');
  return [
    `again: npm run simulate -- --seed ${String(seed)}${kept} --trace`,
    `stock: ${stock}; workers: ${String(plan.workers)}; skew: ${JSON.stringify(plan.skewMs)}`,
    ...plan.parts.map(describePart),
    'its last steps:',
    ...trace.slice(-TRACE_LINES),
  ];
}
