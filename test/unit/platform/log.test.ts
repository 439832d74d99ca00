/**
 * Goal: whatever is logged, no secret and no personal data reaches a line. Method: the same canary
 * is put wherever credentials have been seen to hide, then looked for in the output.
 */
import { expect, test } from 'vitest';
import { type Log, createLog } from '#app/platform/log';

const CANARY = 'canary0secret0canary';

function logged(write: (log: Log) => void): { readonly text: string; readonly lines: unknown[] } {
  let text = '';
  write(createLog('debug', { write: (line: string) => void (text += line) }));
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
  return { text, lines };
}

test('a line is JSON with level, time, fields and message', () => {
  const { lines } = logged((log) => log.child({ jobId: 'j1' }).info({ orderId: 'o1' }, 'routed'));
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      jobId: 'j1',
      orderId: 'o1',
      msg: 'routed',
    },
  ]);
});

/** As axios makes them: the request with its credentials hangs on the error. */
function httpError(): Error {
  return Object.assign(new Error(`GET https://shop.example/?consumer_secret=cs_${CANARY} failed`), {
    code: 'ERR_BAD_REQUEST',
    config: { auth: { username: CANARY, password: CANARY }, headers: { Authorization: CANARY } },
    request: { path: CANARY },
    response: { status: 401, data: CANARY, headers: { 'set-cookie': CANARY } },
  });
}

const HIDING_PLACES: Record<string, unknown> = {
  authorization: { headers: { Authorization: `Bearer ${CANARY}` } },
  'access token': { session: { accessToken: CANARY, refresh_token: CANARY } },
  'token at the top': { token: CANARY },
  'consumer key and secret': { connection: { consumer_key: CANARY, consumerSecret: CANARY } },
  'config.auth': { config: { auth: { username: CANARY, password: CANARY } } },
  password: { deep: { deeper: { deepest: { password: CANARY } } } },
  'in an array': { tries: [{ secret: CANARY }, { api_key: CANARY }] },
  'in a map': { known: new Map([['a', { clientSecret: CANARY }]]) },
  address: { order: { shippingAddress: { street: CANARY, city: CANARY } } },
  email: { customer: { email: `${CANARY}@example.com`, firstName: CANARY, phone: CANARY } },
  'an HTTP error': { err: httpError() },
  'the cause of an error': { err: new Error('outer', { cause: httpError() }) },
  'errors of an error': { err: new AggregateError([httpError()], 'all failed') },
  'an error under another name': { problem: httpError() },
  'a query string': { url: `https://x.example/a?oauth_consumer_key=ck_${CANARY}&per_page=1` },
  'a URL object': { url: new URL(`https://user:${CANARY}@x.example/`) },
  'a database address': { note: `connecting to postgresql://app:${CANARY}@db/crossdock` },
  'a bearer in a text': { note: `sent Authorization: Bearer ${CANARY}` },
  'a Shopify token in a text': { note: `token shpat_${CANARY} expired` },
  'an e-mail address in a text': { note: `sent to ${CANARY}@example.com` },
  bytes: { body: Buffer.from(CANARY) },
};

test.each(Object.entries(HIDING_PLACES))('nothing leaks through %s', (_name, fields) => {
  const { text, lines } = logged((log) => {
    log.error(fields as Record<string, unknown>, 'failed');
    log.child(fields as Record<string, unknown>).warn('as a child');
  });
  expect(lines).toHaveLength(2);
  expect(text).not.toContain(CANARY);
});

test('nothing leaks through a message', () => {
  const { text } = logged((log) => log.info(`got Bearer ${CANARY} and cs_${CANARY}`));
  expect(text).not.toContain(CANARY);
});

test('what explains an error stays', () => {
  const { lines } = logged((log) => log.error({ err: httpError() }, 'failed'));
  expect(lines[0]).toMatchObject({
    err: {
      type: 'Error',
      code: 'ERR_BAD_REQUEST',
      stack: expect.stringContaining('log.test') as string,
    },
  });
});

test('ordinary fields stay as they are', () => {
  const fields = { sku: 'TEE-1', quantity: 3, name: 'Tee', at: new Date(0), none: null, ok: true };
  const { lines } = logged((log) => log.info(fields, 'counted'));
  expect(lines[0]).toMatchObject({ ...fields, at: '1970-01-01T00:00:00.000Z' });
});

test('endless and enormous values are cut', () => {
  const loop: Record<string, unknown> = { text: 'x'.repeat(100_000) };
  loop['self'] = loop;
  loop['many'] = Array.from({ length: 10_000 }, (_, index) => index);
  const { text } = logged((log) => log.info({ loop }, 'cut'));
  expect(text.length).toBeLessThan(50_000);
});
