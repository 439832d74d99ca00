/**
 * Webhooks about fulfillment orders. Their bodies name the fulfillment order (or several, before
 * and after a split or a move) and never the order; all of them belong to one order, so any of
 * them leads to it. Shapes: https://shopify.dev/docs/api/webhooks (fulfillment_orders/…)
 */
import type { ChannelSignal } from '../../../contracts/channel';

type Concerns = ChannelSignal['concerns'];
type Change = Extract<Concerns, { readonly kind: 'work' }>['change'];
type Body = Readonly<Record<string, unknown>>;

const GID = /^gid:\/\/shopify\/FulfillmentOrder\/\d+$/;
/** Bodies are flat; deeper than this is nothing of Shopify's. */
const DEPTH_MAX = 6;

const CHANGES: Readonly<Record<string, Change>> = {
  'fulfillment_orders/order_routing_complete': 'assigned',
  'fulfillment_orders/moved': 'moved',
  'fulfillment_orders/split': 'other',
  'fulfillment_orders/merged': 'other',
  'fulfillment_orders/cancelled': 'other',
  'fulfillment_orders/rescheduled': 'other',
  'fulfillment_orders/scheduled_fulfillment_order_ready': 'freed',
  'fulfillment_orders/placed_on_hold': 'other',
  'fulfillment_orders/hold_released': 'freed',
  'fulfillment_holds/added': 'other',
  'fulfillment_holds/released': 'freed',
};

export const workTopics: Readonly<Record<string, (body: Body) => Concerns>> = Object.fromEntries(
  Object.entries(CHANGES).map(([topic, change]) => [topic, (body: Body) => read(body, change)]),
);

function read(body: Body, change: Change): Concerns {
  const workRef = findWork(body, 0);
  if (workRef === null) return { kind: 'nothing', why: 'it names no fulfillment order' };
  const locationRef = change === 'moved' ? locationOf(body['destination_location_id']) : '';
  // A move to a place that is not named can only be looked at as any other change.
  if (change === 'moved' && locationRef === '') {
    return { kind: 'work', workRef, change: 'other', locationRef };
  }
  return { kind: 'work', workRef, change, locationRef };
}

/** The first fulfillment order named anywhere in a body. */
function findWork(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return GID.test(value) ? value : null;
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return null;
  for (const part of Object.values(value)) {
    const found = findWork(part, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** A GID, or its digits. */
function locationOf(value: unknown): string {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? value.toFixed(0) : value;
  if (typeof text !== 'string') return '';
  if (/^gid:\/\/shopify\/Location\/\d+$/.test(text)) return text;
  return /^\d+$/.test(text) ? `gid://shopify/Location/${text}` : '';
}
