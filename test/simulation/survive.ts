/** The rounds of the crash tests: what is killed, and when it comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase } from '../../app/platform/database';
import { startCrossdock, smallCatalog } from '../support/far-side';
import { trackingNumbers } from './check-books';
import { type KillableServer, startKillablePostgres, startKillableRedis } from './killable-servers';
import { endFaults, playFaults, settle, startTraffic } from './storm';

/** Few enough that the popular items sell out. */
const STOCK = [25, 10, 5] as const;
const OPENING = STOCK.reduce((sum, units) => sum + units, 0);
/** More rounds are asked for in the environment, for a night's run. */
const ROUNDS = Number(process.env['CROSSDOCK_CRASH_ROUNDS'] ?? 1);
const PAUSE_MS = 2_500;
const DOWN_MS = 1_200;

export type Survived = {
  readonly problems: readonly string[];
  readonly orders: number;
  readonly shipped: number;
};

/** A merchant's day in bad weather: everything that can be killed is, under load. */
export async function surviveStorm(queue: 'embedded' | 'bull'): Promise<Survived> {
  const postgres = await startKillablePostgres(`crash-${queue}`);
  const redis = queue === 'bull' ? await startKillableRedis() : null;
  const db = createDatabase(postgres.url, { max: 4, onError: () => undefined });
  const crossdock = await startCrossdock({
    name: `crash-${queue}`,
    databaseUrl: postgres.url,
    redisUrl: redis?.url ?? null,
    roles: ['web', 'worker'],
    products: smallCatalog(STOCK),
  });
  try {
    playFaults(crossdock.world);
    const traffic = startTraffic(crossdock, db);
    const restart = async (role: 'web' | 'worker') => {
      await sleep(PAUSE_MS);
      await crossdock.kill(role);
      await sleep(DOWN_MS);
      await crossdock.start(role);
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      await restart('worker');
      await killAndRestart(postgres);
      await restart('worker');
      // Meanwhile the leases of both workers end, which nobody then has to wait for.
      await restart('web');
      if (redis !== null) {
        await sleep(PAUSE_MS);
        await redis.flush();
        await killAndRestart(redis);
      }
    }
    await sleep(PAUSE_MS);
    await traffic.stop();
    endFaults(crossdock.world);
    const problems = await settle(crossdock, db, OPENING);
    const { shop, woo } = crossdock.world;
    return {
      problems,
      orders: shop.state.orders.size + woo.state.orders.size,
      shipped: trackingNumbers(crossdock.world).length,
    };
  } finally {
    await crossdock.close();
    await db.close();
    await redis?.remove();
    await postgres.remove();
  }
}

async function killAndRestart(server: KillableServer): Promise<void> {
  await sleep(PAUSE_MS);
  await server.kill();
  await sleep(DOWN_MS);
  await server.restart();
}
