import type { Prisma } from '#app/platform/prisma';

/** An audit record as people read it; the sentence is made where it is shown. */
export type TimelineEntry = {
  readonly id: string;
  readonly at: Date;
  readonly actorKind: string;
  readonly actorId: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly causeKind: string;
  readonly causeId: string;
  /** Only short plain values: what sentences are made of. */
  readonly data: Readonly<Record<string, string | number | boolean>>;
};

/** More than an order or item ever has in practice; the newest are kept. */
const TIMELINE_MAX = 200;
/** A value longer than a sentence is not for a sentence. */
const DATA_TEXT_MAX = 300;

/** What happened to any of these subjects, newest first. */
export async function listTimeline(
  prisma: Prisma,
  merchantId: string,
  subjectIds: readonly string[],
): Promise<TimelineEntry[]> {
  const records = await prisma.auditRecord.findMany({
    where: { merchantId, subjectId: { in: [...subjectIds] } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: TIMELINE_MAX,
  });
  return records.map(toTimelineEntry);
}

/** An audit record without what sentences cannot use. */
export function toTimelineEntry(record: {
  id: string;
  at: Date;
  actorKind: string;
  actorId: string;
  action: string;
  subjectKind: string;
  subjectId: string;
  causeKind: string;
  causeId: string;
  data: unknown;
}): TimelineEntry {
  const { id, at, actorKind, actorId, action, subjectKind, subjectId, causeKind, causeId } = record;
  return {
    id,
    at,
    actorKind,
    actorId,
    action,
    subjectKind,
    subjectId,
    causeKind,
    causeId,
    data: plainValues(record.data),
  };
}

function plainValues(data: unknown): TimelineEntry['data'] {
  if (typeof data !== 'object' || data === null) return {};
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(data)) {
    if (typeof value === 'number' || typeof value === 'boolean') kept[name] = value;
    if (typeof value === 'string') kept[name] = value.slice(0, DATA_TEXT_MAX);
  }
  return kept;
}
