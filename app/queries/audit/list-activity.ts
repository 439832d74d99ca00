import { Prisma } from '../../../generated/prisma/client';
import { isId } from '#app/platform/ids';
import type { Prisma as Client } from '#app/platform/prisma';
import { type Page, type PageInput, keyset, toPage } from '../paging';
import { searchText, startingWith } from '../search-text';
import { type Names, type TimelineEntry, readNames, toTimelineEntry } from './list-timeline';
import { type NamedSubject, nameAuditSubjects } from './name-audit-subjects';

/** Kinds of actions people look for, and the first words of the actions in each. */
export const ACTIVITY_GROUPS = {
  orders: ['order', 'fulfillment', 'bulk'],
  stock: ['stock', 'count'],
  catalog: ['catalog', 'listing', 'item'],
  channels: ['connection', 'account', 'privacy'],
  checks: ['reconcile'],
  settings: ['merchant', 'location', 'settings'],
  work: ['job', 'inbox_event'],
} as const;
export type ActivityGroup = keyof typeof ACTIVITY_GROUPS;

export const ACTIVITY_ACTORS = ['staff', 'system', 'channel'] as const;

export type ActivityFilter = {
  readonly group: ActivityGroup | null;
  readonly actor: (typeof ACTIVITY_ACTORS)[number] | null;
  readonly channelId: string | null;
  /** An order, item or channel. */
  readonly subjectId: string | null;
  readonly from: Date | null;
  /** Up to but not including. */
  readonly until: Date | null;
  /** An order's name or an item's SKU, or how it begins. */
  readonly search: string | null;
};

export type ActivityRow = TimelineEntry & {
  readonly causeId: string;
  readonly subject: NamedSubject | null;
  /** What caused it, where that is something one can look at. */
  readonly cause: NamedSubject | null;
};

type AuditRow = {
  readonly id: string;
  readonly at: Date;
  readonly actorKind: string;
  readonly actorId: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly causeKind: string;
  readonly causeId: string;
  readonly data: unknown;
};

/** The channel a record belongs to, as its index knows it. */
const CHANNEL = Prisma.sql`audit_channel(a.actor_kind, a.actor_id, a.subject_kind, a.subject_id,
  a.data)`;
/** Orders and items that one search looks into. */
const SUBJECTS_MAX = 50;

/** One page of what happened, newest first; every filter narrows it further. */
export async function listActivity(
  prisma: Client,
  merchantId: string,
  input: PageInput & ActivityFilter & { readonly size?: number },
): Promise<Page<ActivityRow>> {
  const keys = keyset(input, {
    column: 'a.at',
    id: 'a.id',
    type: 'timestamptz',
    descending: true,
    ...(input.size === undefined ? {} : { size: input.size }),
  });
  const subjects = await subjectsOf(prisma, merchantId, input);
  const narrowed = Prisma.sql`a.merchant_id = ${merchantId}::uuid ${conditions(input, subjects)}
    ${keys.condition}`;
  const kinds = kindsSql(merchantId, input, subjects);
  // Each kind has its own stretch of an index, so a rare one is not looked for among all others.
  const records =
    kinds === null
      ? Prisma.sql`SELECT a.* FROM audit_record a WHERE ${narrowed}`
      : Prisma.sql`SELECT a.* FROM (${kinds}) k
          CROSS JOIN LATERAL (SELECT a.* FROM audit_record a
            WHERE split_part(a.action, '.', 1) = k.kind AND ${narrowed}
            ORDER BY ${keys.order} LIMIT ${keys.limit}) a`;
  const rows = await prisma.$queryRaw<AuditRow[]>`
    SELECT a.id, a.at, a.actor_kind AS "actorKind", a.actor_id AS "actorId", a.action,
      a.subject_kind AS "subjectKind", a.subject_id AS "subjectId", a.cause_kind AS "causeKind",
      a.cause_id AS "causeId", a.data
    FROM (${records}) a ORDER BY ${keys.order} LIMIT ${keys.limit}`;
  const page = toPage(rows, keys, (row) => ({ value: row.at.toISOString(), id: row.id }));
  const names = await readNames(prisma, merchantId);
  return { ...page, rows: await nameRows(prisma, merchantId, page.rows, names) };
}

