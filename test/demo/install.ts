import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { SandboxShop } from '../sandbox/shopify/shop';
import { type DemoWorld, KIT_SKU } from './world';

const BROWSER = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
const IMPORT_MS_MAX = 180_000;

/** Does what a merchant's browser does: every request carries a fresh session token. */
export function merchantBrowser(appUrl: string, shop: SandboxShop) {
  return async (path: string, form?: Readonly<Record<string, string>>): Promise<Response> => {
    const answer = await fetch(`${appUrl}${path}`, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { authorization: `Bearer ${shop.idToken()}`, 'user-agent': BROWSER },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    if (answer.status >= 400) {
      throw new Error(`${path} answered ${String(answer.status)}: ${await answer.text()}`);
    }
    return answer;
  };
}

/** Waits until a fact holds, asking again and again; throws with the sentence given. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + IMPORT_MS_MAX;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It took too long: ${what}.`);
    await sleep(150);
  }
}

/** Says what the set is made of: two of one kitchen item and one of another. */
async function makeKit(
  client: pg.Client,
  browse: ReturnType<typeof merchantBrowser>,
): Promise<void> {
  const { rows: kits } = await client.query<{ id: string }>(
    `SELECT id FROM item WHERE sku = $1 AND kind = 'simple'`,
    [KIT_SKU],
  );
  const { rows: parts } = await client.query<{ id: string }>(
    `SELECT i.id FROM item i JOIN stock_level l ON l.item_id = i.id
      WHERE i.sku LIKE 'KIT-%' GROUP BY i.id ORDER BY sum(l.available) DESC, i.id LIMIT 2`,
  );
  const [kit] = kits;
  const [first, second] = parts;
  if (kit === undefined || first === undefined || second === undefined) return;
  await browse(`/app/inventory/${kit.id}`, {
    intent: 'set-kit',
    key: `demo-kit-${kit.id}`,
    parts: `${first.id}:2,${second.id}:1`,
    writeOff: '',
  });
}

/** Installs the app and connects the second store, once, the way a merchant does it. */
export async function prepareMerchant(merchant: {
  readonly appUrl: string;
  readonly databaseUrl: string;
  readonly world: Pick<DemoWorld, 'shop' | 'woo'>;
  readonly say: (line: string) => void;
}): Promise<void> {
  const { world, say } = merchant;
  const browse = merchantBrowser(merchant.appUrl, world.shop);
  await browse('/app');
  const client = new pg.Client({ connectionString: merchant.databaseUrl });
  await client.connect();
  const imported = async (kind: string): Promise<boolean> => {
    const { rows } = await client.query(
      `SELECT 1 FROM connection WHERE kind = $1 AND imported_at IS NOT NULL`,
      [kind],
    );
    return rows.length > 0;
  };
  const goLive = async (kind: string): Promise<void> => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM connection WHERE kind = $1 AND NOT publishing`,
      [kind],
    );
    for (const { id } of rows) {
      await browse(`/app/channels/${id}/numbers`, { intent: 'go-live', key: `demo-live-${id}` });
    }
  };
  try {
    say('Importing the Shopify store…');
    await until('importing the Shopify store', () => imported('shopify'));
    await makeKit(client, browse);
    await goLive('shopify');
    const { rows } = await client.query(`SELECT 1 FROM connection WHERE kind = 'woocommerce'`);
    if (rows.length === 0) {
      say('Connecting the WooCommerce store…');
      await browse('/app/channels', {
        intent: 'connect-woocommerce',
        key: 'demo-connect-1',
        storeUrl: world.woo.url,
        name: 'Harbor & Pine Outlet',
        consumerKey: world.woo.consumerKey,
        consumerSecret: world.woo.consumerSecret,
      });
    }
    await until('importing the WooCommerce store', () => imported('woocommerce'));
    await goLive('woocommerce');
    await browse('/app?index', { intent: 'finish-setup', key: 'demo-finish-1' });
  } finally {
    await client.end();
  }
}
