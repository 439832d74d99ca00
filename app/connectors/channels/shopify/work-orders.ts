import type { ExternalRef } from '../../../contracts/outcome';

/** More than a busy shop makes in an hour; what is forgotten is asked for again. */
const REMEMBERED_MAX = 5_000;

/**
 * Which order a fulfillment order belongs to, as far as it was read or made here. Shopify's
 * messages about work name the work alone, and this never changes: remembered, most of them cost
 * no call.
 */
export type WorkOrders = {
  /** Null: not known here, which says nothing about Shopify. */
  orderOf(work: ExternalRef): ExternalRef | null;
  learn(order: ExternalRef, works: readonly ExternalRef[]): void;
};

export function rememberWorkOrders(): WorkOrders {
  const orders = new Map<ExternalRef, ExternalRef>();
  return {
    orderOf: (work) => orders.get(work) ?? null,
    learn(order, works) {
      for (const work of works) orders.set(work, order);
      // A map gives its keys in the order they came: the oldest go first.
      for (const work of orders.keys()) {
        if (orders.size <= REMEMBERED_MAX) break;
        orders.delete(work);
      }
    },
  };
}
