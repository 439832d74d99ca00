import { csvLine } from '#app/domain/shared/csv-cell';
import { isId } from '#app/platform/ids';
import type { Prisma as Client } from '#app/platform/prisma';
import { type Page, type PageInput, keyset, toPage } from '../paging';

export type BulkActionView = {
  readonly id: string;
  /** hold | release | tag | untag | cancel | reroute */
  readonly kind: string;
  /** running | done | undone */
  readonly state: string;
  /** The action this one undoes. */
  readonly undoOf: string | null;
  readonly total: number;
  /** Of `total`, those something was done with, or tried. */
  readonly done: number;
  readonly failed: number;
  /** Tags, where it is about tags. */
  readonly tags: readonly string[];
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
};

export type BulkResultView = {
  readonly orderId: string;
  readonly name: string;
  /** waiting | done | skipped | failed */
  readonly state: string;
  readonly message: string | null;
};

export const RESULT_STATES = ['done', 'skipped', 'failed', 'waiting'] as const;
export type ResultState = (typeof RESULT_STATES)[number];

/** A result of the last minutes is still news. */
const NEWS_MS = 10 * 60_000;

const SELECTED = {
  id: true,
  kind: true,
  state: true,
  undoOf: true,
  total: true,
  done: true,
  failed: true,
  payload: true,
  createdAt: true,
  finishedAt: true,
} as const;

type Selected = Omit<BulkActionView, 'tags'> & { readonly payload: unknown };

/** Kinds that act on orders. */
const ORDER_KINDS = ['hold', 'release', 'tag', 'untag', 'cancel', 'reroute'];

/** The action; null when this merchant has no such one. */
export async function getBulkAction(
  prisma: Client,
  merchantId: string,
  actionId: string,
): Promise<BulkActionView | null> {
  if (!isId(actionId)) return null;
  const action = await prisma.bulkAction.findFirst({
    where: { id: actionId, merchantId, kind: { in: ORDER_KINDS } },
    select: SELECTED,
  });
  return action === null ? null : toView(action);
}

/** The newest action on orders, while it runs or its result is news. */
export async function latestBulkAction(
  prisma: Client,
  merchantId: string,
  now: Date,
): Promise<BulkActionView | null> {
  const action = await prisma.bulkAction.findFirst({
    where: { merchantId, kind: { in: ORDER_KINDS } },
    orderBy: { createdAt: 'desc' },
    select: SELECTED,
  });
  if (action === null) return null;
  const ended = action.finishedAt?.getTime() ?? null;
  return ended !== null && ended < now.getTime() - NEWS_MS ? null : toView(action);
}

function toView({ payload, ...action }: Selected): BulkActionView {
  const tags = (payload as { readonly tags?: unknown } | null)?.tags;
  const named = Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
  return { ...action, tags: named };
}

/** How many orders came to what. */
export async function countResults(
  prisma: Client,
  merchantId: string,
  actionId: string,
): Promise<Readonly<Record<ResultState, number>>> {
  const groups = await prisma.bulkActionResult.groupBy({
    by: ['state'],
    where: { actionId, merchantId },
    _count: true,
  });
  const of = (state: ResultState) => groups.find((group) => group.state === state)?._count ?? 0;
  return {
    done: of('done'),
    skipped: of('skipped'),
    failed: of('failed'),
    waiting: of('waiting'),
  };
}

/** One page of results, newest order first; `state` null = all. */
export async function listResults(
  prisma: Client,
  merchantId: string,
  actionId: string,
  input: PageInput & { readonly state: ResultState | null },
): Promise<Page<BulkResultView>> {
  const keys = keyset(input, {
    column: 'o.placed_at',
    id: 'o.id',
    type: 'timestamptz',
    descending: true,
  });
  const rows = await prisma.$queryRaw<(BulkResultView & { readonly placedAt: Date })[]>`
    SELECT o.id AS "orderId", o.name, o.placed_at AS "placedAt", r.state, r.message
      FROM bulk_action_result r JOIN customer_order o ON o.id = r.subject_id
     WHERE r.action_id = ${actionId}::uuid AND r.merchant_id = ${merchantId}::uuid
       AND (${input.state}::text IS NULL OR r.state = ${input.state}) ${keys.condition}
     ORDER BY ${keys.order} LIMIT ${keys.limit}`;
  return toPage(rows, keys, (row) => ({ value: row.placedAt.toISOString(), id: row.orderId }));
}

/** Rows read at a time. */
const EXPORT_ROWS = 1000;

/** All results as a CSV file, in pieces. */
export async function* exportResults(
  prisma: Client,
  merchantId: string,
  actionId: string,
): AsyncGenerator<string> {
  yield csvLine(['Order', 'Result', 'Reason']);
  let after: string | null = null;
  do {
    const rows: BulkResultView[] = await prisma.$queryRaw<BulkResultView[]>`
      SELECT o.id AS "orderId", o.name, r.state, r.message
        FROM bulk_action_result r JOIN customer_order o ON o.id = r.subject_id
       WHERE r.action_id = ${actionId}::uuid AND r.merchant_id = ${merchantId}::uuid
         AND (${after}::uuid IS NULL OR r.subject_id > ${after}::uuid)
       ORDER BY r.subject_id LIMIT ${EXPORT_ROWS}`;
    if (rows.length > 0) {
      yield rows.map(({ name, state, message }) => csvLine([name, state, message])).join('');
    }
    after = rows.length < EXPORT_ROWS ? null : (rows.at(-1)?.orderId ?? null);
  } while (after !== null);
}
