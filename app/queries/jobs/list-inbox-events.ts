import { Prisma } from '../../../generated/prisma/client';
import type { Prisma as Client } from '#app/platform/prisma';
import { type Page, type PageInput, keyset, toPage } from '../paging';
import { type WorkSubject, nameSubjects } from './name-subjects';
import { type SafeValue, safeValues } from './safe-values';

export const INBOX_STATES = ['received', 'processed', 'ignored', 'failed'] as const;
export type InboxState = (typeof INBOX_STATES)[number];

export type InboxRow = {
  readonly id: string;
  readonly topic: string;
  readonly state: string;
  readonly channelName: string;
  readonly receivedAt: Date;
  readonly processedAt: Date | null;
  readonly detail: string | null;
  /** What the message is about. The message itself is never shown: it may hold customer data. */
  readonly concerns: readonly SafeValue[];
  /** The same as an order or item, where we know it. */
  readonly about: WorkSubject | null;
};

type Row = Omit<InboxRow, 'concerns' | 'about'> & {
  readonly concerns: unknown;
  readonly connectionId: string;
};

/** One page of the messages channels sent to a merchant, newest first. */
export async function listInboxEvents(
  prisma: Client,
  merchantId: string,
  input: PageInput & { readonly state: InboxState | null },
): Promise<Page<InboxRow>> {
  const keys = keyset(input, {
    column: 'e.received_at',
    id: 'e.id',
    type: 'timestamptz',
    descending: true,
  });
  const inState = input.state === null ? Prisma.empty : Prisma.sql`AND e.state = ${input.state}`;
  const rows = await prisma.$queryRaw<Row[]>`
    SELECT e.id, e.topic, e.state, c.name AS "channelName", e.received_at AS "receivedAt",
      e.processed_at AS "processedAt", left(e.detail, 2000) AS detail, e.concerns, e.connection_id AS "connectionId"
    FROM (
      SELECT e.* FROM inbox_event e WHERE e.merchant_id = ${merchantId}::uuid ${inState}
        ${keys.condition}
      ORDER BY ${keys.order} LIMIT ${keys.limit}) e
    JOIN connection c ON c.id = e.connection_id
    ORDER BY ${keys.order}`;
  const page = toPage(rows, keys, (row) => ({ value: row.receivedAt.toISOString(), id: row.id }));
  const concerns = page.rows.map((row) => safeValues(row.concerns));
  const about = await nameSubjects(
    prisma,
    merchantId,
    page.rows.map(({ connectionId }, index) => ({
      connectionId,
      references: concerns[index] ?? [],
    })),
  );
  return {
    ...page,
    rows: page.rows.map(({ connectionId: _, ...row }, index) => ({
      ...row,
      concerns: concerns[index] ?? [],
      about: about[index] ?? null,
    })),
  };
}
