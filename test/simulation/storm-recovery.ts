/** Looks all the time at what buyers and merchants would notice: does it answer, do orders come? */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../app/platform/database';
import { merchantBrowser } from '../demo/install';
import type { Stormed } from './storm';

const ASK_EVERY_MS = 250;
const LOOK_EVERY_MS = 50;
const WAIT_MS_MAX = 90_000;

export type Recovery = {
  /** Until a page that was asked for after this moment had been answered. */
  answeredAfter(moment: number): Promise<number | null>;
  /** Until an order was taken that was not there at this moment. */
  orderAfter(moment: number): Promise<number | null>;
  stop(): Promise<void>;
};

export function watchRecovery(stormed: Stormed, db: Database): Recovery {
  const browse = merchantBrowser(stormed.appUrl, stormed.world.shop);
  const answers: { readonly askedAt: number; readonly answeredAt: number }[] = [];
  const ordersAt: number[] = [];
  const closing = new AbortController();

  const ask = async () => {
    const askedAt = Date.now();
    await browse('/app/orders').then(
      () => answers.push({ askedAt, answeredAt: Date.now() }),
      () => undefined,
    );
  };
  const asking = (async () => {
    while (!closing.signal.aborted) {
      // One at a time: a page nobody waits for any longer would be load of ours.
      await Promise.all([ask(), sleep(ASK_EVERY_MS)]);
    }
  })();
  let known: number | null = null;
  const looking = (async () => {
    while (!closing.signal.aborted) {
      const count = await db
        .one<{ orders: number }>(`SELECT count(*) AS orders FROM customer_order`)
        .then(
          ({ orders }) => orders,
          () => null,
        );
      if (count !== null && known !== null && count > known) ordersAt.push(Date.now());
      known = count ?? known;
      await sleep(LOOK_EVERY_MS);
    }
  })();

  return {
    answeredAfter: (moment) =>
      first(moment, () => answers.find(({ askedAt }) => askedAt >= moment)?.answeredAt),
    orderAfter: (moment) => first(moment, () => ordersAt.find((at) => at > moment)),
    async stop() {
      closing.abort();
      await Promise.all([asking, looking]);
    },
  };
}

async function first(moment: number, find: () => number | undefined): Promise<number | null> {
  const deadline = Date.now() + WAIT_MS_MAX;
  while (Date.now() < deadline) {
    const at = find();
    if (at !== undefined) return at - moment;
    await sleep(LOOK_EVERY_MS);
  }
  return null;
}
