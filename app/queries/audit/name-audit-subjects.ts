import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';

/** Something an audit record names, as people know it and where they can look at it. */
export type NamedSubject = { readonly name: string; readonly path: string };

type Reference = { readonly kind: string; readonly id: string };

/** Orders, items, channels, messages, checks and counts by `kind id`; what is none is left out. */
export async function nameAuditSubjects(
  prisma: Prisma,
  merchantId: string,
  references: readonly Reference[],
): Promise<ReadonlyMap<string, NamedSubject>> {
  const of = (kind: string) => [
    ...new Set(references.flatMap((one) => (one.kind === kind && isId(one.id) ? [one.id] : []))),
  ];
  const where = (kind: string) => ({ merchantId, id: { in: of(kind) } });
  const [orders, parcels, items, channels, messages, runs] = await Promise.all([
    prisma.order.findMany({ where: where('order'), select: { id: true, name: true } }),
    prisma.fulfillment.findMany({
      where: where('fulfillment'),
      select: { id: true, order: { select: { id: true, name: true } } },
    }),
    prisma.item.findMany({ where: where('item'), select: { id: true, sku: true, title: true } }),
    prisma.connection.findMany({ where: where('connection'), select: { id: true, name: true } }),
    prisma.inboxEvent.findMany({ where: where('inbox_event'), select: { id: true } }),
    prisma.reconcileRun.findMany({ where: where('reconcile_run'), select: { id: true } }),
  ]);
  return new Map<string, NamedSubject>([
    ...orders.map(({ id, name }) => entry('order', id, name, `/app/orders/${id}`)),
    ...parcels.map(({ id, order }) =>
      entry('fulfillment', id, order.name, `/app/orders/${order.id}`),
    ),
    ...items.map(({ id, sku, title }) =>
      entry('item', id, sku.trim() || title, `/app/inventory/${id}`),
    ),
    ...channels.map(({ id, name }) => entry('connection', id, name, `/app/channels/${id}`)),
    ...messages.map(({ id }) =>
      entry('inbox_event', id, 'a message of the channel', `/app/activity/messages/${id}`),
    ),
    ...runs.map(({ id }) => entry('reconcile_run', id, 'a check', `/app/reconciliation/${id}`)),
  ]);
}

function entry(
  kind: string,
  id: string,
  name: string,
  path: string,
): readonly [string, NamedSubject] {
  return [`${kind} ${id}`, { name, path }];
}
