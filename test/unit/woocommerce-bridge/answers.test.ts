import { describe, expect, it } from 'vitest';

import { judgeAnswer, judgeSilence, retryAfterMs } from '../../../woocommerce-bridge/answers';

const NOW = new Date('2026-11-24T10:00:00Z');
const context = (lookUpBy: string | null) => ({
  now: NOW,
  lookUpBy,
  scrub: (text: string) => text.replaceAll('cs_secret', '[hidden]'),
});
const read = context(null);
const write = context('order 20');

const judged = (status: number, text: string, as = read, headers = {}) => {
  const answer = judgeAnswer({ status, headers, text }, as);
  return answer.ok ? 'ok' : answer.failure;
};

describe('what an answer means', () => {
  // A write that may have happened is never said not to have happened.
  it.each([500, 502, 503, 504, 408])('%i: a read is for later, a write is unknown', (status) => {
    expect(judged(status, '')).toMatchObject({ status: 'retry_later' });
    expect(judged(status, '', write)).toMatchObject({ status: 'unknown', lookUpBy: 'order 20' });
  });

  it.each(['', '<html></html>', '{"id":'])('200 with %j is no success', (text) => {
    expect(judged(200, text)).toMatchObject({ status: 'retry_later' });
    expect(judged(200, text, write)).toMatchObject({ status: 'unknown' });
  });

  it('429 and a redirect did nothing, for a write as well', () => {
    expect(judged(429, '', write)).toMatchObject({ status: 'retry_later' });
    expect(judged(302, '', write)).toMatchObject({ status: 'refused' });
  });

  it.each([
    ['Invalid nonce - nonce has already been used.', 'retry_later'],
    ['Invalid timestamp.', 'retry_later'],
    ['Invalid signature - provided signature does not match.', 'refused'],
  ])('401 "%s" is %s', (message, status) => {
    const text = JSON.stringify({ code: 'woocommerce_rest_authentication_error', message });
    expect(judged(401, text)).toMatchObject({ status });
  });

  it('hides a secret that the store repeats, and cuts what it says', () => {
    const message = `cs_secret ${'x'.repeat(5_000)}`;
    const failure = judged(400, JSON.stringify({ code: 'odd', message }));
    expect(JSON.stringify(failure)).not.toContain('cs_secret');
    expect(JSON.stringify(failure).length).toBeLessThan(400);
  });

  it('without an answer, only what was surely not sent is for later', () => {
    const cause = 'no connection';
    expect(judgeSilence({ cause, reach: 'no' }, write)).toMatchObject({
      failure: { status: 'retry_later' },
    });
    expect(judgeSilence({ cause, reach: 'maybe' }, write)).toMatchObject({
      failure: { status: 'unknown' },
    });
    expect(judgeSilence({ cause, reach: 'forbidden' }, write)).toMatchObject({
      failure: { status: 'refused' },
    });
  });
});

describe('Retry-After', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['soon', null],
    ['0', 0],
    ['120', 120_000],
    ['999999999', 3_600_000],
    ['Tue, 24 Nov 2026 10:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 09:00:00 GMT', 0],
  ])('%j is %j ms', (value, ms) => {
    expect(retryAfterMs(value, NOW)).toBe(ms);
  });
});
