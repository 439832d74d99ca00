import type { Oversell, StockPolicy } from '#app/domain/stock/stock-policy';
import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';

export type Braked = {
  readonly since: Date;
  /** raises | all: what waits. */
  readonly hold: string;
  /** Listings, as in the domain's PushMeasure. */
  readonly live: number;
  readonly changes: number;
  readonly raises: number;
  readonly drops: number;
  readonly toZero: number;
};

export type ChannelPolicy = StockPolicy & {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly publishing: boolean;
  readonly imported: boolean;
  /** One number for each of the channel's own locations; else one per listing. */
  readonly perLocation: boolean;
  readonly brakePercent: number;
  readonly braked: Braked | null;
  readonly locationIds: readonly string[];
};

/** How a channel's numbers are made, and whether they are sent; null when it is not theirs. */
export async function getPolicy(
  prisma: Prisma,
  merchantId: string,
  connectionId: string,
): Promise<ChannelPolicy | null> {
  if (!isId(connectionId)) return null;
  const found = await prisma.connection.findFirst({
    where: { id: connectionId, merchantId },
    include: { locations: { select: { locationId: true }, orderBy: { locationId: 'asc' } } },
  });
  if (found === null) return null;
  return {
    id: found.id,
    name: found.name,
    kind: found.kind,
    status: found.status,
    publishing: found.publishing,
    imported: found.importedAt !== null,
    perLocation: found.kind === 'shopify',
    bufferUnits: found.bufferUnits,
    sharePercent: found.sharePercent,
    capUnits: found.capUnits,
    oversell: found.oversell as Oversell,
    brakePercent: found.brakePercent,
    braked:
      found.brakedAt === null
        ? null
        : { since: found.brakedAt, ...brakedDetail(found.brakedDetail) },
    locationIds: found.locations.map(({ locationId }) => locationId),
  };
}

function brakedDetail(detail: unknown): Omit<Braked, 'since'> {
  const read = (typeof detail === 'object' && detail !== null ? detail : {}) as Record<
    string,
    unknown
  >;
  const count = (name: string): number => (typeof read[name] === 'number' ? read[name] : 0);
  return {
    hold: read['hold'] === 'raises' ? 'raises' : 'all',
    live: count('live'),
    changes: count('changes'),
    raises: count('raises'),
    drops: count('drops'),
    toZero: count('toZero'),
  };
}
