/** What fulfillment orders say about an order beyond where its units are: pure. */
import type { ChannelHold, HoldReason } from '../../../contracts/channel-order';
import type { ExternalRef } from '../../../contracts/outcome';
import type { ShopifyHold, Work } from './choose-work';
import type { FulfillmentHoldReason, FulfillmentOrderStatus } from './operations/admin.generated';

/** Begins the handle of every hold of ours; the reason in our words and a key's hash follow. */
const HANDLE_PREFIX = 'crossdock:';

const REASONS: Readonly<Partial<Record<FulfillmentHoldReason, HoldReason>>> = {
  AWAITING_PAYMENT: 'payment',
  HIGH_RISK_OF_FRAUD: 'fraud',
  INCORRECT_ADDRESS: 'address',
  INVENTORY_OUT_OF_STOCK: 'out_of_stock',
};

const SHOPIFY_REASONS: Readonly<Record<HoldReason, FulfillmentHoldReason>> = {
  payment: 'AWAITING_PAYMENT',
  fraud: 'HIGH_RISK_OF_FRAUD',
  address: 'INCORRECT_ADDRESS',
  out_of_stock: 'INVENTORY_OUT_OF_STOCK',
  merchant: 'OTHER',
  other: 'OTHER',
};

/** Work that may still lead to a parcel. */
export function isActive(status: FulfillmentOrderStatus): boolean {
  return status !== 'CLOSED' && status !== 'CANCELLED' && status !== 'INCOMPLETE';
}

export function toShopifyReason(reason: HoldReason): FulfillmentHoldReason {
  return SHOPIFY_REASONS[reason];
}

/** At most 64 characters, as Shopify wants; the same key always gives the same handle. */
export function handleOf(reason: HoldReason, keyHash: string): string {
  return `${HANDLE_PREFIX}${reason}:${keyHash}`;
}

/**
 * Holds of all active work. Work that waits for a date Shopify does not know (a pre-order), or is
 * held without a hold being shown, counts as held: it must not leave either.
 */
export function toHolds(works: readonly Work[]): readonly ChannelHold[] {
  return works
    .filter(({ status }) => isActive(status))
    .flatMap((work): ChannelHold[] => {
      if (work.holds.length > 0) return work.holds.map(toHold);
      const undated = work.status === 'SCHEDULED' && work.fulfillAt === null;
      if (!undated && work.status !== 'ON_HOLD') return [];
      const note = undated ? 'Scheduled in Shopify, without a date' : null;
      return [{ ref: work.ref, reason: 'other', note, ours: false }];
    });
}

/**
 * When each order line may leave: the latest date of its scheduled units, so that none of them
 * leaves before its own. Lines that need not wait are not in it.
 */
export function shipAfterByLine(works: readonly Work[]): ReadonlyMap<ExternalRef, Date> {
  const dates = new Map<ExternalRef, Date>();
  for (const { status, fulfillAt, lines } of works) {
    if (status !== 'SCHEDULED' || fulfillAt === null) continue;
    for (const { orderLineRef, remaining } of lines) {
      const known = dates.get(orderLineRef);
      if (remaining > 0 && (known === undefined || known < fulfillAt)) {
        dates.set(orderLineRef, fulfillAt);
      }
    }
  }
  return dates;
}

function toHold(hold: ShopifyHold): ChannelHold {
  const ours = hold.heldByRequestingApp ? reasonOfHandle(hold.handle) : null;
  const note = hold.reasonNotes?.trim() ?? '';
  return {
    ref: hold.id,
    reason: ours ?? REASONS[hold.reason] ?? 'other',
    note: note === '' ? null : note,
    ours: hold.heldByRequestingApp,
  };
}

/** Shopify knows no hold of the merchant's own, so ours says in its handle what it is for. */
function reasonOfHandle(handle: string | null): HoldReason | null {
  const word = handle?.startsWith(HANDLE_PREFIX) === true ? handle.split(':')[1] : undefined;
  const known = Object.keys(SHOPIFY_REASONS) as HoldReason[];
  return known.find((reason) => reason === word) ?? null;
}
