import type { Random } from '../sandbox/core';

/** One sellable variant of the demo's merchant, with the units each location starts with. */
export type DemoVariant = {
  readonly sku: string;
  readonly title: string;
  readonly barcode: string;
  readonly priceMinor: number;
  readonly weightGrams: number;
  readonly stock: Readonly<Record<string, number>>;
  readonly onWooCommerce: boolean;
};

export type DemoProduct = {
  readonly title: string;
  readonly productType: string;
  readonly code: string;
  readonly variants: readonly DemoVariant[];
};

/** The merchant's own two warehouses and the outside one that ships for them. */
export const LOCATIONS = {
  main: 'Portland warehouse',
  east: 'Philadelphia stockroom',
  outside: 'Reno 3PL',
} as const;

type Kind = {
  readonly type: string;
  readonly code: string;
  readonly names: readonly string[];
  readonly options: readonly string[];
  readonly price: readonly [from: number, to: number];
  readonly grams: readonly [from: number, to: number];
};

const KINDS: readonly Kind[] = [
  {
    type: 'Outerwear',
    code: 'OUT',
    names: ['Harbor Rain Jacket', 'Ridge Fleece', 'Canvas Chore Coat', 'Quilted Vest'],
    options: ['XS', 'S', 'M', 'L', 'XL'],
    price: [6800, 18900],
    grams: [420, 1100],
  },
  {
    type: 'Tops',
    code: 'TOP',
    names: ['Pocket Tee', 'Heavy Henley', 'Linen Shirt', 'Merino Crew', 'Flannel Shirt'],
    options: ['XS', 'S', 'M', 'L', 'XL'],
    price: [2400, 8900],
    grams: [160, 420],
  },
  {
    type: 'Trousers',
    code: 'TRS',
    names: ['Work Trouser', 'Trail Short', 'Cord Pant', 'Field Chino'],
    options: ['28', '30', '32', '34', '36', '38'],
    price: [4800, 11900],
    grams: [320, 690],
  },
  {
    type: 'Footwear',
    code: 'FTW',
    names: ['Leather Moc', 'Wool Clog', 'Camp Boot'],
    options: ['39', '40', '41', '42', '43', '44', '45'],
    price: [7900, 21900],
    grams: [640, 1500],
  },
  {
    type: 'Headwear',
    code: 'HED',
    names: ['Watch Cap', 'Five-Panel Cap', 'Brim Hat', 'Headband'],
    options: ['Moss', 'Navy', 'Sand', 'Rust', 'Black'],
    price: [1800, 4800],
    grams: [60, 180],
  },
  {
    type: 'Bags',
    code: 'BAG',
    names: ['Market Tote', 'Roll-Top Pack', 'Hip Bag', 'Weekender'],
    options: ['Natural', 'Olive', 'Black', 'Brick'],
    price: [2800, 16900],
    grams: [220, 1400],
  },
  {
    type: 'Kitchen',
    code: 'KIT',
    names: ['Enamel Mug', 'Pour-Over Set', 'Oak Board', 'Cast Skillet', 'Tea Towel'],
    options: ['White', 'Blue', 'Green', 'Graphite'],
    price: [1200, 8900],
    grams: [150, 2600],
  },
  {
    type: 'Home',
    code: 'HOM',
    names: ['Wool Throw', 'Beeswax Candle', 'Stoneware Vase', 'Linen Napkin', 'Cotton Rug'],
    options: ['Oat', 'Clay', 'Ink', 'Fern'],
    price: [1600, 14900],
    grams: [180, 2200],
  },
  {
    type: 'Outdoors',
    code: 'ODR',
    names: ['Steel Bottle', 'Camp Lantern', 'Folding Stool', 'Trail Knife', 'Dry Bag'],
    options: ['Small', 'Medium', 'Large'],
    price: [1900, 9900],
    grams: [180, 1900],
  },
];

/** The whole catalogue: about 300 variants, two thirds of them sold on the second store, too. */
export function demoCatalog(random: Random): readonly DemoProduct[] {
  return KINDS.flatMap((kind) =>
    kind.names.flatMap((name, index) => {
      const colours = index % 2 === 0 ? ['', 'Heritage '] : [''];
      return colours.map((prefix, edition) =>
        product(random, kind, `${prefix}${name}`, index, edition),
      );
    }),
  );
}

function product(
  random: Random,
  kind: Kind,
  title: string,
  index: number,
  edition: number,
): DemoProduct {
  const code = `${kind.code}-${String(index + 1)}${edition === 0 ? '' : 'H'}`;
  const price = Math.round(random.integer(kind.price[0], kind.price[1]) / 100) * 100;
  const onWooCommerce = random.chance(0.66);
  return {
    title,
    productType: kind.type,
    code,
    variants: kind.options.map((option) => ({
      sku: `${code}-${option
        .toUpperCase()
        .replace(/[^A-Z0-9]/g, '')
        .slice(0, 4)}`,
      title: option,
      barcode: `0${String(random.integer(10_000_000_000, 99_999_999_999))}`,
      priceMinor: price,
      weightGrams: random.integer(kind.grams[0], kind.grams[1]),
      stock: stockOf(random),
      onWooCommerce,
    })),
  };
}

/** Mostly a healthy number somewhere, sometimes the last few, now and then nothing. */
function stockOf(random: Random): Record<string, number> {
  const scale = random.pick([0, 2, 6, 20, 20, 40, 60, 120]);
  return {
    [LOCATIONS.main]: random.integer(0, scale),
    [LOCATIONS.east]: random.chance(0.7) ? random.integer(0, Math.ceil(scale / 2)) : 0,
    [LOCATIONS.outside]: random.chance(0.5) ? random.integer(0, Math.ceil(scale / 3)) : 0,
  };
}
