/** A Shopify sandbox, one shop in it, and the connector talking to it through Shopify's library. */
import { readFile } from 'node:fs/promises';

import '@shopify/shopify-api/adapters/node';
import { type ApiVersion, RequestedTokenType, shopifyApi } from '@shopify/shopify-api';
import { parse as parseToml } from 'smol-toml';
import { afterAll } from 'vitest';

import { ADMIN_API_VERSION } from '#app/connectors/channels/shopify/client';
import { createShopifyChannel } from '#app/connectors/channels/shopify/connector';
import type { ChannelConnector } from '#app/contracts/channel';
import type { Outcome } from '#app/contracts/outcome';
import {
  createShopifySandbox,
  type SandboxShop,
  type ShopifySandbox,
  type ShopifySandboxOptions,
} from '../sandbox/shopify';

export const API_KEY = 'crossdock-test-key';
export const API_SECRET = 'crossdock-test-secret';
export const SHOP = 'harbor-goods.myshopify.com';
/** Short, so that a call the sandbox never answers does not hold up the suite. */
const TIMEOUT_MS = 1_500;

export type AppToml = {
  readonly access_scopes: { readonly scopes: string };
  readonly webhooks: {
    readonly api_version: string;
    readonly subscriptions: readonly {
      readonly topics?: string[];
      readonly compliance_topics?: string[];
      readonly uri: string;
    }[];
  };
};

export async function readAppToml(): Promise<AppToml> {
  const text = await readFile(new URL('../../shopify.app.toml', import.meta.url), 'utf8');
  return parseToml(text) as unknown as AppToml;
}

/**
 * A sandbox that grants what shopify.app.toml asks for, and that every fetch of this process to a
 * shop's domain is sent to.
 */
export async function startShopifySandbox(
  options: Partial<ShopifySandboxOptions> = {},
): Promise<ShopifySandbox> {
  const { access_scopes } = await readAppToml();
  const sandbox = await createShopifySandbox({
    scopes: access_scopes.scopes.split(','),
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    appUrl: 'http://127.0.0.1:9',
    ...options,
  });
  process.env['SHOPIFY_SIM_URL'] = sandbox.url;
  await import('../sandbox/redirect.mjs');
  afterAll(() => sandbox.close());
  return sandbox;
}

/** The connector, with a token from the sandbox's own token exchange. Waits are not slept. */
export async function connectShopify(
  shop: SandboxShop,
  waited: number[] = [],
  timeoutMs = TIMEOUT_MS,
): Promise<ChannelConnector> {
  const api = shopifyApi({
    apiKey: API_KEY,
    apiSecretKey: API_SECRET,
    apiVersion: ADMIN_API_VERSION as ApiVersion,
    hostName: 'localhost',
    isEmbeddedApp: true,
    logger: { log: () => undefined },
  });
  const { session } = await api.auth.tokenExchange({
    shop: shop.domain,
    sessionToken: shop.idToken(),
    requestedTokenType: RequestedTokenType.OfflineAccessToken,
    expiring: true,
  });
  return createShopifyChannel(
    {
      accountUrl: `https://${shop.domain}`,
      credentials: { shop: shop.domain },
      now: () => new Date(),
      log: { info: () => undefined, warn: () => undefined },
    },
    {
      timeoutMs,
      wait: (milliseconds) => {
        waited.push(milliseconds);
        return Promise.resolve();
      },
      getAdmin: () => {
        const client = new api.clients.Graphql({ session });
        return Promise.resolve({
          status: 'done',
          value: { request: (text, request) => client.request(text, request) },
        });
      },
    },
  );
}

/** The value of an outcome that must be a success. */
export function valueOf<Value>(outcome: Outcome<Value> | undefined): Value {
  if (outcome !== undefined && 'value' in outcome) return outcome.value;
  throw new Error(`Not done: ${JSON.stringify(outcome)}`);
}
