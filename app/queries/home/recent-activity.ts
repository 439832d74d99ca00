import type { Prisma } from '#app/platform/prisma';
import { type TimelineEntry, readNames, toTimelineEntry } from '../audit/list-timeline';

export type Activity = TimelineEntry & {
  /** What it was about, named and linked where it is an order or an item. */
  readonly subject: { readonly name: string; readonly path: string } | null;
};

const ACTIVITY_SHOWN = 12;
/**
 * Channels are told numbers, and lower some before they tell of the sale, all day long: beside that
 * nobody would see the orders. The item's page has it.
 */
const NOT_NEWS = ['stock.published', 'stock.differs_in_channel'];

/** The newest things that happened to a merchant's orders, stock and channels. */
export async function recentActivity(prisma: Prisma, merchantId: string): Promise<Activity[]> {
  const records = await prisma.auditRecord.findMany({
    where: { merchantId, action: { notIn: [...NOT_NEWS] } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: ACTIVITY_SHOWN,
  });
  const ids = (kind: string) =>
    records.filter(({ subjectKind }) => subjectKind === kind).map(({ subjectId }) => subjectId);
  const [orders, fulfillments, items, names] = await Promise.all([
    prisma.order.findMany({
      where: { merchantId, id: { in: ids('order') } },
      select: { id: true, name: true },
    }),
    prisma.fulfillment.findMany({
      where: { merchantId, id: { in: ids('fulfillment') } },
      select: { id: true, order: { select: { id: true, name: true } } },
    }),
    prisma.item.findMany({
      where: { merchantId, id: { in: ids('item') } },
      select: { id: true, sku: true },
    }),
    readNames(prisma, merchantId),
  ]);
  const subjects = new Map<string, Activity['subject']>();
  for (const { id, name } of orders) subjects.set(id, { name, path: `/app/orders/${id}` });
  for (const { id, order } of fulfillments) {
    subjects.set(id, { name: order.name, path: `/app/orders/${order.id}` });
  }
  for (const { id, sku } of items) subjects.set(id, { name: sku, path: `/app/inventory/${id}` });
  return records.map((record) => ({
    ...toTimelineEntry(record, names),
    subject: subjects.get(record.subjectId) ?? null,
  }));
}
