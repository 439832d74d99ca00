/**
 * The one place where codes of audit records, movements and jobs become sentences. A code that is
 * not known here still gives a readable line, so new ones never break a page.
 */
import { formatMoneyDecimal } from '#app/domain/shared/money';
import { COUNT_SENTENCES } from './count-sentences';
import { countOf } from './numbers';
import { ORDER_WORK } from './order-sentences';
import { RECONCILE_SENTENCES } from './reconcile-sentences';

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

/** What changed, in the words the record holds: ": lines, address". */
function changedParts(data: Data): string {
  const changed = text(data, 'changed');
  return changed === null ? '' : `: ${changed}`;
}

const AUDIT: Readonly<Record<string, Say>> = {
  'order.recorded': (data) => `Order received${from(data)}.`,
  'order.imported': (data) => `Earlier order read${from(data)}.`,
  'order.updated': (data) => `Order changed${on(data)}${changedParts(data)}.`,
  'order.routed': (data) => text(data, 'sentence') ?? 'The order was routed.',
  'order.short': (data) => text(data, 'sentence') ?? 'There was not enough stock for the order.',
  'order.released': (data) => {
    const why = text(data, 'why') === 'cancelled' ? ' because the order was cancelled' : '';
    return `${unitsOf(data, 'Stock')} went back to available${place(data)}${why}.`;
  },
  'order.shipped_in_channel': (data) => `${unitsOf(data, 'Goods')} shipped by the channel itself.`,
  'order.held': (data) => `Order put on hold${holdReason(data)}.`,
  'order.hold_lifted': (data) => `Hold lifted${holdReason(data)}.`,
  ...ORDER_WORK,
  'order.refunded': (data) => refunded(data),
  'order.refund_unclear': (data) =>
    `${channelOf(data)} refunded ${unitsOf(data, 'something').toLowerCase()} and does not say whether they are back: adjust the stock if they are.`,
  'order.refund_restocked': (data) =>
    `${unitsOf(data, 'Goods')} of a refund made before came back.`,
  'order.refund_of_kit': (data) =>
    `${unitsOf(data, 'Goods')} came back of an item that is a kit by now: adjust the stock of its components.`,
  'order.refund_exceeds': (data) => {
    const claimed = number(data, 'claimed');
    const what = claimed === null ? 'more units' : countOf(claimed, 'unit');
    return `${channelOf(data)} says that ${what} came back, more than had left: only what had left was put back.`;
  },
  'order.cancelled': (data) => `Order cancelled${reasonOf(data)}.`,
  'order.cancel_confirmed': (data) => `${channelOf(data)} cancelled the order, too.`,
  'order.cancel_refused': (data) => `${channelOf(data)} did not cancel the order${detail(data)}.`,
  'fulfillment.shipped': (data) =>
    `${unitsOf(data, 'Goods')} shipped${place(data, 'from')}${tracking(data)}.`,
  'fulfillment.report_acknowledged': (data) => `${channelOf(data)} knows that it shipped.`,
  'fulfillment.report_refused': (data) =>
    `${channelOf(data)} did not accept that it shipped${detail(data)}.`,
  'fulfillment.report_unknown': (data) =>
    `${channelOf(data)} did not answer whether it took note of the shipping${detail(data)}.`,
  'fulfillment.report_not_needed': (data) => `${channelOf(data)} needs not be told.`,
  'fulfillment.report_retried': () => 'The channel is told again about the shipping.',
  'stock.adjusted': (data) => adjusted(data),
  'stock.published': (data) => published(data),
  'stock.differs_in_channel': (data) => {
    const [holds, wanted] = [number(data, 'holds'), number(data, 'wanted')];
    const what = holds === null ? 'another number' : countOf(holds, 'unit');
    const instead = wanted === null ? '' : ` instead of ${String(wanted)}`;
    return `${channelOf(data)} showed ${what}${instead}; it is told again.`;
  },
  ...RECONCILE_SENTENCES,
  ...COUNT_SENTENCES,
  'stock.rebuilt': () => 'Stock levels rebuilt from their movements.',
  'catalog.imported': (data) => `Products and stock read${from(data)}.`,
  'connection.connected': (data) => `${channelOf(data)} connected.`,
  'connection.reconnected': (data) => `${channelOf(data)} connected again.`,
  'connection.disconnected': (data) => `${channelOf(data)} disconnected.`,
  'connection.revived': (data) => `${channelOf(data)} answers again.`,
  'connection.access_asked': (data) => `${text(data, 'store') ?? 'A store'} was asked for access.`,
  'connection.access_not_given': (data) =>
    `${text(data, 'store') ?? 'The store'} could not be connected${detail(data)}.`,
  'connection.webhooks_revived': (data) =>
    `${channelOf(data)} had stopped sending messages; they are switched on again, and what was missed is read.`,
  'connection.buffer_set': (data) => {
    const now = number(data, 'now');
    const units = now === null ? 'Other units' : countOf(now, 'unit');
    return `${units} withheld from ${channelOf(data)} on every listing.`;
  },
  'connection.policy_set': (data) => `How the numbers of ${channelOf(data)} are made was changed.`,
  'connection.went_live': (data) => `${channelOf(data)} went live: its numbers are sent.`,
  'connection.paused': (data) => `No numbers are sent to ${channelOf(data)} any more.`,
  'connection.braked': (data) => {
    const changes = number(data, 'changes');
    const what = changes === null ? 'Many listings' : countOf(changes, 'listing');
    return `${what} of ${channelOf(data)} would have changed at once: they wait for a person.`;
  },
  'connection.brake_released': (data) =>
    `The numbers held back from ${channelOf(data)} were put right.`,
  'connection.brake_agreed': (data) =>
    `The numbers held back from ${channelOf(data)} were agreed to.`,
  'connection.locations_set': (data) => `Locations that feed ${channelOf(data)} changed.`,
  'listing.linked': () => 'A listing was matched to an item.',
  'listing.gone': () => 'The channel no longer has this listing; it is not sold any more.',
  'listing.unlinked': () => 'A listing was separated from its item and set aside.',
  'listing.brought_back': () => 'A listing that was set aside was brought back.',
  'item.kit_set': () => 'The item was made a kit, or its components changed.',
  'connection.read_again': (data) => `The catalog of ${channelOf(data)} was read again.`,
  'merchant.set_up': () => 'Setting up was finished.',
  'item.kit_ended': () => 'The kit became an item with its own stock.',
  'account.uninstalled': (data) => `${channelOf(data)} removed the app.`,
  'account.scopes': (data) => `${channelOf(data)} changed what the app may do.`,
  'account.redact': () => 'Customer data was erased on request.',
  'account.request': () => 'What is kept of a customer was collected on request.',
  'job.replayed': () => 'A failed job was started again.',
  'inbox_event.replayed': () => 'A message was read again.',
};

