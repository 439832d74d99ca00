import type { StockPublication } from '#app/contracts/channel';
import { createWooCommerceChannel } from '../../../woocommerce-bridge/index';
import type { ClientOptions } from '../../../woocommerce-bridge/index';
import { createFaults, createJournal, createRandom, realClock } from '../../sandbox/core';
import { createWooStore } from '../../sandbox/woocommerce';
import type { Order, WooStore, WooStoreOptions } from '../../sandbox/woocommerce';

export type Shop = {
  readonly store: WooStore;
  readonly channel: ReturnType<typeof createWooCommerceChannel>;
  /** Everything the bridge logged, as one text. */
  logged(): string;
  /** Method and path (without the query) of every call that reached the store. */
  calls(): string[];
  /** Those of them that could change something. */
  writes(): string[];
};

/** A sandbox store and the bridge pointed at it, with short waits. */
export async function openShop(
  storeOptions: Partial<WooStoreOptions> = {},
  clientOptions: Partial<ClientOptions> = {},
): Promise<Shop> {
  const clock = realClock();
  const random = createRandom(11);
  const store = await createWooStore({
    name: 'Harbor Goods',
    clock,
    random,
    faults: createFaults(random.fork('faults')),
    journal: createJournal(() => clock.now()),
    ...storeOptions,
  });
  const lines: string[] = [];
  const log = (fields: Readonly<Record<string, unknown>>, message: string): void => {
    lines.push(JSON.stringify({ ...fields, message }));
  };
  const channel = createWooCommerceChannel(
    {
      accountUrl: store.url,
      credentials: { consumerKey: store.consumerKey, consumerSecret: store.consumerSecret },
      now: () => clock.now(),
      log: { info: log, warn: log },
    },
    {
      allowPrivateAddresses: true,
      readTimeoutMs: 1_500,
      writeTimeoutMs: 1_500,
      sleep: () => Promise.resolve(),
      ...clientOptions,
    },
  );
  const calls = (): string[] =>
    store.journal
      .entries({ system: 'woocommerce' })
      .map(({ method, path }) => `${method} ${path.split('?')[0]?.replace('/wp-json/wc/v3/', '')}`);
  return {
    store,
    channel,
    logged: () => lines.join('\n'),
    calls,
    writes: () => calls().filter((call) => !call.startsWith('GET ')),
  };
}

/** One number to publish, of a store that has no locations. */
export const stockNumber = (
  stockRef: string,
  quantity: number,
  expected: number | null,
): StockPublication => ({ listingRef: stockRef, stockRef, locationRef: '', quantity, expected });

/** An order of as many new products as there are quantities, each with 99 in stock. */
export function placeOrderOf(shop: Shop, ...quantities: number[]): Order {
  return shop.store.placeOrder({
    lines: quantities.map((quantity, n) => ({
      productId: shop.store.addProduct({ name: `P${n}`, price: '5.00', stock: 99 }).id,
      quantity,
    })),
  });
}

/** Whether any answer or log line gives a credential away. */
export function leaksSecret(shop: Shop, ...answers: unknown[]): boolean {
  const said = `${JSON.stringify(answers)}\n${shop.logged()}`;
  return said.includes(shop.store.consumerSecret) || said.includes(shop.store.consumerKey);
}
