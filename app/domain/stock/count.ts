/** Counting stock: which item and place a line is about, and what posting it moves. */
import type { CountBasis, CsvCountRow } from './read-csv-row';

export type CountSelection =
  /** What has ever been at the location. */
  | { readonly kind: 'all' }
  /** SKU, title or barcode contains the text. */
  | { readonly kind: 'search'; readonly text: string }
  | { readonly kind: 'skus'; readonly skus: readonly string[] }
  /** Nobody has posted a count of it for so many days. */
  | { readonly kind: 'stale'; readonly days: number }
  | { readonly kind: 'random'; readonly items: number };

export type CatalogItem = { readonly id: string; readonly sku: string; readonly kind: string };
export type Place = { readonly id: string; readonly name: string; readonly active: boolean };

/** What a batch of rows is compared with. Keys of the lower maps are lower case and trimmed. */
export type CountCatalog = {
  readonly bySku: ReadonlyMap<string, CatalogItem>;
  readonly byLowerSku: ReadonlyMap<string, readonly CatalogItem[]>;
  readonly byBarcode: ReadonlyMap<string, readonly CatalogItem[]>;
  readonly places: readonly Place[];
  /** For rows that name no location; null: they must. */
  readonly otherwise: Place | null;
};

export type MatchedRow = {
  readonly itemId: string | null;
  readonly locationId: string | null;
  readonly problem: string | null;
};

/** Said beside a line of a kit. */
export const KIT_SENTENCE = 'This is a kit, which has no stock of its own: count its components.';

/** Said beside a posted line whose item has become a kit since. */
export const KIT_KEPT_SENTENCE =
  'This is a kit now, which has no stock of its own: nothing was taken back.';

/** The item and location a row is about, or why nobody can tell. */
export function matchRow(row: CsvCountRow, catalog: CountCatalog): MatchedRow {
  const item = findItem(row, catalog);
  const place = findPlace(row.location, catalog);
  const [itemProblem, placeProblem] = [problemOf(item), problemOf(place)];
  return {
    itemId: typeof item === 'string' ? null : item.id,
    locationId: typeof place === 'string' ? null : place.id,
    problem: itemProblem ?? placeProblem ?? row.problem,
  };
}

function problemOf(found: object | string): string | null {
  return typeof found === 'string' ? found : null;
}

function findItem(row: CsvCountRow, catalog: CountCatalog): CatalogItem | string {
  const sku = row.sku.trim();
  if (sku === '') {
    if (row.barcode === '') return 'There is no SKU.';
    const found = catalog.byBarcode.get(row.barcode) ?? [];
    if (found.length > 1) {
      return `Several items have the barcode “${row.barcode}”: name the SKU.`;
    }
    const [only] = found;
    return only === undefined ? `No item has the barcode “${row.barcode}”.` : usable(only);
  }
  const exact = catalog.bySku.get(row.sku) ?? catalog.bySku.get(sku);
  if (exact !== undefined) return usable(exact);
  const alike = catalog.byLowerSku.get(sku.toLowerCase()) ?? [];
  if (alike.length > 1) {
    return `Several items have the SKU “${sku}”, in capital and small letters: write it as they do.`;
  }
  const [only] = alike;
  if (only !== undefined) return usable(only);
  return /^\d([.,]\d+)?e[+]\d+$/i.test(sku)
    ? `A spreadsheet has shortened the SKU to “${sku}”: format the column as text.`
    : `No item has the SKU “${sku}”.`;
}

function usable(item: CatalogItem): CatalogItem | string {
  return item.kind === 'kit' ? KIT_SENTENCE : item;
}

function findPlace(name: string, { places, otherwise }: CountCatalog): Place | string {
  if (name === '') return otherwise ?? 'There is no location.';
  const exact = places.filter((place) => place.name === name);
  const lower = name.toLowerCase();
  const found =
    exact.length > 0 ? exact : places.filter((place) => place.name.trim().toLowerCase() === lower);
  if (found.length > 1) return `Several locations are called “${name}”.`;
  const [place] = found;
  if (place === undefined) return `No location is called “${name}”.`;
  return place.active ? place : `The location “${name}” is switched off.`;
}

/** Units at the location as the ledger has them, under lock. */
export type CountedLevel = {
  readonly available: number;
  /** All states but incoming. */
  readonly onHand: number;
  /** What really came (positive) or left (negative) since the number was counted. */
  readonly flow: number;
};

export type CountMove = {
  /** Units to add to what is available (positive) or to take from it (negative); 0: none. */
  readonly change: number;
  /** Units that are missing but are promised or set aside, so that nothing can take them away. */
  readonly missing: number;
};

/**
 * What makes the ledger agree with a counted number. Goods that left or came after counting are
 * taken into account, and nothing goes below zero.
 */
export function planCountMove(basis: CountBasis, counted: number, level: CountedLevel): CountMove {
  const now = basis === 'on_hand' ? level.onHand : level.available;
  const change = Math.max(0, counted + level.flow) - now;
  if (change >= 0) return { change, missing: 0 };
  const taken = Math.min(-change, level.available);
  return { change: taken === 0 ? 0 : -taken, missing: -change - taken };
}

/** Said beside a line that could not be followed to the end. */
export function missingSentence(missing: number): string {
  const units = missing === 1 ? '1 unit is' : `${String(missing)} units are`;
  return `${units} missing that orders wait for or that are set aside, so no stock is left to take away: look at those orders.`;
}

/** Said beside a line that could be undone in part only. */
export function notReversedSentence(left: number): string {
  const units = left === 1 ? '1 unit' : `${String(left)} units`;
  return `${units} could not be taken back: sold or moved since.`;
}

/** What is known of a count as a whole; every part comes when it is known. */
export type CountSummary = {
  readonly encoding?: string;
  readonly separator?: string;
  /** The heading of the column that was read. */
  readonly heading?: string;
  /** Rows read, so far or in all. */
  readonly rows?: number;
  readonly problems?: number;
  /** Lines to be posted or undone, and those done so far. */
  readonly total?: number;
  readonly done?: number;
  /** The position up to which they are done. */
  readonly at?: number;
  readonly changed?: number;
  readonly added?: number;
  readonly removed?: number;
  /** Lines that posting, or undoing, could not follow to the end. */
  readonly partly?: number;
  /** Staff who asked to undo it. */
  readonly undoneBy?: string;
  /** Why it failed. */
  readonly failure?: string;
};
