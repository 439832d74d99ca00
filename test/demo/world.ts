/** The outside world of the demo: one merchant with a Shopify and a WooCommerce store. */
import {
  type Clock,
  type ControlledStore,
  type Random,
  believableAddress,
  believableEmail,
  createFaults,
  createJournal,
  createRandom,
  createTraffic,
  realClock,
  serveControlPage,
} from '../sandbox/core';
import { createShopifySandbox, readAppConfiguration } from '../sandbox/shopify';
import { createWooStore } from '../sandbox/woocommerce';
import { type DemoProduct, LOCATIONS, demoCatalog } from './catalog';
import type { DemoSettings } from './settings';
import { restoreState, snapshotState } from './snapshot';

const SEED = 20261124;
const WEEKS_OF_ORDERS = 5;
const PAST_ORDERS_PER_DAY = 12;
const DAY_MS = 24 * 3_600_000;
export const SHOP_DOMAIN = 'harbor-and-pine.myshopify.com';

export type DemoWorld = Awaited<ReturnType<typeof createWorld>>;

/** What a test wants otherwise than the demo has it. */
export type WorldOptions = {
  readonly seed?: number;
  readonly products?: readonly DemoProduct[];
  readonly weeksOfOrders?: number;
};

/** Starts both stores, the control page and the traffic; as they were, when they ran before. */
export async function createWorld(
  settings: DemoSettings,
  appUrl: string,
  options: WorldOptions = {},
) {
  const clock = realClock();
  const random = createRandom(options.seed ?? SEED);
  const shopify = await createShopifySandbox({
    apiKey: settings.shopifyApiKey,
    apiSecret: settings.shopifyApiSecret,
    appUrl,
    clock,
    random: random.fork('shopify'),
    port: settings.ports.shopify,
    scheduleScale: 0.01,
    ...(await readAppConfiguration(new URL('../../shopify.app.toml', import.meta.url))),
  });
  const shop = shopify.createShop({
    domain: SHOP_DOMAIN,
    name: 'Harbor & Pine',
    plan: 'Advanced',
    timezone: 'America/Los_Angeles',
    locations: settings.restored === null ? demoLocations() : [],
  });
  const woo = await createWooStore({
    name: 'Harbor & Pine Outlet',
    clock,
    random: random.fork('woocommerce'),
    faults: createFaults(random.fork('woocommerce faults')),
    journal: createJournal(() => clock.now()),
    port: settings.ports.woocommerce,
    fulfillments: true,
    httpCallbacks: true,
    webhookDelayMilliseconds: 400,
    credentials: settings.wooCredentials,
  });
  if (settings.restored === null) fillStores({ shop, woo, random, clock }, options);
  else {
    restoreState(shop.state, settings.restored.shopify);
    restoreState(woo.state, settings.restored.woocommerce);
  }
  const stores = (): ControlledStore[] => [...shopify.controlledStores(), woo.control];
  const traffic = createTraffic({ stores, random: random.fork('traffic'), clock });
  const control = await serveControlPage({
    stores,
    traffic,
    port: settings.ports.control,
    links: [{ label: 'Crossdock in the store admin', url: shopify.adminUrl(SHOP_DOMAIN, '/app') }],
  });
  return {
    shopify,
    shop,
    woo,
    traffic,
    controlUrl: control.url,
    adminUrl: shopify.adminUrl(SHOP_DOMAIN, '/app'),
    snapshot: () => ({
      shopify: snapshotState(shop.state),
      woocommerce: snapshotState(woo.state),
    }),
    async close() {
      traffic.stop();
      await Promise.all([shopify.close(), woo.close(), control.close()]);
    },
  };
}

function demoLocations() {
  return [
    {
      name: LOCATIONS.main,
      address1: '2200 NW Front Avenue',
      city: 'Portland',
      province: 'Oregon',
      provinceCode: 'OR',
      zip: '97209',
      latitude: 45.54,
      longitude: -122.69,
    },
    {
      name: LOCATIONS.east,
      address1: '1400 N American Street',
      city: 'Philadelphia',
      province: 'Pennsylvania',
      provinceCode: 'PA',
      zip: '19122',
      latitude: 39.97,
      longitude: -75.14,
    },
    {
      name: LOCATIONS.outside,
      thirdParty: true,
      address1: '9400 Double R Boulevard',
      city: 'Reno',
      province: 'Nevada',
      provinceCode: 'NV',
      zip: '89521',
      latitude: 39.45,
      longitude: -119.77,
    },
  ];
}

