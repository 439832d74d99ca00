/** Sentences for what people do with orders, by hand or many at once. */
import { holdWords } from './holds';
import { countOf } from './numbers';

type Data = Readonly<Record<string, string | number | boolean>>;

export const ORDER_WORK: Readonly<Record<string, (data: Data) => string>> = {
  'order.hold_lift_asked': (data) => `The store is asked to lift its hold${reason(data)}.`,
  'order.hold_acknowledged': (data) => `${channel(data)} holds it, too${reason(data)}.`,
  'order.hold_refused': (data) => `${channel(data)} does not hold it${said(data)}.`,
  'order.hold_lift_acknowledged': (data) => `${channel(data)} lifted the hold, too.`,
  'order.hold_lift_refused': (data) => `${channel(data)} did not lift the hold${said(data)}.`,
  'order.annotated': (data) => annotated(data),
  'order.annotate_refused': (data) =>
    `${channel(data)} did not take the note or tags${said(data)}.`,
  'order.work_told': (data) => `${channel(data)} was told where it ships from.`,
  'order.work_refused': (data) =>
    `${channel(data)} keeps it at another location than it ships from${said(data)}.`,
  'order.work_differs': (data) =>
    `Somebody moved it in ${channel(data)}, and it still ships from where it did${said(data)}.`,
  'order.rerouted': (data) => text(data, 'sentence') ?? 'The order ships from elsewhere.',
  'bulk.started': (data) => `${bulk(data)} started.`,
  'bulk.undone': (data) => `${bulk(data)} undone.`,
};

function text(data: Data, name: string): string | null {
  const value = data[name];
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function channel(data: Data): string {
  return text(data, 'channelName') ?? 'The channel';
}

function reason(data: Data): string {
  const code = text(data, 'reason');
  return code === null ? '' : ` (${holdWords(code).toLowerCase()})`;
}

/** What the channel said, without the code it may put behind it in brackets. */
function said(data: Data): string {
  const message = text(data, 'message')?.replace(/\s*\[[\w.:-]+\]\s*$/, '');
  return message === undefined ? '' : `: ${message.replace(/[.\s]+$/, '')}`;
}

function annotated(data: Data): string {
  const parts = [
    data['note'] === true ? ['Note changed'] : [],
    tags(data, 'Added'),
    tags(data, 'Removed'),
  ].flat();
  return parts.length === 0 ? 'Note or tags changed.' : `${parts.join('. ')}.`;
}

/** Records of before name the tags; they may have been erased since, so they are not repeated. */
function tags(data: Data, change: 'Added' | 'Removed'): readonly string[] {
  const count = data[`tags${change}`];
  if (typeof count === 'number') {
    return count === 0 ? [] : [`${countOf(count, 'tag')} ${change.toLowerCase()}`];
  }
  return text(data, change.toLowerCase()) === null ? [] : [`Tags ${change.toLowerCase()}`];
}

const BULK: Readonly<Record<string, string>> = {
  hold: 'Holding',
  release: 'Lifting holds of',
  tag: 'Adding tags to',
  untag: 'Removing tags from',
  cancel: 'Cancelling',
  reroute: 'Routing again',
};

function bulk(data: Data): string {
  const orders = data['orders'];
  const what = BULK[text(data, 'kind') ?? ''] ?? 'An action on';
  return `${what} ${typeof orders === 'number' ? countOf(orders, 'order') : 'many orders'}`;
}
