/**
 * Medusa's inventory module, driven as its own flows drive it: a reservation is made inside a lock
 * on the item (core-flows/src/cart/steps/reserve-inventory.ts). LOCK says which: `none` calls the
 * module as it is, `memory` is Medusa's default, `postgres` its other provider. Told what to do by
 * messages of the process that forked it (see ../contenders.ts).
 */
const { randomUUID } = require('node:crypto');
const {
  ContainerRegistrationKeys,
  Modules,
  createPgConnection,
} = require('@medusajs/framework/utils');
const { MedusaApp } = require('@medusajs/framework/modules-sdk');

const {
  DATABASE_URL: clientUrl,
  LOCK: lockKind,
  MIGRATE: migrates,
  POOL_MAX: poolMax,
} = process.env;
const LOCATION = 'warehouse';
/** Nobody gives up waiting for the lock: what is timed is the reservation. */
const LOCK_TIMEOUT_SECONDS = 60;
const pool = { min: 0, max: Number(poolMax) };
const database = { database: { clientUrl, schema: 'public', pool } };
const quiet = () => undefined;
const logger = Object.fromEntries(
  ['debug', 'info', 'warn', 'error', 'log', 'success', 'failure', 'activity', 'progress'].map(
    (level) => [level, quiet],
  ),
);
Object.assign(logger, { shouldLog: () => false, setLogLevel: quiet, unsetLogLevel: quiet });

async function start() {
  const providers =
    lockKind === 'postgres'
      ? [
          {
            id: 'locking-postgres',
            resolve: '@medusajs/locking-postgres',
            is_default: true,
            options: database,
          },
        ]
      : undefined;
  const app = await MedusaApp({
    cwd: __dirname,
    injectedDependencies: {
      [ContainerRegistrationKeys.PG_CONNECTION]: createPgConnection({
        clientUrl,
        schema: 'public',
        pool,
      }),
      [ContainerRegistrationKeys.LOGGER]: logger,
    },
    modulesConfig: {
      [Modules.INVENTORY]: { resolve: '@medusajs/inventory', options: database },
      [Modules.LOCKING]: {
        resolve: '@medusajs/locking',
        options: { ...database, ...(providers === undefined ? {} : { providers }) },
      },
    },
  });
  if (migrates === '1') await app.runMigrations();
  await app.onApplicationStart();
  return { inventory: app.modules[Modules.INVENTORY], lock: app.modules[Modules.LOCKING] };
}

async function stock({ inventory }, { units }) {
  const [item] = await inventory.createInventoryItems([{ sku: `hot-${randomUUID()}` }]);
  await inventory.createInventoryLevels([
    { inventory_item_id: item.id, location_id: LOCATION, stocked_quantity: units },
  ]);
  return item.id;
}

async function race({ inventory, lock }, { item, tries, callers }) {
  const counts = { accepted: 0, refused: 0, failed: 0, acceptedMs: 0, problem: null };
  let next = 0;
  const reserve = (index) =>
    inventory.createReservationItems([
      {
        inventory_item_id: item,
        location_id: LOCATION,
        quantity: 1,
        line_item_id: `${process.pid}-${item}-${index}`,
      },
    ]);
  const startedAt = performance.now();
  const caller = async () => {
    while (next < tries) {
      const index = next++;
      try {
        if (lockKind === 'none') await reserve(index);
        else await lock.execute([item], () => reserve(index), { timeout: LOCK_TIMEOUT_SECONDS });
        counts.accepted += 1;
        counts.acceptedMs = performance.now() - startedAt;
      } catch (problem) {
        if (problem.type === 'not_allowed') counts.refused += 1;
        else {
          counts.failed += 1;
          counts.problem ??= String(problem.message);
        }
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return counts;
}

async function held({ inventory }, { item }) {
  const level = await inventory.retrieveInventoryLevelByItemAndLocation(item, LOCATION);
  const [, rows] = await inventory.listAndCountReservationItems({ inventory_item_id: item });
  return { counter: Number(level.reserved_quantity), rows };
}

const ACTS = { stock, race, held };

start().then(
  (modules) => {
    process.on('message', ({ act, ...asked }) => {
      ACTS[act](modules, asked).then(
        (value) => process.send({ value }),
        (problem) => process.send({ problem: String(problem.stack) }),
      );
    });
    process.send({ value: 'ready' });
  },
  (problem) => {
    console.error(problem);
    process.exit(1);
  },
);
process.on('disconnect', () => process.exit(0));
