/**
 * The one place where codes of audit records, movements and jobs become sentences. A code that is
 * not known here still gives a readable line, so new ones never break a page.
 */
import { countOf } from './numbers';

export type AuditWords = {
  readonly action: string;
  readonly actorKind: string;
  readonly causeKind: string;
  readonly data: Readonly<Record<string, string | number | boolean>>;
};

export type MovementWords = {
  readonly quantity: number;
  readonly requested: number;
  readonly fromState: string;
  readonly fromLocation: string | null;
  readonly toState: string;
  readonly toLocation: string | null;
  readonly reason: string;
};

type Data = AuditWords['data'];
type Say = (data: Data) => string;

const AUDIT: Readonly<Record<string, Say>> = {
  'order.recorded': (data) => `Order received${from(data)}.`,
  'order.updated': (data) => `Order changed${on(data)}.`,
  'order.allocated': (data) => `${unitsOf(data, 'Stock')} set aside for the order.`,
  'order.routed': (data) => text(data, 'sentence') ?? 'The order was routed.',
  'order.rerouted': (data) => text(data, 'sentence') ?? 'The order was routed again.',
  'order.short': (data) => `${unitsOf(data, 'Some units')} could not be found in stock.`,
  'order.released': (data) => `${unitsOf(data, 'Stock')} went back to available.`,
  'order.cancelled': (data) => `Order cancelled${reasonOf(data)}.`,
  'order.cancel_requested': (data) => `Cancellation asked for${reasonOf(data)}.`,
  'order.cancel_confirmed': (data) => `${channelOf(data)} cancelled the order.`,
  'order.cancel_refused': (data) => `${channelOf(data)} did not cancel the order${detail(data)}.`,
  'fulfillment.shipped': (data) =>
    `${unitsOf(data, 'Goods')} shipped${place(data)}${tracking(data)}.`,
  'fulfillment.reported': (data) => `${channelOf(data)} was told about the shipping.`,
  'fulfillment.refused': (data) => `${channelOf(data)} did not accept the shipping${detail(data)}.`,
  'fulfillment.report_refused': (data) =>
    `${channelOf(data)} did not accept the shipping${detail(data)}.`,
  'fulfillment.report_unknown': (data) =>
    `${channelOf(data)} did not answer; Crossdock is looking up whether it was told.`,
  'fulfillment.report_retried': (data) => `Telling ${channelOf(data)} again.`,
  'stock.adjusted': (data) => `Stock adjusted${change(data)}${place(data)}${reasonOf(data)}.`,
  'stock.set': (data) => `Stock set${change(data)}${place(data)}${reasonOf(data)}.`,
  'stock.published': (data) => `${channelOf(data)} was told${quantity(data)}.`,
  'stock.publish_refused': (data) => `${channelOf(data)} refused the new number${detail(data)}.`,
  'stock.reconciled': (data) => `Stock corrected after comparing with ${channelOf(data)}.`,
  'stock.imported': (data) => `Opening stock read from ${channelOf(data)}.`,
  'connection.connected': (data) => `${channelOf(data)} connected.`,
  'connection.imported': (data) => `Everything was read from ${channelOf(data)}.`,
  'connection.disconnected': (data) => `${channelOf(data)} disconnected.`,
  'connection.needs_attention': (data) => `${channelOf(data)} needs attention${detail(data)}.`,
  'connection.recovered': (data) => `${channelOf(data)} works again.`,
  'connection.locations_changed': (data) => `Locations feeding ${channelOf(data)} changed.`,
  'connection.buffer_changed': (data) => `Units withheld from ${channelOf(data)} changed.`,
  'listing.linked': () => 'A listing was matched to an item.',
  'listing.unlinked': () => 'A listing was separated from its item.',
  'job.replayed': (data) => `${count(data, 'jobs', 'Job')} run again.`,
  'inbox.replayed': (data) => `${count(data, 'events', 'Message')} read again.`,
};

/** An audit record as a sentence. */
export function auditSentence({ action, data }: AuditWords): string {
  const say = AUDIT[action];
  return say ? say(data) : `${plainWords(action)}.`;
}

const ACTORS: Readonly<Record<string, string>> = {
  staff: 'By staff',
  system: 'By Crossdock',
  channel: 'By the channel',
};