async function nameRows(
  prisma: Client,
  merchantId: string,
  rows: readonly AuditRow[],
  names: Names,
): Promise<ActivityRow[]> {
  const named = await nameAuditSubjects(prisma, merchantId, [
    ...rows.map((row) => ({ kind: row.subjectKind, id: row.subjectId })),
    ...rows.map((row) => ({ kind: row.causeKind, id: row.causeId })),
  ]);
  return rows.map((row) => ({
    ...toTimelineEntry(row, names),
    causeId: row.causeId,
    subject: named.get(`${row.subjectKind} ${row.subjectId}`) ?? null,
    cause:
      row.causeId === row.subjectId ? null : (named.get(`${row.causeKind} ${row.causeId}`) ?? null),
  }));
}

/**
 * The kinds that are read one by one; null = all at once, newest first. A channel's or people's
 * records have an index by kind: those without a chosen group hop from kind to kind.
 */
function kindsSql(
  merchantId: string,
  input: ActivityFilter,
  subjects: readonly string[] | null,
): Prisma.Sql | null {
  if (input.group !== null) {
    return Prisma.sql`SELECT unnest(${[...ACTIVITY_GROUPS[input.group]]}::text[]) AS kind`;
  }
  const place =
    input.channelId !== null
      ? Prisma.sql`AND ${CHANNEL} = ${input.channelId}`
      : input.actor === 'staff'
        ? Prisma.sql`AND a.actor_kind = 'staff'`
        : null;
  if (place === null || subjects !== null) return null;
  const next = (after: Prisma.Sql) => Prisma.sql`(SELECT split_part(a.action, '.', 1)
    FROM audit_record a WHERE a.merchant_id = ${merchantId}::uuid ${place} ${after}
    ORDER BY split_part(a.action, '.', 1) LIMIT 1)`;
  return Prisma.sql`WITH RECURSIVE kinds AS (
      SELECT ${next(Prisma.empty)} AS kind
      UNION ALL SELECT ${next(Prisma.sql`AND split_part(a.action, '.', 1) > k.kind`)}
        FROM kinds k WHERE k.kind IS NOT NULL)
    SELECT kind FROM kinds WHERE kind IS NOT NULL`;
}

function conditions(input: ActivityFilter, subjects: readonly string[] | null): Prisma.Sql {
  const parts: Prisma.Sql[] = [];
  if (input.actor === 'staff') parts.push(Prisma.sql`AND a.actor_kind = 'staff'`);
  else if (input.actor !== null) parts.push(Prisma.sql`AND a.actor_kind = ${input.actor}`);
  if (input.channelId !== null) {
    parts.push(Prisma.sql`AND ${CHANNEL} = ${input.channelId}`);
  }
  if (subjects !== null) parts.push(Prisma.sql`AND a.subject_id = ANY(${[...subjects]}::text[])`);
  if (input.from !== null) parts.push(Prisma.sql`AND a.at >= ${input.from}`);
  if (input.until !== null) parts.push(Prisma.sql`AND a.at < ${input.until}`);
  return parts.length === 0 ? Prisma.empty : Prisma.join(parts, ' ');
}

/** The ids whose records are wanted; null = all. An order's parcels belong to it. */
async function subjectsOf(
  prisma: Client,
  merchantId: string,
  { subjectId, search }: ActivityFilter,
): Promise<readonly string[] | null> {
  const text = searchText(search);
  if (subjectId === null && text === null) return null;
  if (subjectId !== null && !isId(subjectId)) return [];

  const pattern = text === null ? null : startingWith(text.replace(/^#/, ''));
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    WITH found AS (
      SELECT ${subjectId}::uuid AS id WHERE ${subjectId}::uuid IS NOT NULL
      UNION ALL (SELECT o.id FROM customer_order o WHERE o.merchant_id = ${merchantId}::uuid
        AND lower(o.name) LIKE ${pattern}::text ORDER BY lower(o.name) DESC LIMIT ${SUBJECTS_MAX})
      UNION ALL (SELECT o.id FROM customer_order o WHERE o.merchant_id = ${merchantId}::uuid
        AND lower(o.name) LIKE ${pattern === null ? null : `#${pattern}`}::text
        ORDER BY lower(o.name) DESC LIMIT ${SUBJECTS_MAX})
      UNION ALL (SELECT i.id FROM item i WHERE i.merchant_id = ${merchantId}::uuid
        AND lower(i.sku) LIKE ${pattern}::text ORDER BY lower(i.sku) LIMIT ${SUBJECTS_MAX}))
    SELECT id::text FROM found
    UNION SELECT f.id::text FROM fulfillment f JOIN found ON f.order_id = found.id
      WHERE f.merchant_id = ${merchantId}::uuid`;
  return rows.map((row) => row.id);
}
