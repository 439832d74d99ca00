/** What is sold in the storm and in the fight: few units of few items, so that they run out. */
import { type DemoProduct, LOCATIONS } from '../demo/catalog';

const KINDS = ['Tee', 'Cap', 'Mug', 'Tote', 'Vase', 'Clog'];
const SIZES = ['S', 'M', 'L'];
const STORM_UNITS = [25, 10, 5] as const;

/** Eighteen items; those of one kind are sold on Shopify alone. */
export function smallStock(): {
  readonly products: readonly DemoProduct[];
  readonly unitsEach: number;
} {
  const products = KINDS.map((title, kind) => {
    const code = title.toUpperCase();
    const skus = SIZES.map((size) => `${code}-${size}`);
    return makeProduct({ title, skus, kind, units: STORM_UNITS, onWooCommerce: title !== 'Clog' });
  });
  return { products, unitsEach: STORM_UNITS.reduce((sum, units) => sum + units, 0) };
}

export function makeProduct(product: {
  readonly title: string;
  readonly skus: readonly string[];
  /** Tells its bar codes from those of others. */
  readonly kind: number;
  /** At each of the three locations. */
  readonly units: readonly [number, number, number];
  readonly onWooCommerce: boolean;
}): DemoProduct {
  const { title, skus, kind, onWooCommerce } = product;
  const [main, east, outside] = product.units;
  return {
    title,
    productType: 'Goods',
    code: title.toUpperCase(),
    variants: skus.map((sku, index) => ({
      sku,
      title: sku,
      barcode: `0${String(10_000_000_000 + kind * 100 + index)}`,
      priceMinor: 1_900 + kind * 100,
      weightGrams: 200,
      stock: { [LOCATIONS.main]: main, [LOCATIONS.east]: east, [LOCATIONS.outside]: outside },
      onWooCommerce,
    })),
  };
}
