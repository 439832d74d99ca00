import type { Prisma } from '#app/platform/prisma';

/** An audit record with its ids resolved to names; the sentence is made where it is shown. */
export type TimelineEntry = {
  readonly id: string;
  readonly at: Date;
  readonly actorKind: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly causeKind: string;
  /** Only short plain values: what sentences are made of. */
  readonly data: TimelineData;
};

export type TimelineData = Readonly<Record<string, string | number | boolean>>;

/** Names of a merchant's connections and locations by id; there are only a few of either. */
export type Names = ReadonlyMap<string, string>;

type AuditRow = Omit<TimelineEntry, 'data'> & {
  readonly actorId: string;
  readonly causeId: string;
  readonly data: unknown;
};

/** More than an order or item ever has in practice; the newest are kept. */
const TIMELINE_MAX = 200;
/** A value longer than a sentence is not for a sentence. */
const DATA_TEXT_MAX = 500;

/** What happened to any of these subjects, newest first. */
export async function listTimeline(
  prisma: Prisma,
  merchantId: string,
  subjectIds: readonly string[],
): Promise<TimelineEntry[]> {
  const [records, names] = await Promise.all([
    prisma.auditRecord.findMany({
      where: { merchantId, subjectId: { in: [...subjectIds] } },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: TIMELINE_MAX,
    }),
    readNames(prisma, merchantId),
  ]);
  return records.map((record) => toTimelineEntry(record, names));
}

export async function readNames(prisma: Prisma, merchantId: string): Promise<Names> {
  const select = { id: true, name: true };
  const [connections, locations] = await Promise.all([
    prisma.connection.findMany({ where: { merchantId }, select }),
    prisma.location.findMany({ where: { merchantId }, select }),
  ]);
  return new Map([...connections, ...locations].map(({ id, name }) => [id, name]));
}

/** An audit record without what sentences cannot use, and with names where it had ids. */
export function toTimelineEntry(record: AuditRow, names: Names): TimelineEntry {
  const { id, at, actorKind, action, subjectKind, subjectId, causeKind } = record;
  const data = isRecord(record.data) ? record.data : {};
  return {
    id,
    at,
    actorKind,
    action,
    subjectKind,
    subjectId,
    causeKind,
    data: { ...plainValues(data), ...namedValues(record, data, names) },
  };
}

function namedValues(record: AuditRow, data: Record<string, unknown>, names: Names): TimelineData {
  const channel = [data['connectionId'], record.subjectId, record.actorId]
    .map((id) => (typeof id === 'string' ? names.get(id) : undefined))
    .find((name) => name !== undefined);
  const { locationId, locationIds } = data;
  const places = (Array.isArray(locationIds) ? (locationIds as unknown[]) : [locationId])
    .map((id) => (typeof id === 'string' ? names.get(id) : undefined))
    .filter((name) => name !== undefined);
  return {
    ...(channel === undefined ? {} : { channelName: channel }),
    ...(places.length === 0 ? {} : { locationName: places.join(', ') }),
  };
}

/** Lists count as `<name>Count`; the only entry of a list speaks for itself. */
function plainValues(data: Record<string, unknown>): TimelineData {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(data)) {
    if (typeof value === 'number' || typeof value === 'boolean') kept[name] = value;
    if (typeof value === 'string') kept[name] = value.slice(0, DATA_TEXT_MAX);
    if (!Array.isArray(value)) continue;
    kept[`${name}Count`] = value.length;
    const [only, another] = value as unknown[];
    if (another === undefined && isRecord(only)) Object.assign(kept, plainValues(only));
  }
  return kept;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
