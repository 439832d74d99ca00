/** The words of the screens: dates in the merchant's zone, numbers, and sentences from codes. */
import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatMoment,
  formatSpan,
  fromLocalInput,
  toLocalInput,
} from '../../../app/ui/words/dates';
import {
  boundedCountOf,
  countOf,
  formatCount,
  formatMoney,
  listOf,
} from '../../../app/ui/words/numbers';
import { messageWords } from '../../../app/ui/words/messages';
import { cutTitle, itemTitle } from '../../../app/ui/words/plain-text';
import {
  auditBecause,
  auditSentence,
  movementSentence,
  withoutCode,
} from '../../../app/ui/words/sentences';
import { failureWords, jobWords } from '../../../app/ui/words/job-words';

const ZONE = 'America/New_York';
const NOW = new Date('2026-11-24T15:00:00Z');

describe('dates', () => {
  it.each([
    ['2026-11-24T05:00:00Z', 'Today at 12:00 am'],
    ['2026-11-24T04:59:00Z', 'Yesterday at 11:59 pm'],
    ['2026-11-24T17:05:00Z', 'Today at 12:05 pm'],
    ['2026-11-03T19:05:00Z', 'Nov 3 at 2:05 pm'],
    ['2025-07-03T19:05:00Z', 'Jul 3, 2025 at 3:05 pm'],
  ])('%s is %s in New York', (iso, words) => {
    expect(formatMoment(new Date(iso), ZONE, NOW)).toBe(words);
  });

  it('says how long ago, and never a negative time', () => {
    expect(formatAgo(new Date(NOW.getTime() + 60_000), NOW)).toBe('just now');
    expect(formatAgo(new Date(NOW.getTime() - 12_000), NOW)).toBe('12 seconds ago');
    expect(formatAgo(new Date(NOW.getTime() - 60_000), NOW)).toBe('1 minute ago');
    expect(formatSpan(49 * 3_600_000)).toBe('2 days');
  });

  it('reads a typed wall clock back as the moment it was, around clock changes too', () => {
    for (const iso of ['2026-03-08T06:30:00Z', '2026-03-08T07:30:00Z', '2026-11-01T07:30:00Z']) {
      const at = new Date(iso);
      expect(fromLocalInput(toLocalInput(at, ZONE), ZONE)).toEqual(at);
    }
    expect(fromLocalInput('soon', ZONE)).toBeNull();
    expect(fromLocalInput('2026-13-40T99:99', ZONE)).toBeNull();
  });
});

describe('numbers', () => {
  it('groups thousands and knows one from many', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect([countOf(1, 'unit'), countOf(0, 'unit')]).toEqual(['1 unit', '0 units']);
    expect(countOf(2, 'try', 'tries')).toBe('2 tries');
    expect(boundedCountOf(1000, 1000, 'order')).toBe('1,000+ orders');
  });

  it('writes money with the decimals of its currency', () => {
    expect(formatMoney({ minor: 120450, currency: 'USD' })).toBe('$1,204.50');
    expect(formatMoney({ minor: -5, currency: 'EUR' })).toBe('-€0.05');
    expect(formatMoney({ minor: 1500, currency: 'JPY' })).toBe('¥1,500');
    expect(formatMoney({ minor: 1234567, currency: 'KWD' })).toBe('1,234.567 KWD');
  });

  it('lists names', () => {
    expect([listOf([]), listOf(['A']), listOf(['A', 'B', 'C'])]).toEqual(['', 'A', 'A, B and C']);
  });
});

