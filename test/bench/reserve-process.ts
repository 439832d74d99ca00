/**
 * Our side of the comparison with Medusa, a process of its own as Medusa's is, driven by the same
 * messages (see contenders.ts). HOW: `grouped` is the operation that the product calls, which
 * commits calls together that come together; `single` sends each call's statement by itself.
 */
import { createJobSystem } from '../../app/jobs/job-system';
import {
  type ReserveStock,
  type StockReserved,
  createReserveStock,
  reserveAll,
} from '../../app/operations/stock/reserve-stock';
import { systemActor } from '../../app/domain/shared/actor';
import { createDatabase } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { silentLog } from '../../app/platform/log';
import { type Race, type Raced, ledgerPlace } from './race';
import { ledgerContext } from './ledger-database';

const { DATABASE_URL: url = '', HOW: how, POOL_MAX: max } = process.env;
const { merchantId, locationId } = ledgerPlace.parse(JSON.parse(process.env['PLACE'] ?? '{}'));
const db = createDatabase(url, { max: Number(max), applicationName: 'crossdock-bench' });
const jobs = createJobSystem({ db, log: silentLog, redisUrl: null });
const context = ledgerContext(db, jobs);
const reserve = how === 'single' ? reserveSingly : createReserveStock(context);

async function reserveSingly(merchant: string, request: ReserveStock): Promise<StockReserved> {
  const [result] = await reserveAll(context, merchant, [request]);
  if (result === undefined) throw new Error('A call has no result.');
  return result;
}

async function race({ item, tries, callers }: Race): Promise<Raced> {
  const raced: Raced = { accepted: 0, refused: 0, failed: 0, acceptedMs: 0, problem: null };
  let next = 0;
  const startedAt = performance.now();
  const caller = async (): Promise<void> => {
    while (next < tries) {
      next += 1;
      try {
        const result = await reserve(merchantId, {
          itemId: item,
          locationId,
          quantity: 1,
          to: 'reserved',
          key: newId(),
          cause: { kind: 'bench', id: 'beside-medusa' },
          actor: systemActor('bench'),
        });
        if ('moved' in result && result.moved === 1) {
          raced.accepted += 1;
          raced.acceptedMs = performance.now() - startedAt;
        } else {
          raced.refused += 1;
        }
      } catch (problem) {
        raced.failed += 1;
        raced.problem ??= String(problem);
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return raced;
}

process.on('message', (asked: Race) => {
  race(asked).then(
    (value) => process.send?.({ value }),
    (problem: unknown) => process.send?.({ problem: String(problem) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ value: 'ready' });
