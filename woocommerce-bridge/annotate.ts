import type { ExternalRef, Outcome, RefusalCode } from '../app/contracts/outcome';
import { saysGone } from './answers';
import type { StoreClient } from './client';
import { idOf, isRecord, metaOf, textOrNull } from './read-body';
import type { JsonRecord } from './read-body';

/** Order meta that keeps tags, which WooCommerce does not know; hidden from the order screen. */
const TAGS_META = '_crossdock_tags';
const TAG_LENGTH_MAX = 255;
const TAGS_MAX = 250;

/** The tags kept with an order. */
export function tagsOf(order: JsonRecord): readonly string[] {
  const value = metaOf(order, TAGS_META);
  if (!Array.isArray(value)) return [];
  return value
    .filter((tag): tag is string => typeof tag === 'string' && tag !== '')
    .map((tag) => tag.slice(0, TAG_LENGTH_MAX))
    .slice(0, TAGS_MAX);
}

/**
 * Changes an order's customer note and tags; what is so already is not written, since every write
 * raises an event. Neither sends a mail: WooCommerce mails order notes, not this note.
 */
export async function annotateOrder(
  client: StoreClient,
  orderRef: ExternalRef,
  change: {
    readonly note: string | null;
    readonly addTags: readonly string[];
    readonly removeTags: readonly string[];
  },
  key: string,
): Promise<Outcome<null>> {
  const id = idOf(orderRef);
  if (id === null) return refuse('validation', `"${orderRef}" is no order ref`);
  const before = await client.read(`orders/${id}`);
  if (!before.ok) {
    return saysGone(before) ? refuse('not_found', 'the store has no such order') : before.failure;
  }
  if (!isRecord(before.body)) return refuse('permanent', 'the store did not send the order');
  const body = changesOf(before.body, change);
  if (body === null) return { status: 'duplicate', value: null };
  const written = await client.write({ method: 'put', path: `orders/${id}`, body, lookUpBy: key });
  if (written.ok) return { status: 'done', value: null };
  if (written.failure.status !== 'unknown') return written.failure;
  const after = await client.read(`orders/${id}`);
  const landed = after.ok && isRecord(after.body) && changesOf(after.body, change) === null;
  return landed ? { status: 'done', value: null } : written.failure;
}

function changesOf(
  order: JsonRecord,
  { note, addTags, removeTags }: Parameters<typeof annotateOrder>[2],
): JsonRecord | null {
  const tags = tagsOf(order);
  const wanted = [...new Set([...tags, ...addTags.map((tag) => tag.trim())])]
    .filter((tag) => tag !== '' && !removeTags.includes(tag))
    .slice(0, TAGS_MAX);
  const changes: Record<string, unknown> = {};
  if (note !== null && note.trim() !== (textOrNull(order, 'customer_note') ?? '')) {
    changes['customer_note'] = note.trim();
  }
  if (wanted.join('\n') !== tags.join('\n')) {
    changes['meta_data'] = [{ key: TAGS_META, value: wanted }];
  }
  return Object.keys(changes).length === 0 ? null : changes;
}

function refuse(code: RefusalCode, message: string): Outcome<never> {
  return { status: 'refused', reason: { code, message } };
}