const CAUSES: Readonly<Record<string, string>> = {
  inbox_event: 'because of a message from the channel',
  event: 'because of a message from the channel',
  order: 'because of the order',
  fulfillment: 'because goods left',
  fulfillment_order: 'because of the work at a location',
  job: 'in the background',
  poll: 'after looking at the channel',
  reconcile: 'after comparing with the channel',
  reconciliation: 'after comparing with the channel',
  import: 'during the first import',
  request: '',
  form: '',
  adjustment: '',
};

/** Who did it and because of what, for the line below a sentence. */
export function auditBecause({ actorKind, causeKind, data }: AuditWords): string {
  const named = text(data, 'actorName');
  const actor = named === null ? (ACTORS[actorKind] ?? `By ${actorKind}`) : `By ${named}`;
  const cause = CAUSES[causeKind] ?? `because of ${lower(causeKind)}`;
  return cause === '' ? actor : `${actor}, ${cause}`;
}

const STATES: Readonly<Record<string, string>> = {
  available: 'available',
  committed: 'committed',
  reserved: 'reserved',
  safety_stock: 'safety stock',
  quality_control: 'quality control',
  damaged: 'damaged',
  incoming: 'incoming',
};

const REASONS: Readonly<Record<string, string>> = {
  count: 'counted',
  received: 'received',
  damaged: 'damaged',
  lost: 'lost or stolen',
  found: 'found',
  returned: 'returned',
  promotion: 'promotion or sample',
  correction: 'correction',
  other: 'another reason',
  sale: 'sale',
  allocation: 'sale',
  release: 'no longer needed for an order',
  cancellation: 'order cancelled',
  shipped: 'shipped',
  fulfillment: 'shipped',
  import: 'opening stock',
  reconcile: 'found by comparing with a channel',
};

/** The state of a cell in words; unknown codes as they are. */
export function stateWords(state: string): string {
  return STATES[state] ?? lower(state);
}

/** A reason code in words. */
export function reasonWords(reason: string): string {
  return REASONS[reason] ?? lower(reason);
}

/** A movement as a sentence: what went where. The reason stands beside it. */
export function movementSentence(movement: MovementWords): string {
  const { quantity, requested, fromState, fromLocation, toState, toLocation } = movement;
  const units = countOf(quantity, 'unit');
  const asked = requested > quantity ? ` (${String(requested)} were asked for)` : '';
  return `${units}${asked} ${route(fromState, fromLocation, toState, toLocation)}.`;
}

function route(fromState: string, from: string | null, toState: string, to: string | null): string {
  const into = `${stateWords(toState)}${to === null ? '' : ` at ${to}`}`;
  const outOf = `${stateWords(fromState)}${from === null ? '' : ` at ${from}`}`;
  if (from === null && to === null) return `moved from ${lower(fromState)} to ${lower(toState)}`;
  if (from === null) {
    if (fromState === 'supplier') return `received into ${into}`;
    if (fromState === 'customer') return `came back from a customer into ${into}`;
    return `added to ${into}`;
  }
  if (to === null) {
    if (toState === 'customer') return `left ${from} for the customer`;
    if (toState === 'scrap') return `scrapped from ${outOf}`;
    return `removed from ${outOf}`;
  }
  if (from !== to) return `moved from ${outOf} to ${into}`;
  if (fromState === 'available' && toState === 'committed') return `committed at ${from}`;
  if (fromState === 'committed' && toState === 'available') {
    return `released back to available at ${from}`;
  }
  return `moved from ${stateWords(fromState)} to ${into}`;
}

const JOBS: Readonly<Record<string, string>> = {
  'interpret-event': 'Read a message from a channel',
  'interpret-inbox-event': 'Read a message from a channel',
  'sync-order': 'Read an order from a channel',
  'record-order': 'Read an order from a channel',
  'read-order': 'Read an order from a channel',
  'allocate-order': 'Find stock for an order',
  'allocate-short': 'Find stock for orders that wait',
  'publish-stock': 'Send new numbers to a channel',
  publish: 'Send new numbers to a channel',
  'report-fulfillment': 'Tell a channel what was shipped',
  'cancel-in-channel': 'Cancel an order on a channel',
  'import-connection': 'Read everything from a new channel',
  'import-channel': 'Read everything from a new channel',
  'reconcile-connection': 'Compare with a channel',
  reconcile: 'Compare with a channel',
  'poll-orders': 'Look for orders a channel did not tell about',
  'refresh-listing': 'Read a listing from a channel',
};