type Shop = ReturnType<Awaited<ReturnType<typeof createShopifySandbox>>['createShop']>;
type Woo = Awaited<ReturnType<typeof createWooStore>>;

type Stores = {
  readonly shop: Shop;
  readonly woo: Woo;
  readonly random: Random;
  readonly clock: Clock;
};

function fillStores({ shop, woo, random, clock }: Stores, options: WorldOptions): void {
  const products = options.products ?? demoCatalog(random.fork('catalog'));
  for (const product of products) {
    shop.addProduct({
      title: product.title,
      productType: product.productType,
      variants: product.variants.map((variant) => ({ ...variant, stock: { ...variant.stock } })),
    });
    if (product.variants[0]?.onWooCommerce === true) woo.addProduct(wooProduct(product));
  }
  if (options.products === undefined) addKit(shop, woo);
  // Sold there only, so it waits to be matched by a person.
  woo.addProduct({ name: 'Outlet Mystery Box', sku: 'OUTLET-BOX', price: '39.00', stock: 14 });
  const weeks = options.weeksOfOrders ?? WEEKS_OF_ORDERS;
  fillPast({ shop, woo, random: random.fork('past'), clock }, products, weeks);
}

/** Sold as one on both stores and shipped as its components: it has no units of its own. */
export const KIT_SKU = 'SET-CAMP-KITCHEN';

function addKit(shop: Shop, woo: Woo): void {
  const title = 'Camp Kitchen Set';
  const stock = { [LOCATIONS.main]: 0, [LOCATIONS.east]: 0 };
  shop.addProduct({
    title,
    productType: 'Kitchen',
    variants: [{ sku: KIT_SKU, priceMinor: 5900, weightGrams: 1400, stock }],
  });
  woo.addProduct({ name: title, sku: KIT_SKU, price: '59.00', stock: 0 });
}

function wooProduct(product: DemoProduct) {
  return {
    name: product.title,
    optionName: 'Option',
    variations: product.variants.map((variant) => ({
      sku: variant.sku,
      option: variant.title,
      price: (variant.priceMinor / 100).toFixed(2),
      // What the second store happened to show before: right for most, off for some.
      stock: Object.values(variant.stock).reduce((sum, units) => sum + units, 0),
    })),
  };
}

function fillPast(
  { shop, woo, random, clock }: Stores,
  products: readonly DemoProduct[],
  weeks: number,
): void {
  const variants = products.flatMap((product) => product.variants);
  const onWoo = variants.filter((variant) => variant.onWooCommerce);
  const now = clock.now().getTime();
  for (let day = weeks * 7; day > 1; day -= 1) {
    const orders = random.integer(PAST_ORDERS_PER_DAY / 2, PAST_ORDERS_PER_DAY * 1.5);
    for (let n = 0; n < orders; n += 1) {
      const placedAt = new Date(now - day * DAY_MS + random.integer(0, DAY_MS));
      const address = believableAddress(random);
      const email = believableEmail(random, address);
      const toWoo = random.chance(0.3);
      const pool = toWoo ? onWoo : variants;
      const skus = new Set(
        Array.from({ length: random.pick([1, 1, 1, 2, 2, 3]) }, () => random.pick(pool).sku),
      );
      const lines = [...skus].map((sku) => ({ sku, quantity: random.pick([1, 1, 1, 2]) }));
      if (toWoo) {
        woo.importPastOrders([{ lines, address, email, status: 'completed', placedAt }]);
      } else {
        const cancelled = random.chance(0.03);
        const past = { placedAt, fulfilled: !cancelled, cancelled };
        shop.importPastOrders([{ lines, shippingAddress: address, email, past }]);
      }
    }
  }
}
