/** Reading what was refunded of an order: the money, and what it did to Shopify's stock. */
import type { ChannelRefund } from '../../../contracts/channel-order';
import type { ExternalRef, Outcome } from '../../../contracts/outcome';
import { type AdminApi, done, isDone } from './client';
import { toRefund } from './mapping';
import {
  LinesOfRefunds,
  MoreLinesOfRefund,
  type RefundLineFieldsFragment,
  RefundsOfOrder,
  type RefundsOfOrderQuery,
} from './operations/admin.generated';
import { mapDone, readRest } from './read-all-pages';

/**
 * Shopify lists refunds without paging; at full price 250 of them are worth 750 points. Nearly all
 * orders have fewer than the first number.
 */
const REFUNDS_FIRST = 30;
const REFUNDS_MAX = 250;
/** Ten refunds with 20 lines each are worth about 630 points. */
const REFUNDS_PER_QUERY = 10;
const LINES_FIRST = 20;
const LINES_PER_PAGE = 100;

type Line = RefundLineFieldsFragment;
type Head = NonNullable<RefundsOfOrderQuery['order']>['refunds'][number];

/** Oldest first; empty when Shopify no longer has the order. */
export async function readRefunds(
  api: AdminApi,
  order: ExternalRef,
): Promise<Outcome<readonly ChannelRefund[]>> {
  const read = async (first: number): Promise<Outcome<readonly Head[]>> => {
    const answer = await api.read(RefundsOfOrder, { id: order, first });
    return mapDone(answer, (value) => value.order?.refunds ?? []);
  };
  const few = await read(REFUNDS_FIRST);
  const all = isDone(few) && few.value.length === REFUNDS_FIRST ? await read(REFUNDS_MAX) : few;
  if (!isDone(all)) return all;
  const heads = all.value;
  const lines = new Map<ExternalRef, readonly Line[]>();
  for (let start = 0; start < heads.length; start += REFUNDS_PER_QUERY) {
    const ids = heads.slice(start, start + REFUNDS_PER_QUERY).map(({ id }) => id);
    const found = await readLines(api, ids, lines);
    if (!isDone(found)) return found;
  }
  return done(heads.map((head) => toRefund(head, lines.get(head.id) ?? [])));
}

async function readLines(
  api: AdminApi,
  ids: readonly ExternalRef[],
  found: Map<ExternalRef, readonly Line[]>,
): Promise<Outcome<null>> {
  const answer = await api.read(LinesOfRefunds, { ids: [...ids], lines: LINES_FIRST });
  if (!isDone(answer)) return answer;
  for (const node of answer.value.nodes) {
    if (node === null || !('refundLineItems' in node)) continue;
    const { id, refundLineItems } = node;
    const all = await readRest(refundLineItems, async (after) => {
      const more = await api.read(MoreLinesOfRefund, { id, lines: LINES_PER_PAGE, after });
      return mapDone(more, ({ refund }) => refund?.refundLineItems ?? null);
    });
    if (!isDone(all)) return all;
    found.set(id, all.value);
  }
  return done(null);
}
