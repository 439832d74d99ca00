import rest from '@woocommerce/woocommerce-rest-api';

import { createFaults, createJournal, createRandom, realClock } from '../../sandbox/core';
import type { Clock } from '../../sandbox/core';
import { createWooStore } from '../../sandbox/woocommerce';
import type { WooStore, WooStoreOptions } from '../../sandbox/woocommerce';

export type Json = Record<string, unknown>;
export type StoreAnswer = { status: number; body: unknown; headers: Record<string, string> };

const RestApi = 'default' in rest ? (rest as unknown as { default: typeof rest }).default : rest;

export function openStore(
  options: Partial<WooStoreOptions> = {},
  clock: Clock = realClock(),
): Promise<WooStore> {
  const random = createRandom(7);
  return createWooStore({
    name: 'Harbor Goods',
    clock,
    random,
    faults: createFaults(random.fork('faults')),
    journal: createJournal(() => clock.now()),
    ...options,
  });
}

/** Calls the store with the vendor's own client, which signs as the real one expects. */
export async function callStore(
  store: WooStore,
  method: 'get' | 'post' | 'put' | 'delete',
  path: string,
  more: { body?: unknown; params?: Json; key?: string; secret?: string } = {},
): Promise<StoreAnswer> {
  const api = new RestApi({
    url: store.url,
    consumerKey: more.key ?? store.consumerKey,
    consumerSecret: more.secret ?? store.consumerSecret,
    timeout: 60_000,
    axiosConfig: { validateStatus: () => true },
  });
  const { params = {} } = more;
  const answer: unknown = await (method === 'get' || method === 'delete'
    ? api[method](path, params)
    : api[method](path, more.body, params));
  const { status, data, headers } = answer as { status: number; data: unknown; headers: object };
  return { status, body: data, headers: { ...headers } };
}