describe('sentences', () => {
  const say = (action: string, data: Record<string, string | number | boolean> = {}) =>
    auditSentence({ action, actorKind: 'staff', causeKind: 'form', data });

  it('tells what happened', () => {
    expect(say('order.recorded', { channelName: 'Outlet' })).toBe('Order received from Outlet.');
    expect(
      say('fulfillment.shipped', {
        units: 4,
        locationName: 'Brooklyn',
        tracked: true,
      }),
    ).toBe('4 units shipped from Brooklyn with tracking.');
    expect(
      say('stock.adjusted', {
        change: 5,
        now: 12,
        state: 'available',
        locationName: 'Reno',
        reason: 'count',
        note: 'shelf 4',
      }),
    ).toBe('Stock adjusted by +5 to 12 at Reno (counted), “shelf 4”.');
    expect(say('stock.published', { channelName: 'Shop', numbersCount: 3 })).toBe(
      'Shop was told 3 new numbers.',
    );
    expect(
      say('fulfillment.report_refused', { channelName: 'Shop', detail: 'Order is archived.' }),
    ).toBe('Shop did not accept that it shipped: Order is archived.');
  });

  it('stays readable for a code it does not know, and without any data', () => {
    expect(say('wave.tote_packed')).toBe('Wave tote packed.');
    expect(say('stock.published')).toBe('The channel was told the new numbers.');
    expect(say('stock.adjusted')).toBe('Stock adjusted.');
    expect(jobWords('print-labels')).toBe('Print labels');
    expect(jobWords('look-again', 'order')).toBe('Look at an order again');
    expect(jobWords('look-again')).toBe('Look at a channel again');
  });

  it('tells who and because of what', () => {
    const because = (actorKind: string, causeKind: string) =>
      auditBecause({ action: '', actorKind, causeKind, data: { channelName: 'Shop' } });
    expect(because('staff', 'form')).toBe('By staff');
    expect(because('channel', 'inbox_event')).toBe('By Shop, after a message from the channel');
    expect(because('robot', 'unheard-of')).toBe('By robot');
  });

  it.each([
    ['available', 'B', 'committed', 'B', '2 units committed at B.'],
    ['committed', 'B', 'available', 'B', '2 units released back to available at B.'],
    ['committed', 'B', 'customer', null, '2 units left B for the customer.'],
    ['supplier', null, 'available', 'B', '2 units received into available at B.'],
    ['adjustment', null, 'damaged', 'B', '2 units added to damaged at B.'],
    ['available', 'B', 'adjustment', null, '2 units removed from available at B.'],
    ['available', 'B', 'available', 'C', '2 units moved from available at B to available at C.'],
    ['available', 'B', 'damaged', 'B', '2 units moved from available to damaged at B.'],
  ])(
    'a movement from %s at %s to %s at %s',
    (fromState, fromLocation, toState, toLocation, told) => {
      const movement = { fromState, fromLocation, toState, toLocation, reason: 'count' };
      expect(movementSentence({ ...movement, quantity: 2, requested: 2 })).toBe(told);
    },
  );

  it.each([
    ['orders/create', 'order', 'New order'],
    ['order.created', 'order', 'New order'],
    ['order.updated', 'order', 'Order changed in the store'],
    ['inventory_levels/update', 'stock', 'Stock changed in the store'],
    ['product.updated', 'listing', 'Product or stock changed'],
    ['brand/new', 'stock', 'Stock changed in the store'],
    ['brand/new', '', 'Message'],
  ])('a message %s about %j is: %s', (topic, kind, words) => {
    expect(messageWords(topic, kind)).toBe(words);
  });

  it('names an item with its variant, and cuts what no heading holds', () => {
    expect(itemTitle({ title: 'Mug', variantTitle: 'L' })).toBe('Mug · L');
    expect(itemTitle({ title: ' ', variantTitle: null })).toBe('Untitled');
    expect(cutTitle('x'.repeat(81))).toBe(`${'x'.repeat(80)}…`);
  });

  it('explains failures in plain words', () => {
    expect(failureWords('HTTP 401')).toContain('did not accept our access');
    const refused = 'Sorry, you cannot list resources. [woocommerce_rest_cannot_view]';
    expect(failureWords(refused)).toContain('did not accept our access');
    expect(withoutCode(refused)).toBe('Sorry, you cannot list resources.');
    expect(failureWords('request timed out')).toContain('did not answer in time');
    expect(failureWords('Unexpected token < in JSON')).toContain('unreadable');
    expect(failureWords('listing 140133 vanished')).toBe('Something went wrong.');
    expect(failureWords(null)).toContain('without saying why');
    expect(failureWords('???')).toBe('Something went wrong.');
  });
});