/** What a job does, in words. */
export function jobWords(kind: string): string {
  return JOBS[kind] ?? plainWords(kind);
}

/** Why a job or message failed, in plain words; the original text stays beside it. */
export function failureWords(error: string | null): string {
  const said = (error ?? '').toLowerCase();
  if (said === '') return 'It stopped without saying why.';
  const matches = (...words: string[]) => words.some((word) => said.includes(word));
  if (matches('401', '403', 'unauthorized', 'forbidden', 'token', 'credential')) {
    return 'The channel did not accept our access. Connect it again.';
  }
  if (matches('429', 'throttle', 'rate limit')) return 'The channel asked us to slow down.';
  if (matches('timeout', 'timed out', 'econnreset', 'socket', 'aborted', 'no answer')) {
    return 'The channel did not answer in time.';
  }
  if (matches('econnrefused', 'enotfound', 'fetch failed', 'network')) {
    return 'The channel could not be reached.';
  }
  if (matches('html', 'json', 'parse', 'unexpected token', 'not understood')) {
    return 'The channel sent something we could not read.';
  }
  if (matches('500', '502', '503', '504', 'server error', 'unavailable')) {
    return 'The channel had a problem of its own.';
  }
  if (matches('404', 'not found', 'no longer')) return 'The channel no longer has it.';
  if (matches('validation', '422', 'refused', 'invalid')) return 'The channel refused it.';
  return 'Something went wrong.';
}

/** "order.cancel_refused" as "Order cancel refused". */
export function plainWords(code: string): string {
  const words = lower(code);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function lower(code: string): string {
  return code
    .replaceAll(/[._-]+/g, ' ')
    .trim()
    .toLowerCase();
}

function text(data: Data, name: string): string | null {
  const value = data[name];
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function number(data: Data, ...names: readonly string[]): number | null {
  for (const name of names) {
    const value = data[name];
    if (typeof value === 'number') return value;
  }
  return null;
}

function unitsOf(data: Data, otherwise: string): string {
  const units = number(data, 'units', 'quantity', 'unitsShipped', 'unitsShort', 'unitsReleased');
  return units === null ? otherwise : countOf(units, 'unit');
}

function count(data: Data, name: string, otherwise: string): string {
  const many = number(data, name, 'count');
  return many === null ? otherwise : countOf(many, otherwise.toLowerCase());
}

function channelOf(data: Data): string {
  return text(data, 'channelName') ?? text(data, 'channel') ?? 'The channel';
}

function from(data: Data): string {
  const channel = text(data, 'channelName') ?? text(data, 'channel');
  return channel === null ? '' : ` from ${channel}`;
}

function on(data: Data): string {
  const channel = text(data, 'channelName') ?? text(data, 'channel');
  return channel === null ? '' : ` on ${channel}`;
}

function place(data: Data): string {
  const name = text(data, 'locationName') ?? text(data, 'location');
  return name === null ? '' : ` at ${name}`;
}

function tracking(data: Data): string {
  const company = text(data, 'trackingCompany') ?? text(data, 'company');
  const code = text(data, 'trackingNumber') ?? text(data, 'tracking');
  const words = [company, code].filter((word) => word !== null).join(' ');
  return words === '' ? '' : ` with ${words}`;
}

function reasonOf(data: Data): string {
  const reason = text(data, 'reason');
  return reason === null ? '' : `: ${reasonWords(reason)}`;
}

function detail(data: Data): string {
  const said = text(data, 'message') ?? text(data, 'detail') ?? text(data, 'error');
  return said === null ? '' : `: ${said.replace(/[.\s]+$/, '')}`;
}

function change(data: Data): string {
  const units = number(data, 'change', 'delta');
  if (units !== null) return ` by ${units > 0 ? '+' : ''}${String(units)}`;
  const set = number(data, 'quantity');
  return set === null ? '' : ` to ${String(set)}`;
}

function quantity(data: Data): string {
  const units = number(data, 'quantity', 'sent');
  return units === null ? ' the new number' : ` ${countOf(units, 'unit')}`;
}
