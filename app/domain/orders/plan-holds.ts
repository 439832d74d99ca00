import type { Address } from '../shared/address';
import type { OrderDemand } from './order-state';

export type HoldReason = 'payment' | 'fraud' | 'address' | 'out_of_stock' | 'merchant' | 'other';

/** Who Crossdock's own holds, and releases of them, are by. */
export const HELD_BY_CROSSDOCK = 'crossdock';
/** Who mirrored holds, and releases of them, are by. */
export const HELD_BY_CHANNEL = 'channel';

/** A hold as stored, active or released. */
export type HoldState = {
  readonly id: string;
  readonly reason: HoldReason;
  readonly origin: 'crossdock' | 'channel';
  readonly externalRef: string | null;
  readonly createdBy: string;
  readonly active: boolean;
  readonly releasedBy: string | null;
};

/** A hold that the channel says is active now. `ours`: set through this app. */
export type HoldInChannel = {
  readonly ref: string;
  readonly reason: HoldReason;
  readonly note: string | null;
  readonly ours: boolean;
};

export type PlannedHold = {
  readonly reason: HoldReason;
  readonly note: string | null;
  readonly origin: 'crossdock' | 'channel';
  readonly externalRef: string | null;
  readonly createdBy: string;
};

export type HoldPlan = {
  readonly add: readonly PlannedHold[];
  /** By which side: the channel lifted its own, or the cause of an automatic one is gone. */
  readonly release: readonly { readonly hold: HoldState; readonly by: string }[];
  /** Whether anything is active afterwards. */
  readonly held: boolean;
};

/** Which holds the merchant lets Crossdock set by itself. */
export type HoldSettings = {
  readonly holdHighRisk: boolean;
  readonly holdMissingAddress: boolean;
};

/**
 * Mirrors the channel's holds and sets or lifts automatic ones. What a person set stays until a
 * person lifts it, and an automatic hold that a person lifted is not set again. Planning the same
 * state again plans nothing.
 */
export function planHolds(
  known: readonly HoldState[],
  inChannel: readonly HoldInChannel[],
  causes: readonly HoldReason[],
): HoldPlan {
  const active = known.filter((hold) => hold.active);
  const release = active.flatMap((hold) => {
    const by = releasedBy(hold, inChannel, causes);
    return by === null ? [] : [{ hold, by }];
  });
  const add = [
    ...inChannel.filter((hold) => isNew(hold, known)).map(mirrored),
    ...causes.filter((reason) => mayHold(reason, known, inChannel)).map(automatic),
  ];
  return { add, release, held: active.length - release.length + add.length > 0 };
}

function releasedBy(
  hold: HoldState,
  inChannel: readonly HoldInChannel[],
  causes: readonly HoldReason[],
): string | null {
  if (hold.origin === 'channel') {
    return inChannel.some(({ ref }) => ref === hold.externalRef) ? null : HELD_BY_CHANNEL;
  }
  if (hold.createdBy !== HELD_BY_CROSSDOCK) return null;
  return causes.includes(hold.reason) ? null : HELD_BY_CROSSDOCK;
}

/**
 * A hold of ours comes back from the channel under the ids it gave us, perhaps before we noted
 * them, or after we lifted it: it is no news while we know of any hold of our own.
 */
function isNew(hold: HoldInChannel, known: readonly HoldState[]): boolean {
  if (hold.ours && known.some((own) => own.origin === 'crossdock')) return false;
  return !known.some((other) => other.active && other.externalRef === hold.ref);
}

function mirrored({ ref, reason, note }: HoldInChannel): PlannedHold {
  return { reason, note, origin: 'channel', externalRef: ref, createdBy: HELD_BY_CHANNEL };
}

/** Whoever held it for this reason, channel or person, has the say about it from then on. */
function mayHold(
  reason: HoldReason,
  known: readonly HoldState[],
  inChannel: readonly HoldInChannel[],
): boolean {
  if (inChannel.some((hold) => hold.reason === reason)) return false;
  return !known.some(
    (hold) =>
      hold.reason === reason &&
      (hold.active || hold.origin === 'channel' || hold.releasedBy !== HELD_BY_CROSSDOCK),
  );
}

function automatic(reason: HoldReason): PlannedHold {
  return {
    reason,
    note: null,
    origin: 'crossdock',
    externalRef: null,
    createdBy: HELD_BY_CROSSDOCK,
  };
}

/** Ways of delivery for which nobody needs an address. */
const PICKED_UP = /pick[\s-]?up|collect/i;

/** Why Crossdock would hold an order by itself: only while something of it may still leave. */
export function causesToHold(
  order: {
    readonly demand: OrderDemand;
    readonly risk: string | null;
    readonly shipTo: Address | null;
    readonly shippingMethod: string | null;
    /** Some unit needs shipping and has not left. */
    readonly toShip: boolean;
  },
  settings: HoldSettings,
): readonly HoldReason[] {
  if (order.demand !== 'ship' || !order.toShip) return [];
  const causes: HoldReason[] = [];
  if (settings.holdHighRisk && order.risk === 'high') causes.push('fraud');
  if (settings.holdMissingAddress && !isDeliverable(order)) causes.push('address');
  return causes;
}

function isDeliverable(order: {
  readonly shipTo: Address | null;
  readonly shippingMethod: string | null;
}): boolean {
  if (PICKED_UP.test(order.shippingMethod ?? '')) return true;
  return order.shipTo !== null && [order.shipTo.countryCode, order.shipTo.address1].every(isGiven);
}

function isGiven(text: string | null): boolean {
  return text !== null && text.trim() !== '';
}