/** An audit record as a sentence. */
export function auditSentence({ action, data }: AuditWords): string {
  const say = AUDIT[action];
  return say ? say(data) : `${plainWords(action)}.`;
}

const ACTORS: Readonly<Record<string, string>> = {
  staff: 'By staff',
  system: 'By Crossdock',
};

/** Causes that say more than the sentence itself; a form or the order in view would not. */
const CAUSES: Readonly<Record<string, string>> = {
  inbox_event: 'after a message from the channel',
  job: 'after looking at the channel',
  import: 'during the first import',
  item: 'because stock arrived',
  reconcile_run: 'after comparing a channel',
};

/** Who did it and because of what, for the line below a sentence. */
export function auditBecause({ actorKind, causeKind, data }: AuditWords): string {
  const actor =
    actorKind === 'channel'
      ? `By ${text(data, 'channelName') ?? 'the channel'}`
      : (ACTORS[actorKind] ?? `By ${lower(actorKind)}`);
  const cause = CAUSES[causeKind];
  return cause === undefined ? actor : `${actor}, ${cause}`;
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
  release: 'no longer needed for an order',
  rerouted: 'ships from elsewhere',
  shipped: 'shipped',
  return_restocked: 'returned by the customer',
  customer: 'customer changed their mind',
  inventory: 'items not available',
  fraud: 'suspected fraud',
  declined: 'payment declined',
  opening: 'opening stock',
  reconcile: 'number of a channel taken as a count',
  count_undone: 'count undone',
  became_kit: 'became a kit',
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

/** What a channel said, without the code it puts behind it in brackets for programs. */
export function withoutCode(said: string): string {
  return said.replace(/\s*\[[\w.:-]+\]\s*$/, '');
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

function number(data: Data, name: string): number | null {
  const value = data[name];
  return typeof value === 'number' ? value : null;
}

function unitsOf(data: Data, otherwise: string): string {
  const units = number(data, 'units');
  return units === null ? otherwise : countOf(units, 'unit');
}

function channelOf(data: Data): string {
  return text(data, 'channelName') ?? 'The channel';
}

function from(data: Data): string {
  const channel = text(data, 'channelName');
  return channel === null ? '' : ` from ${channel}`;
}

function on(data: Data): string {
  const channel = text(data, 'channelName');
  return channel === null ? '' : ` on ${channel}`;
}

function place(data: Data, preposition = 'at'): string {
  const name = text(data, 'locationName');
  return name === null ? '' : ` ${preposition} ${name}`;
}

function tracking(data: Data): string {
  // Records of before carry the number itself, which is the order page's to show.
  return data['tracked'] === true || text(data, 'number') !== null ? ' with tracking' : '';
}

function reasonOf(data: Data): string {
  const reason = text(data, 'reason');
  return reason === null ? '' : ` (${reasonWords(reason)})`;
}

const HOLD_REASONS: Readonly<Record<string, string>> = {
  payment: 'payment pending',
  fraud: 'risk of fraud',
  address: 'address missing',
  out_of_stock: 'out of stock',
  merchant: 'the merchant’s own',
};

function holdReason(data: Data): string {
  const said = HOLD_REASONS[text(data, 'reason') ?? ''];
  return said === undefined ? '' : ` (${said})`;
}

function refunded(data: Data): string {
  const [minor, currency, units] = [
    number(data, 'amountMinor'),
    text(data, 'currency'),
    number(data, 'units'),
  ];
  const amount =
    minor === null || currency === null
      ? ''
      : ` ${formatMoneyDecimal({ minor, currency })} ${currency}`;
  const back = units === null || units === 0 ? '' : `: ${countOf(units, 'unit')} came back`;
  return `${channelOf(data)} refunded${amount}${back}${back === '' ? '' : place(data, 'to')}.`;
}

function detail(data: Data): string {
  const said = text(data, 'message') ?? text(data, 'detail');
  return said === null ? '' : `: ${withoutCode(said).replace(/[.\s]+$/, '')}`;
}

function adjusted(data: Data): string {
  const [change, now] = [number(data, 'change'), number(data, 'now')];
  const state = text(data, 'state');
  const what = state === null || state === 'available' ? 'Stock' : `Stock (${stateWords(state)})`;
  const by = change === null ? '' : ` by ${change > 0 ? '+' : ''}${String(change)}`;
  const to = now === null ? '' : ` to ${String(now)}`;
  const note = text(data, 'note');
  const why = `${reasonOf(data)}${note === null ? '' : `, “${note}”`}`;
  return `${what} adjusted${by}${to}${place(data)}${why}.`;
}

function published(data: Data): string {
  const numbers = number(data, 'numbersCount');
  const [sku, to] = [text(data, 'sku'), number(data, 'to')];
  if (numbers === 1 && to !== null) {
    return `${channelOf(data)} was told ${countOf(to, 'unit')}${sku === null ? '' : ` of ${sku}`}.`;
  }
  const what = numbers === null ? 'the new numbers' : countOf(numbers, 'new number');
  return `${channelOf(data)} was told ${what}.`;
}
