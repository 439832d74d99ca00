import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';
import { readNames, toTimelineEntry, type TimelineEntry } from './list-timeline';

export type EffectMovement = {
  readonly seq: string;
  readonly itemId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly requested: number;
  readonly fromState: string;
  readonly fromLocation: string | null;
  readonly toState: string;
  readonly toLocation: string | null;
  readonly reason: string;
  readonly recordedAt: Date;
};

/** What one cause has done: records newest first, and the units it moved. */
export type Effects = {
  readonly records: readonly TimelineEntry[];
  readonly movements: readonly EffectMovement[];
};

/** More than one message or form ever does; a whole import is not read line by line. */
const EFFECTS_MAX = 100;
/** A record's clock and the ledger's are two; what they do together is this close. */
const TOGETHER_MS = 5_000;

/**
 * Everything with this cause. Units moved for an order have the order as their cause: those count
 * that were moved with a record of it here.
 */
export async function listEffects(
  prisma: Prisma,
  merchantId: string,
  causeId: string,
  since: Date | null = null,
): Promise<Effects> {
  const [records, names] = await Promise.all([
    prisma.auditRecord.findMany({
      where: { merchantId, causeId, ...(since === null ? {} : { at: { gte: since } }) },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: EFFECTS_MAX,
    }),
    readNames(prisma, merchantId),
  ]);
  const orders = records.filter(
    ({ subjectKind, subjectId }) => subjectKind === 'order' && isId(subjectId),
  );
  const movements = await prisma.$queryRaw<EffectMovement[]>`
    SELECT m.seq::text, m.item_id AS "itemId", i.sku, m.quantity, m.requested,
      m.from_state AS "fromState", f.name AS "fromLocation", m.to_state AS "toState",
      t.name AS "toLocation", m.reason, m.recorded_at AS "recordedAt"
    FROM (
      SELECT m.* FROM movement m
        WHERE m.merchant_id = ${merchantId}::uuid AND m.cause_id = ${causeId}
          AND m.recorded_at >= ${since ?? new Date(0)}
      UNION
      SELECT m.* FROM unnest(${orders.map((one) => one.subjectId)}::text[],
          ${orders.map((one) => one.at)}::timestamptz[]) AS o(id, at)
        JOIN movement m ON m.merchant_id = ${merchantId}::uuid AND m.cause_id = o.id
          AND m.recorded_at BETWEEN o.at - ${TOGETHER_MS} * interval '1 millisecond'
            AND o.at + ${TOGETHER_MS} * interval '1 millisecond'
      ORDER BY seq DESC LIMIT ${EFFECTS_MAX}) m
    JOIN item i ON i.id = m.item_id
    LEFT JOIN location f ON f.id = m.from_location_id
    LEFT JOIN location t ON t.id = m.to_location_id
    ORDER BY m.seq DESC`;
  return { records: records.map((record) => toTimelineEntry(record, names)), movements };
}
