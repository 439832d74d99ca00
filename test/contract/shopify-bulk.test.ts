/**
 * Goal: a large shop is read whole through Shopify's export, whatever becomes of the export, its
 * file or our process. Method: the sandbox runs it on the real schema and misbehaves as told.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { checkFileUrl } from '#app/connectors/channels/shopify/read-export';
import type { ChannelConnector, ChannelListing, Page } from '#app/contracts/channel';
import type { SandboxShop, ShopifySandbox } from '../sandbox/shopify';
import { connectShopify, SHOP, startShopifySandbox, valueOf } from './shopify-setup';

/** More than is paged, and several pages of the file. */
const VARIANTS = 1_310;
/** No call goes unanswered here, however busy the machine is. */
const PATIENCE_MS = 60_000;

let sandbox: ShopifySandbox;
let shop: SandboxShop;
let channel: ChannelConnector;

beforeAll(async () => {
  sandbox = await startShopifySandbox();
  shop = sandbox.createShop({ domain: SHOP, locations: [{ name: 'North' }, { name: 'South' }] });
  for (let product = 0; product * 10 < VARIANTS; product += 1) {
    shop.addProduct({
      title: `Rope № ${String(product)} — "strong"`,
      variants: Array.from({ length: 10 }, (_, index) => ({
        sku: `ROPE-${String(product * 10 + index)}`,
        title: `${String(index)} m`,
        stock: index === 9 ? { North: 3 } : { North: product, South: index },
      })),
    });
  }
  channel = await connectShopify(shop, [], PATIENCE_MS);
});

beforeEach(() => {
  shop.state.bulk.operations.clear();
  Object.assign(shop.state.bulk.behaviour, {
    milliseconds: 200,
    endings: [],
    cutOff: [],
    breakOffs: [],
    busy: false,
    ignoresRange: false,
    url: null,
  });
  sandbox.journal.clear();
});

type Reading = {
  readonly listings: ChannelListing[];
  readonly waits: number;
  readonly asks: number;
};

/** Reads on to the end as a job would: a page at a time, again where it is told to. */
async function readAll(
  between: (page: Page<ChannelListing>, asks: number) => void | Promise<void> = () => undefined,
): Promise<Reading> {
  const listings: ChannelListing[] = [];
  let cursor: string | null = null;
  let waits = 0;
  for (let asks = 1; asks < 1_000; asks += 1) {
    const outcome = await channel.listListings(cursor);
    if (outcome.status === 'retry_later') continue;
    const page: Page<ChannelListing> = valueOf(outcome);
    listings.push(...page.entries);
    if (page.readyAt !== undefined) {
      waits += 1;
      await sleep(25);
    }
    await between(page, asks);
    cursor = page.nextCursor;
    if (cursor === null) return { listings, waits, asks };
  }
  throw new Error('It never ended.');
}

const refsOf = (listings: readonly ChannelListing[]): Set<string> =>
  new Set(listings.map(({ ref }) => ref));
/** Exports made; a start that had to be asked for twice made one. */
const started = (): number => shop.state.bulk.operations.size;

