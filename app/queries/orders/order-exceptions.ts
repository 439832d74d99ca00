import type { Money } from '#app/domain/shared/money';
import type { Prisma } from '#app/platform/prisma';

/** Why an order may not leave, and how its channel stands to that. */
export type OrderHoldDetail = {
  readonly id: string;
  /** payment | fraud | address | out_of_stock | merchant | other */
  readonly reason: string;
  readonly note: string | null;
  /** crossdock | channel */
  readonly origin: string;
  /** Set by Crossdock itself, by its own rules. */
  readonly automatic: boolean;
  readonly active: boolean;
  /** not_needed | pending | acknowledged | refused */
  readonly reportState: string;
  readonly reportDetail: string | null;
  readonly createdAt: Date;
};

/** Money given back, and what came back with it. */
export type OrderRefundDetail = {
  readonly id: string;
  readonly refundedAt: Date;
  readonly amount: Money;
  readonly lines: readonly {
    readonly title: string;
    readonly quantity: number;
    /** cancel | return | none | unknown: what the channel says became of the goods. */
    readonly restock: string;
  }[];
};

/** Who holds of Crossdock's own are by. */
const CROSSDOCK = 'crossdock';

/** Holds that are active, and lifted ones that the channel would not let go, oldest first. */
export async function listHolds(
  prisma: Prisma,
  merchantId: string,
  orderId: string,
): Promise<OrderHoldDetail[]> {
  const holds = await prisma.orderHold.findMany({
    where: {
      merchantId,
      orderId,
      OR: [{ releasedAt: null }, { reportState: 'refused' }],
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return holds.map((hold) => ({
    id: hold.id,
    reason: hold.reason,
    note: hold.note,
    origin: hold.origin,
    automatic: hold.origin === 'crossdock' && hold.createdBy === CROSSDOCK,
    active: hold.releasedAt === null,
    reportState: hold.reportState,
    reportDetail: hold.reportDetail,
    createdAt: hold.createdAt,
  }));
}

type Order = {
  readonly id: string;
  readonly lines: readonly { readonly externalRef: string; readonly title: string }[];
};

/** Refunds of an order, oldest first, with its lines by name. */
export async function listRefunds(
  prisma: Prisma,
  merchantId: string,
  order: Order,
): Promise<OrderRefundDetail[]> {
  const refunds = await prisma.orderRefund.findMany({
    where: { merchantId, orderId: order.id },
    orderBy: [{ refundedAt: 'asc' }, { id: 'asc' }],
  });
  const titles = new Map(order.lines.map((line) => [line.externalRef, line.title]));
  return refunds.map((refund) => ({
    id: refund.id,
    refundedAt: refund.refundedAt,
    amount: { minor: Number(refund.amountMinor), currency: refund.currency },
    lines: readLines(refund.lines, titles),
  }));
}

function readLines(
  stored: unknown,
  titles: ReadonlyMap<string, string>,
): OrderRefundDetail['lines'] {
  if (!Array.isArray(stored)) return [];
  return (stored as unknown[]).flatMap((line) => {
    if (typeof line !== 'object' || line === null) return [];
    const { lineRef, quantity, restock } = line as Readonly<Record<string, unknown>>;
    if (typeof lineRef !== 'string' || typeof quantity !== 'number') return [];
    return [
      {
        title: titles.get(lineRef) ?? '',
        quantity,
        restock: typeof restock === 'string' ? restock : 'unknown',
      },
    ];
  });
}
