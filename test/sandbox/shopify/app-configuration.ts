import { readFile } from 'node:fs/promises';

import { parse } from 'smol-toml';

import type { AppWebhook } from './sandbox';

type Subscription = { topics?: string[]; compliance_topics?: string[]; uri?: string };
type AppToml = {
  access_scopes?: { scopes?: string };
  webhooks?: { subscriptions?: Subscription[] };
};

/**
 * What Shopify takes from an app's configuration file (shopify.app.toml) when it is deployed:
 * the scopes a shop grants at installation, and the subscriptions every installing shop gets.
 */
export async function readAppConfiguration(
  file: string | URL,
): Promise<{ scopes: string[]; appWebhooks: AppWebhook[] }> {
  const toml = parse(await readFile(file, 'utf8')) as AppToml;
  const scopes = (toml.access_scopes?.scopes ?? '')
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
  const appWebhooks = (toml.webhooks?.subscriptions ?? []).map((subscription) => ({
    topics: [...(subscription.topics ?? []), ...(subscription.compliance_topics ?? [])],
    uri: subscription.uri ?? '/',
  }));
  return { scopes, appWebhooks };
}
