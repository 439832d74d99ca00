import { ADMIN_API_VERSION } from '../schema';
import { digitsOf, gid } from '../ids';
import { findLevel, levelsOf } from '../stock';
import { QUANTITY_NAMES, decimal, must } from '../state';
import type {
  InventoryItem,
  Level,
  Location,
  Product,
  QuantityName,
  ShopState,
  Subscription,
  Variant,
} from '../state';
import { connection, type PageArgs } from './connection';
import type { Context, Fields } from './context';

const legacyResourceId = (source: { id: string }): string => digitsOf(source.id);

const shopFields: Fields<ShopState> = {
  id: (shop) => gid('Shop', shop.id),
  myshopifyDomain: (shop) => shop.domain,
  currencyCode: (shop) => shop.currency,
  ianaTimezone: (shop) => shop.timezone,
  weightUnit: () => 'GRAMS',
  url: (shop) => `https://${shop.domain}`,
  contactEmail: (shop) => shop.email,
  unitSystem: () => 'METRIC_SYSTEM',
  primaryDomain: (shop) => ({
    id: gid('Domain', shop.id),
    host: shop.domain,
    url: `https://${shop.domain}`,
  }),
  plan: (shop) => ({
    publicDisplayName: shop.plan,
    displayName: shop.plan,
    shopifyPlus: shop.plan === 'Plus',
    partnerDevelopment: false,
  }),
};

const locationFields: Fields<Location> = {
  legacyResourceId,
  shipsInventory: (location) => location.fulfillsOnlineOrders,
  isFulfillmentService: (location) => location.thirdParty,
  fulfillmentService: () => null,
  hasActiveInventory: (location, _args, { shop }) =>
    [...shop.levels.values()].some((level) => level.locationId === location.id),
};

const productFields: Fields<Product> = {
  legacyResourceId,
  tags: () => [],
  variants: (product, args: PageArgs, { shop }) =>
    connection(
      product.variantIds.map((id) => must(shop.variants, id)),
      args,
    ),
  totalInventory: (product, _args, { shop }) =>
    product.variantIds
      .map((id) => must(shop.variants, id))
      .reduce((sum, variant) => sum + available(shop, variant.itemId), 0),
};

const available = (shop: ShopState, itemId: string): number =>
  levelsOf(shop, itemId).reduce((sum, level) => sum + level.quantities.available, 0);

const variantFields: Fields<Variant> = {
  legacyResourceId,
  price: (variant) => decimal(variant.priceMinor),
  product: (variant, _args, { shop }) => must(shop.products, variant.productId),
  inventoryItem: (variant, _args, { shop }) => must(shop.items, variant.itemId),
  inventoryQuantity: (variant, _args, { shop }) => available(shop, variant.itemId),
  displayName: (variant, _args, { shop }) =>
    `${must(shop.products, variant.productId).title} - ${variant.title}`,
  image: () => null,
};

const itemFields: Fields<InventoryItem> = {
  legacyResourceId,
  sku: (item, _args, { shop }) => must(shop.variants, item.variantId).sku,
  variant: (item, _args, { shop }) => must(shop.variants, item.variantId),
  variants: (item, args: PageArgs, { shop }) =>
    connection([must(shop.variants, item.variantId)], args),
  measurement: (item) => ({
    id: gid('InventoryItemMeasurement', digitsOf(item.id)),
    weight: { unit: 'GRAMS', value: item.weightGrams },
  }),
  inventoryLevels: (
    item,
    args: PageArgs & { query?: string | null; includeInactive: boolean },
    { shop },
  ) => {
    refuseQuery('inventoryLevels', args.query);
    const levels = levelsOf(shop, item.id).filter(
      (level) => level.isActive || args.includeInactive,
    );
    return connection(levels, args);
  },
  inventoryLevel: (item, args: { locationId: string }, { shop }) =>
    findLevel(shop, item.id, args.locationId) ?? null,
  locationsCount: (item, _args, { shop }) => ({
    count: levelsOf(shop, item.id).length,
    precision: 'EXACT',
  }),
};

export function refuseQuery(field: string, query: string | null | undefined): void {
  if (query !== null && query !== undefined && query !== '') {
    throw new Error(`simulator: query on ${field} not implemented`);
  }
}

const levelFields: Fields<Level> = {
  item: (level, _args, { shop }) => must(shop.items, level.itemId),
  location: (level, _args, { shop }) => must(shop.locations, level.locationId),
  canDeactivate: (level) => level.quantities.on_hand === 0,
  deactivationAlert: () => null,
  quantities: (level, args: { names: string[] }) =>
    args.names.map((name) => {
      if (!(QUANTITY_NAMES as readonly string[]).includes(name)) {
        throw new Error(`simulator: quantity name ${name} not implemented`);
      }
      const known = name as QuantityName;
      return {
        __typename: 'InventoryQuantity',
        id: `${gid('InventoryQuantity', digitsOf(level.id))}?name=${name}&inventory_item_id=${digitsOf(level.itemId)}`,
        name,
        quantity: level.quantities[known],
        updatedAt: level.changedAt[known] ?? null,
      };
    }),
};

const subscriptionFields: Fields<Subscription> = {
  legacyResourceId,
  format: () => 'JSON',
  callbackUrl: (subscription) => subscription.uri,
  updatedAt: (subscription) => subscription.createdAt,
  metafieldNamespaces: () => [],
  name: () => null,
  apiVersion: () => ({
    displayName: ADMIN_API_VERSION,
    handle: ADMIN_API_VERSION,
    supported: true,
  }),
  endpoint: (subscription) => ({
    __typename: 'WebhookHttpEndpoint',
    callbackUrl: subscription.uri,
  }),
};

export const currentAppInstallation = ({ shop, scopes }: Context): Record<string, unknown> => ({
  __typename: 'AppInstallation',
  id: gid('AppInstallation', shop.id),
  accessScopes: [...scopes].map((handle) => ({ handle, description: handle })),
  launchUrl: shop.appUrl,
  app: { __typename: 'App', id: gid('App', '1'), apiKey: shop.apiKey, title: 'App' },
});

export const catalogResolvers = {
  Shop: shopFields,
  Location: locationFields,
  Product: productFields,
  ProductVariant: variantFields,
  InventoryItem: itemFields,
  InventoryLevel: levelFields,
  WebhookSubscription: subscriptionFields,
};
