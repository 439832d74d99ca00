import { findLevel } from './stock';
import type { SandboxShop } from './shop';
import type { FulfillmentOrder, Order, OrderLine } from './state';

/** Something a person can let happen to one order on the control page. */
export type OrderAction = {
  readonly id: string;
  readonly label: string;
  /** Null where it cannot happen to the order now; answers what happened. */
  readonly run: (() => string) | null;
};

const DAY_MILLISECONDS = 86_400_000;

/** What the merchant, Shopify or another app could do to this order, in the order of the menu. */
export function orderActions(shop: SandboxShop, order: Order): OrderAction[] {
  const works = shop.fulfillmentOrders(order.id);
  return [
    ...workActions(shop, works),
    ...splitActions(shop, order, works),
    ...moneyActions(shop, order),
  ];
}

function workActions(shop: SandboxShop, works: readonly FulfillmentOrder[]): OrderAction[] {
  const open = works.find(({ status }) => status === 'OPEN');
  const held = works.filter(({ status }) => status === 'ON_HOLD');
  const scheduled = works.filter(({ status }) => status === 'SCHEDULED');
  const tomorrow = new Date(shop.state.clock.now().getTime() + DAY_MILLISECONDS);
  return [
    doing('hold', 'Put its work on hold', open, ({ id }) => {
      shop.holdInAdmin(id, 'OTHER');
      return 'On hold.';
    }),
    doing('release', 'Release its holds', held[0], () => {
      for (const { id } of held) shop.releaseInAdmin(id);
      return 'Released.';
    }),
    doing('schedule', 'Schedule it for tomorrow', open, ({ id }) => {
      shop.scheduleInAdmin(id, tomorrow);
      return 'Scheduled.';
    }),
    doing('open', 'Open what is scheduled', scheduled[0], () => {
      for (const { id } of scheduled) shop.openScheduled(id);
      return 'Open.';
    }),
  ];
}

function splitActions(
  shop: SandboxShop,
  order: Order,
  works: readonly FulfillmentOrder[],
): OrderAction[] {
  const open = works.filter(({ status }) => status === 'OPEN');
  const large = open.find((work) => unitsLeft(work) > 1);
  const [first] = open;
  const mergeable = open.filter(({ locationId }) => locationId === first?.locationId);
  const target = first === undefined ? undefined : moveTarget(shop, first);
  return [
    doing('split', 'Split one unit off', large, (work) => {
      const part = work.lines.find(({ remainingQuantity }) => remainingQuantity > 0);
      const line = order.lines.find(({ id }) => id === part?.orderLineId);
      shop.splitInAdmin(work.id, line?.sku ?? '', 1);
      return 'Split.';
    }),
    doing('merge', 'Merge its work', mergeable[1], () => {
      shop.mergeInAdmin(mergeable.map(({ id }) => id));
      return 'Merged.';
    }),
    doing('move', `Move it to ${target?.name ?? 'another location'}`, target, ({ id, name }) => {
      shop.moveInAdmin(first?.id ?? '', id);
      return `Moved to ${name}.`;
    }),
  ];
}

function moneyActions(shop: SandboxShop, order: Order): OrderAction[] {
  const open = order.cancelledAt === null;
  const outside = (line: OrderLine): number => line.fulfilledQuantity - line.returnedQuantity;
  const waiting = order.lines.find((line) => open && line.currentQuantity > outside(line));
  const sent = order.lines.find((line) => line.currentQuantity > 0 && outside(line) > 0);
  const refund = (line: OrderLine, restock: boolean, shippedFirst: boolean): string => {
    const lines = [{ sku: line.sku, quantity: 1 }];
    shop.refundInAdmin(order.id, { lines, restock, shippedFirst });
    return `Refunded 1 ${line.sku}.`;
  };
  return [
    doing('refund', 'Refund a unit not sent yet', waiting, (line) => refund(line, true, false)),
    doing('return', 'Take a sent unit back, restocked', sent, (line) => refund(line, true, true)),
    doing('lost', 'Refund a sent unit, not restocked', sent, (line) => refund(line, false, true)),
    doing('risk', 'Mark it as high risk', open && order.risk !== 'HIGH' ? order : undefined, () => {
      shop.assessRisk(order.id, 'HIGH');
      return 'High risk.';
    }),
  ];
}

function doing<Subject>(
  id: string,
  label: string,
  subject: Subject | undefined,
  run: (subject: Subject) => string,
): OrderAction {
  return { id, label, run: subject === undefined ? null : () => run(subject) };
}

const unitsLeft = (work: FulfillmentOrder): number =>
  work.lines.reduce((sum, { remainingQuantity }) => sum + remainingQuantity, 0);

/** Another place that stocks all of it. */
function moveTarget(
  shop: SandboxShop,
  work: FulfillmentOrder,
): { id: string; name: string } | undefined {
  return [...shop.state.locations.values()].find(
    ({ id, isActive }) =>
      isActive &&
      id !== work.locationId &&
      work.lines.every(
        ({ itemId }) => itemId === null || findLevel(shop.state, itemId, id) !== undefined,
      ),
  );
}
