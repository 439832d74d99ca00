import type { ChannelRefund } from '../app/contracts/channel-order';
import { moneyOf } from './money';
import { gmtDateOf, idOf, metaOf, recordsOf, textOf, wholeNumberOf } from './read-body';
import type { JsonRecord } from './read-body';
import type { SentParcel } from './shipped-units';

type RefundFacts = {
  /** `orders/<id>/refunds`. */
  readonly refunds: readonly JsonRecord[];
  readonly sentParcels: readonly SentParcel[];
};

/** Units of one line in one refund: those that had left by then, and those that never will. */
type RefundedUnits = {
  readonly refund: JsonRecord;
  readonly returned: number;
  readonly removed: number;
};

/** More refunds of one line than this are not searched for the ones that restocked. */
const SEARCHED_MAX = 10;

/** Units of a line given back before they were sent. */
export function removedUnits(
  lineRef: string,
  ordered: number,
  order: JsonRecord,
  facts: RefundFacts,
): number {
  return refundedUnits(lineRef, ordered, order, facts).reduce((sum, one) => sum + one.removed, 0);
}

/**
 * A line's refunds, oldest first; together never more than was ordered. WooCommerce writes refund
 * quantities as negative numbers and does not say which units a refund is for: as many as the
 * store's own fulfillments had sent by then, and were not refunded yet, count as returned, only
 * the rest as removed. What is refunded after the order was completed had left.
 */
function refundedUnits(
  lineRef: string,
  ordered: number,
  order: JsonRecord,
  facts: RefundFacts,
): readonly RefundedUnits[] {
  const completedAt = gmtDateOf(order, 'date_completed_gmt')?.getTime() ?? Infinity;
  let returned = 0;
  let left = ordered;
  return [...facts.refunds]
    .sort((one, other) => timeOf(one) - timeOf(other))
    .flatMap((refund) => {
      const units = Math.min(unitsOf(refund, lineRef), left);
      if (units <= 0) return [];
      left -= units;
      const at = timeOf(refund);
      const sent =
        at > completedAt ? Infinity : sentBefore(at, lineRef, facts.sentParcels) - returned;
      const back = Math.min(units, Math.max(0, sent));
      returned += back;
      return [{ refund, returned: back, removed: units - back }];
    });
}

function timeOf(refund: JsonRecord): number {
  return gmtDateOf(refund, 'date_created_gmt')?.getTime() ?? 0;
}

function unitsOf(refund: JsonRecord, lineRef: string): number {
  return recordsOf(refund['line_items'])
    .filter((line) => textOf({ id: metaOf(line, '_refunded_item_id') }, 'id') === lineRef)
    .reduce((sum, line) => sum + Math.abs(wholeNumberOf(line['quantity']) ?? 0), 0);
}

function sentBefore(at: number, lineRef: string, parcels: readonly SentParcel[]): number {
  return parcels
    .filter((parcel) => parcel.at.getTime() < at)
    .reduce((sum, parcel) => sum + (parcel.units.get(lineRef) ?? 0), 0);
}

/**
 * The order's refunds in the words of the contract. Whether the store put the units back into its
 * own number stands with the order's line, as a sum over all refunds: `_restock_refunded_items`.
 * Source: `wc_restock_refunded_items` in WooCommerce's `wc-order-functions.php`.
 */
export function mapRefunds(
  order: JsonRecord,
  facts: RefundFacts,
  orderedOf: (line: JsonRecord) => number | null,
): readonly ChannelRefund[] {
  const currency = textOf(order, 'currency');
  const lines = new Map<JsonRecord, ChannelRefund['lines'][number][]>();
  for (const line of recordsOf(order['line_items'])) {
    const lineRef = idOf(line['id']);
    if (lineRef === null) continue;
    const entries = refundedUnits(lineRef, orderedOf(line) ?? 0, order, facts);
    const restocked = restockOf(line, entries);
    for (const entry of entries) {
      const known = lines.get(entry.refund) ?? [];
      const fact = restocked.get(entry.refund);
      const part = (quantity: number, word: 'cancel' | 'return') =>
        quantity > 0 ? [{ lineRef, quantity, restock: wordOf(fact, word), locationRef: null }] : [];
      known.push(...part(entry.removed, 'cancel'), ...part(entry.returned, 'return'));
      lines.set(entry.refund, known);
    }
  }
  return [...facts.refunds]
    .sort((one, other) => timeOf(one) - timeOf(other))
    .flatMap((refund) => {
      const ref = idOf(refund['id']);
      if (ref === null) return [];
      const amount = moneyOf(textOf(refund, 'amount').replace(/^-/, ''), currency);
      return [
        {
          ref,
          at: new Date(timeOf(refund)),
          amount: amount ?? { minor: 0, currency },
          lines: lines.get(refund) ?? [],
        },
      ];
    });
}

function wordOf(
  restocked: boolean | undefined,
  word: 'cancel' | 'return',
): ChannelRefund['lines'][number]['restock'] {
  if (restocked === undefined) return 'unknown';
  return restocked ? word : 'none';
}

/**
 * Which refunds of a line put their units back. A refund does so with all of its units or with
 * none, so where only one choice of refunds adds up to what the line says, that is the one.
 */
function restockOf(
  line: JsonRecord,
  entries: readonly RefundedUnits[],
): ReadonlyMap<JsonRecord, boolean> {
  const sum = unitsInMeta(line, '_restock_refunded_items');
  const counted = sum !== null || unitsInMeta(line, '_reduced_stock') !== null;
  if (!counted || entries.length > SEARCHED_MAX) return new Map();
  const sizes = entries.map(({ returned, removed }) => returned + removed);
  const fitting: number[] = [];
  for (let choice = 0; choice < 2 ** sizes.length; choice += 1) {
    const total = sizes.reduce((all, size, n) => all + (chosen(choice, n) ? size : 0), 0);
    if (total === (sum ?? 0)) fitting.push(choice);
  }
  const [only] = fitting;
  if (only === undefined || fitting.length > 1) return new Map();
  return new Map(entries.map(({ refund }, n) => [refund, chosen(only, n)]));
}

function chosen(choice: number, n: number): boolean {
  return Math.floor(choice / 2 ** n) % 2 === 1;
}

/** Null when WooCommerce has not written it: it keeps no count of this line. */
function unitsInMeta(line: JsonRecord, key: string): number | null {
  return wholeNumberOf(metaOf(line, key));
}
