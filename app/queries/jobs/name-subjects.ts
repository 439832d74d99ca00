import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';
import type { SafeValue } from './safe-values';

/** The order or item a job or message is about, as people know it. */
export type WorkSubject = {
  readonly name: string;
  readonly path: string;
  /** Where the number is of; null when it is of no single location. */
  readonly place: string | null;
  /** The number the channel says it holds; null when it says none. */
  readonly claimed: string | null;
};

type Work = { readonly connectionId: string | null; readonly references: readonly SafeValue[] };
type Named = Pick<WorkSubject, 'name' | 'path'>;

/** Who each piece of work is about, in the same order; null where that is nobody we know. */
export async function nameSubjects(
  prisma: Prisma,
  merchantId: string,
  works: readonly Work[],
): Promise<(WorkSubject | null)[]> {
  const values = (...names: string[]) =>
    works.flatMap(({ references }) =>
      references.flatMap(({ name, value }) => (names.includes(name) ? [value] : [])),
    );
  const connectionIds = works.flatMap(({ connectionId }) => connectionId ?? []);
  const [orders, listings, places, ours] = await Promise.all([
    ordersByRef(prisma, merchantId, connectionIds, values('orderRef')),
    itemsByRef(prisma, merchantId, connectionIds, values('stockRef', 'listingRef')),
    placesByRef(prisma, merchantId, connectionIds, values('locationRef')),
    ourOwn(prisma, merchantId, values('orderId', 'fulfillmentId', 'itemId').filter(isId)),
  ]);
  return works.map(({ connectionId, references }) => {
    const read = (name: string) => references.find((one) => one.name === name)?.value ?? '';
    const key = (name: string) => keyOf(connectionId, read(name));
    const subject =
      orders.get(key('orderRef')) ??
      listings.get(key('stockRef')) ??
      listings.get(key('listingRef')) ??
      ours.get(read('orderId')) ??
      ours.get(read('fulfillmentId')) ??
      ours.get(read('itemId'));
    if (subject === undefined) return null;
    const claimed = read('claimed');
    return {
      ...subject,
      place: places.get(key('locationRef')) ?? null,
      claimed: claimed === '' ? null : claimed,
    };
  });
}

function keyOf(connectionId: string | null, ref: string): string {
  return `${connectionId ?? ''} ${ref}`;
}

function namedOrder({ id, name }: { readonly id: string; readonly name: string }): Named {
  return { name, path: `/app/orders/${id}` };
}

function namedItem(item: { readonly id: string; readonly sku: string; title: string }): Named {
  return { name: item.sku.trim() || item.title, path: `/app/inventory/${item.id}` };
}

const ORDER = { id: true, name: true } as const;
const ITEM = { id: true, sku: true, title: true } as const;

async function ordersByRef(
  prisma: Prisma,
  merchantId: string,
  connectionIds: string[],
  refs: string[],
): Promise<Map<string, Named>> {
  if (refs.length === 0) return new Map();
  const orders = await prisma.order.findMany({
    where: { merchantId, connectionId: { in: connectionIds }, externalRef: { in: refs } },
    select: { ...ORDER, connectionId: true, externalRef: true },
  });
  return new Map(orders.map((one) => [keyOf(one.connectionId, one.externalRef), namedOrder(one)]));
}

async function itemsByRef(
  prisma: Prisma,
  merchantId: string,
  connectionIds: string[],
  refs: string[],
): Promise<Map<string, Named>> {
  if (refs.length === 0) return new Map();
  const listings = await prisma.listing.findMany({
    where: {
      merchantId,
      connectionId: { in: connectionIds },
      OR: [{ stockRef: { in: refs } }, { externalRef: { in: refs } }],
    },
    select: { connectionId: true, stockRef: true, externalRef: true, item: { select: ITEM } },
  });
  return new Map(
    listings.flatMap(({ connectionId, stockRef, externalRef, item }) =>
      item === null
        ? []
        : [stockRef, externalRef].map(
            (ref) => [keyOf(connectionId, ref), namedItem(item)] as const,
          ),
    ),
  );
}

async function placesByRef(
  prisma: Prisma,
  merchantId: string,
  connectionIds: string[],
  refs: string[],
): Promise<Map<string, string>> {
  if (refs.length === 0) return new Map();
  const mapped = await prisma.connectionLocation.findMany({
    where: { merchantId, connectionId: { in: connectionIds }, externalRef: { in: refs } },
    select: { connectionId: true, externalRef: true, location: { select: { name: true } } },
  });
  return new Map(
    mapped.map((one) => [keyOf(one.connectionId, one.externalRef), one.location.name]),
  );
}

/** What our own jobs name by our own ids. */
async function ourOwn(
  prisma: Prisma,
  merchantId: string,
  ids: string[],
): Promise<Map<string, Named>> {
  if (ids.length === 0) return new Map();
  const where = { merchantId, id: { in: ids } };
  const [orders, fulfillments, items] = await Promise.all([
    prisma.order.findMany({ where, select: ORDER }),
    prisma.fulfillment.findMany({ where, select: { id: true, order: { select: ORDER } } }),
    prisma.item.findMany({ where, select: ITEM }),
  ]);
  return new Map([
    ...orders.map((one) => [one.id, namedOrder(one)] as const),
    ...fulfillments.map((one) => [one.id, namedOrder(one.order)] as const),
    ...items.map((one) => [one.id, namedItem(one)] as const),
  ]);
}
