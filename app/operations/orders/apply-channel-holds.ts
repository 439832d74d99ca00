import type { ChannelHold } from '../../contracts/channel-order';
import { orderDemand } from '../../domain/orders/order-status';
import {
  HELD_BY_CROSSDOCK,
  type HoldReason,
  type HoldSettings,
  causesToHold,
  planHolds,
} from '../../domain/orders/plan-holds';
import { newId } from '../../platform/ids';
import type { Transaction } from '../../platform/database';
import type { AuditEntry } from '../../store/audit';
import { type OrderHold, holdsOfOrders } from '../../store/order-holds';
import type { StoredOrder } from '../../store/orders';
import { readSettings } from '../../store/settings';
import type { MergedOrder } from './merge-order';
import type { HoldChange, PlanEntry } from './plan-entry';

/** An order as just merged, and the holds its channel has on it now. */
export type HeldOrder = {
  readonly merged: MergedOrder;
  readonly isNew: boolean;
  readonly inChannel: readonly ChannelHold[];
};

const ALL_ON: HoldSettings = { holdHighRisk: true, holdMissingAddress: true };

/**
 * Mirrors holds of channels, and sets or lifts those that Crossdock sets by itself, as the merchant
 * chose. Answers, by order id, the order as it is held now and the rows to write; orders whose
 * holds stay as they are get no change. Call with the orders locked.
 */
export async function applyChannelHolds(
  tx: Transaction,
  merchantId: string,
  orders: readonly HeldOrder[],
): Promise<ReadonlyMap<string, { readonly held: boolean; readonly change: HoldChange | null }>> {
  const known = await knownHolds(tx, merchantId, orders);
  const causes = ({ merged }: HeldOrder, settings: HoldSettings): readonly HoldReason[] =>
    causesOf(merged, settings).filter(
      (cause) => cause !== 'address' || !isErased(merged, known.get(merged.order.id) ?? []),
    );
  const asked = orders.some((one) => causes(one, ALL_ON).length > 0);
  const settings = asked ? await readSettings(tx, merchantId) : ALL_ON;
  return new Map(
    orders.map((one) => {
      const { order } = one.merged;
      const plan = planHolds(known.get(order.id) ?? [], one.inChannel, causes(one, settings));
      const change: HoldChange = {
        add: plan.add.map((hold) => ({
          ...hold,
          note: order.redactedAt === null ? hold.note : null,
          id: newId(),
          merchantId,
          orderId: order.id,
          // Nobody but us needs to know of what we hold by ourselves: it is not shipped here.
          reportState: 'not_needed',
        })),
        release: plan.release.map(({ hold, by }) => ({ holdId: hold.id, reason: hold.reason, by })),
      };
      const changes = change.add.length + change.release.length > 0;
      return [order.id, { held: plan.held, change: changes ? change : null }];
    }),
  );
}

async function knownHolds(
  tx: Transaction,
  merchantId: string,
  orders: readonly HeldOrder[],
): Promise<Map<string, OrderHold[]>> {
  const stored = orders.filter(({ isNew }) => !isNew).map(({ merged }) => merged.order.id);
  const known = new Map<string, OrderHold[]>();
  for (const hold of await holdsOfOrders(tx, merchantId, stored)) {
    known.set(hold.orderId, [...(known.get(hold.orderId) ?? []), hold]);
  }
  return known;
}

function causesOf(
  { order, channelFulfilled }: MergedOrder,
  settings: HoldSettings,
): readonly HoldReason[] {
  const left = (line: StoredOrder['lines'][number]): number =>
    Math.max(line.shippedQuantity, channelFulfilled.get(line.id) ?? 0);
  return causesToHold(
    {
      demand: orderDemand(order.stage, order.cancelState),
      risk: order.risk,
      shipTo: order.shipTo,
      shippingMethod: order.shippingMethod,
      toShip: order.lines.some((line) => line.requiresShipping && line.quantity > left(line)),
    },
    settings,
  );
}

/** An address that was erased is not one that is missing; a hold from before for it stays. */
function isErased({ order }: MergedOrder, known: readonly OrderHold[]): boolean {
  const ours = ({ active, reason, createdBy }: OrderHold) =>
    active && reason === 'address' && createdBy === HELD_BY_CROSSDOCK;
  return order.redactedAt !== null && !known.some(ours);
}

/** What became of an order's holds, as audit records. */
export function auditOfHolds(entry: PlanEntry, now: Date): AuditEntry[] {
  const record = (action: string, by: string, data: AuditEntry['data']): AuditEntry => ({
    merchantId: entry.order.merchantId,
    at: now,
    actor: by === HELD_BY_CROSSDOCK ? { kind: 'system', id: 'holds' } : entry.actor,
    action,
    subject: { kind: 'order', id: entry.order.id },
    cause: entry.cause,
    data,
  });
  return [
    ...(entry.holds?.add ?? []).map((hold) =>
      record('order.held', hold.createdBy, { reason: hold.reason, origin: hold.origin }),
    ),
    ...(entry.holds?.release ?? []).map(({ reason, by }) =>
      record('order.hold_lifted', by, { reason }),
    ),
  ];
}
