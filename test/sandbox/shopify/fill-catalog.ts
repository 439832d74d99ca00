import { newId, type ShopState, type Variant } from './state';
import { stockItemAt } from './stock';

const VARIANTS_PER_PRODUCT = 20;

/** Makes very many variants at once, each stocked at every location, and announces none of them. */
export function fillCatalog(shop: ShopState, variants: number): void {
  const now = shop.clock.now();
  const times = { createdAt: now, updatedAt: now };
  const base = shop.variants.size;
  const locationIds = [...shop.locations.keys()];
  for (let made = 0; made < variants; made += VARIANTS_PER_PRODUCT) {
    const productId = newId(shop, 'Product');
    const count = Math.min(VARIANTS_PER_PRODUCT, variants - made);
    const own = Array.from({ length: count }, (_, index): Variant => {
      const number = base + made + index;
      const id = newId(shop, 'ProductVariant');
      const itemId = newId(shop, 'InventoryItem');
      shop.items.set(itemId, {
        ...{ __typename: 'InventoryItem', id: itemId, variantId: id, ...times },
        ...{ tracked: true, requiresShipping: true, weightGrams: 100 + (number % 900) },
      });
      for (const locationId of locationIds) stockItemAt(shop, itemId, locationId, number % 50);
      return {
        ...{ __typename: 'ProductVariant', id, productId, itemId, ...times },
        ...{ title: `Size ${String(index + 1)}`, sku: `BULK-${String(number)}` },
        ...{ barcode: String(4_000_000_000_000 + number), priceMinor: 1_900 },
        ...{ inventoryPolicy: 'DENY', position: index + 1 },
      };
    });
    for (const variant of own) shop.variants.set(variant.id, variant);
    shop.products.set(productId, {
      ...{ __typename: 'Product', id: productId, ...times },
      ...{ title: `Article ${String(made / VARIANTS_PER_PRODUCT)}`, vendor: shop.name },
      ...{ productType: '', status: 'ACTIVE', handle: `article-${String(made)}` },
      variantIds: own.map((variant) => variant.id),
    });
  }
}