describe('the listings of a large shop', () => {
  it('come in pages from one export, each as a single reading tells it', async () => {
    const pages: Page<ChannelListing>[] = [];
    const { listings } = await readAll((page) => void pages.push(page));
    expect(listings.map(({ sku }) => sku)).toEqual(
      Array.from({ length: VARIANTS }, (_, index) => `ROPE-${String(index)}`),
    );
    expect(pages.map(({ entries }) => entries.length).filter(Boolean)).toEqual([500, 500, 310]);
    expect(new Set(pages.map(({ expected }) => expected))).toEqual(new Set([VARIANTS]));
    expect(started()).toBe(1);
    for (const listing of [listings[0], listings[9], listings[1_309]]) {
      expect(listing).toEqual(valueOf(await channel.getListing(listing?.ref ?? '')));
    }
  });

  it('are waited for while the export is made, with nothing in hand', async () => {
    shop.state.bulk.behaviour.milliseconds = 60_000;
    const first = valueOf(await channel.listListings(null));
    expect(first).toMatchObject({ entries: [], expected: VARIANTS });
    expect(first.readyAt?.getTime()).toBeGreaterThan(Date.now());
    const again = valueOf(await channel.listListings(first.nextCursor));
    expect(again.entries).toEqual([]);
    expect(again.readyAt).toBeDefined();
    expect(started()).toBe(1);
  });

  it('are read on from any page by another process', async () => {
    const { listings } = await readAll(async () => {
      channel = await connectShopify(shop, [], PATIENCE_MS);
    });
    expect(refsOf(listings).size).toBe(VARIANTS);
    expect(listings.length).toBe(VARIANTS);
    expect(started()).toBe(1);
  });

  it('are adopted from an export whose start was never heard of', async () => {
    sandbox.faults.set(SHOP, 'errorAfter', { only: 'bulkOperationRunQuery', remaining: 1 });
    const { listings } = await readAll();
    expect(listings.length).toBe(VARIANTS);
    expect(started()).toBe(1);
  });

  it('wait while another export of the app is under way', async () => {
    shop.state.bulk.behaviour.busy = true;
    const { listings, waits } = await readAll((_page, asks) => {
      if (asks === 3) shop.state.bulk.behaviour.busy = false;
    });
    expect(waits).toBeGreaterThan(2);
    expect(listings.length).toBe(VARIANTS);
  });

  it.each(['FAILED', 'CANCELED', 'EXPIRED'] as const)(
    'come from a new export after one that was %s, and never from its rest',
    async (ending) => {
      shop.state.bulk.behaviour.endings.push(ending, ending);
      const { listings } = await readAll();
      expect(listings.length).toBe(VARIANTS);
      expect(started()).toBe(3);
    },
  );

  it('are refused when no export succeeds', async () => {
    shop.state.bulk.behaviour.endings.push(...Array.from({ length: 9 }, () => 'FAILED' as const));
    await expect(readAll()).rejects.toThrow(/could not make the list of products/);
    expect(started()).toBe(4);
  });

  it('are asked for anew when the file was cut off, and are whole then', async () => {
    shop.state.bulk.behaviour.cutOff.push(0.61803);
    const { listings } = await readAll();
    expect(refsOf(listings).size).toBe(VARIANTS);
    expect(started()).toBe(2);
  });

  it('are read on where a download broke off', async () => {
    shop.state.bulk.behaviour.breakOffs.push(100, 70_001, 7, 33_333);
    const { listings } = await readAll();
    expect(listings.length).toBe(VARIANTS);
    expect(refsOf(listings).size).toBe(VARIANTS);
    expect(started()).toBe(1);
  });

  it('are found in files of a server that knows no ranges', async () => {
    shop.state.bulk.behaviour.ignoresRange = true;
    const { listings } = await readAll();
    expect(listings.length).toBe(VARIANTS);
    expect(refsOf(listings).size).toBe(VARIANTS);
  });

  it('of a small shop come without an export', async () => {
    const small = sandbox.createShop({
      domain: 'corner.myshopify.com',
      locations: [{ name: 'A' }],
    });
    small.addProduct({ title: 'Cleat', variants: [{ sku: 'CLEAT', stock: { A: 1 } }] });
    const other = await connectShopify(small, [], PATIENCE_MS);
    const page = valueOf(await other.listListings(null));
    expect(page).toMatchObject({ nextCursor: null, expected: 1 });
    expect(page.entries.map(({ sku }) => sku)).toEqual(['CLEAT']);
    expect(started()).toBe(0);
  });
});

describe('where a file may lie', () => {
  it.each([
    'http://storage.googleapis.com/a',
    'https://127.0.0.1/a',
    'https://[::1]/a',
    'https://169.254.169.254/latest',
    'https://2130706433/a',
    'https://localhost/a',
    'https://db.internal/a',
    'https://storage/a',
    'https://user:secret@storage.googleapis.com/a',
    'https://storage.googleapis.com:8443/a',
    'file:///etc/passwd',
    'nonsense',
  ])('is not %s, and nothing is fetched', async (url) => {
    expect(checkFileUrl(url).status).toBe('refused');
    shop.state.bulk.behaviour.url = url;
    await expect(readAll()).rejects.toThrow(/address that is not called/);
    expect(sandbox.journal.count({ operation: 'bulk file' })).toBe(0);
  });

  it('is an https address by name', () => {
    expect(checkFileUrl('https://storage.googleapis.com/tiers/x?sig=1').status).toBe('done');
  });
});

describe('a product', () => {
  it('is read with all its variants, and is empty when deleted', async () => {
    const { product, variants } = shop.addProduct({
      title: 'Sail',
      variants: Array.from({ length: 45 }, (_, index) => ({ sku: `SAIL-${String(index)}` })),
    });
    const read = valueOf(await channel.getProductListings(product.id));
    expect(read.map(({ sku }) => sku)).toEqual(variants.map(({ sku }) => sku));
    shop.deleteProduct(product.id);
    expect(valueOf(await channel.getProductListings(product.id))).toEqual([]);
    expect(valueOf(await channel.getListing(variants[0]?.id ?? ''))).toBeNull();
  });

  it('shows among those changed since a moment, not before it', async () => {
    const since = new Date(Date.now() + 1_000);
    for (const variant of shop.state.variants.values()) variant.updatedAt = new Date(0);
    const [first] = [...shop.state.variants.values()];
    if (first === undefined) throw new Error('no variant');
    expect(valueOf(await channel.listListingsChangedSince(since, null)).entries).toEqual([]);
    first.updatedAt = new Date(since.getTime() + 500);
    const { entries } = valueOf(await channel.listListingsChangedSince(since, null));
    expect(entries.map(({ ref }) => ref)).toEqual([first.id]);
  });
});
