import type { Clock } from './clock';
import type { ControlledOrder, ControlledStore, NewOrder } from './controlled-store';
import { believableAddress, believableEmail } from './people';
import type { Random } from './random';

export type TrafficStatistics = {
  placed: number;
  cancelled: number;
  /** Orders the store itself refused, most often as sold out. */
  refused: number;
};

export type Traffic = {
  readonly running: boolean;
  readonly ordersPerMinute: number;
  /** Begins, or changes the pace of, a stream of orders over all stores. */
  start(ordersPerMinute: number): void;
  /** Nothing happens any more by itself, cancellations neither. */
  stop(): void;
  /** One believable order now; null when the store refused it. */
  placeOne(store: ControlledStore): ControlledOrder | null;
  /** Chosen items for a believable buyer; throws what the store says when it refuses. */
  placeLines(store: ControlledStore, lines: NewOrder['lines']): ControlledOrder;
  statistics(): TrafficStatistics;
};

export type TrafficOptions = {
  stores(): ControlledStore[];
  random: Random;
  clock: Clock;
  /** Share of orders that a buyer takes back soon after. Default 0.03. */
  cancelShare?: number;
};

const MILLISECONDS_PER_MINUTE = 60_000;
/** A buyer who changes their mind does so within this time. */
const CANCEL_WITHIN_MILLISECONDS = 90_000;

/**
 * An order as a shop sees them: one to four lines, mostly single units, a few items selling far
 * more than the rest. `itemIds` are in order of popularity.
 */
export function believableOrder(random: Random, itemIds: readonly string[]): NewOrder {
  const lineCount = Math.min(itemIds.length, random.pick([1, 1, 1, 1, 2, 2, 2, 3, 3, 4]));
  const chosen = new Map<string, number>();
  while (chosen.size < lineCount) {
    const itemId = itemIds[random.zipf(itemIds.length)];
    if (itemId !== undefined) chosen.set(itemId, random.pick([1, 1, 1, 1, 1, 1, 2, 2, 3]));
  }
  const address = believableAddress(random);
  return {
    lines: [...chosen].map(([itemId, quantity]) => ({ itemId, quantity })),
    address,
    email: believableEmail(random, address),
  };
}

/** A seeded stream of orders over the registered stores, at a pace, with a few cancellations. */
export function createTraffic(options: TrafficOptions): Traffic {
  const { random, clock } = options;
  const cancelShare = options.cancelShare ?? 0.03;
  const statistics: TrafficStatistics = { placed: 0, cancelled: 0, refused: 0 };
  let ordersPerMinute = 0;
  let callOff: (() => void) | null = null;
  const cancellations = new Set<() => void>();

  function placeOne(store: ControlledStore): ControlledOrder | null {
    const sellable = store
      .items()
      .filter((item) => item.stock.some((place) => place.available > 0))
      .map((item) => item.id);
    if (sellable.length === 0) return refuse();
    try {
      const order = store.placeOrder(believableOrder(random, sellable));
      statistics.placed += 1;
      if (random.chance(cancelShare)) cancelLater(store, order);
      return order;
    } catch {
      // What a checkout answers to a buyer who comes too late; the store keeps no order.
      return refuse();
    }
  }

  function refuse(): null {
    statistics.refused += 1;
    return null;
  }

  function cancelLater(store: ControlledStore, order: ControlledOrder): void {
    const callOffOne = clock.after(random.integer(2_000, CANCEL_WITHIN_MILLISECONDS), () => {
      cancellations.delete(callOffOne);
      const now = store.orders(2_000).find((one) => one.id === order.id);
      if (now === undefined || !now.canCancel) return;
      store.cancelOrder(order.id);
      statistics.cancelled += 1;
    });
    cancellations.add(callOffOne);
  }

  function scheduleNext(): void {
    // Exponential gaps: buyers come independently of each other.
    const mean = MILLISECONDS_PER_MINUTE / ordersPerMinute;
    const gap = -Math.log(1 - random.next()) * mean;
    callOff = clock.after(gap, () => {
      const stores = options.stores();
      if (stores.length > 0) placeOne(random.pick(stores));
      scheduleNext();
    });
  }

  function stop(): void {
    callOff?.();
    callOff = null;
    for (const callOffOne of cancellations) callOffOne();
    cancellations.clear();
  }

  return {
    get running() {
      return callOff !== null;
    },
    get ordersPerMinute() {
      return ordersPerMinute;
    },
    start(rate) {
      stop();
      ordersPerMinute = rate;
      if (rate > 0) scheduleNext();
    },
    stop,
    placeOne,
    placeLines(store, lines) {
      const address = believableAddress(random);
      return store.placeOrder({ lines, address, email: believableEmail(random, address) });
    },
    statistics: () => ({ ...statistics }),
  };
}
