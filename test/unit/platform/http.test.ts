/** Goal: no request makes us hold more bytes than the limit; every refusal is a clear answer. */
import { expect, test } from 'vitest';
import {
  bodyRefusedResponse,
  jsonResponse,
  parseJson,
  problemResponse,
  readBodyLimited,
} from '#app/platform/http';

const LIMIT_BYTES = 1_000;
const CHUNK_BYTES = 16_384;
const LISTENED_BYTES_MAX = 17 * 1024 * 1024;

function streamed(chunks: Iterable<Uint8Array<ArrayBuffer>>): {
  request: Request;
  pulled: () => number;
} {
  let pulled = 0;
  const iterator = chunks[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const next = iterator.next();
        if (next.done === true) return controller.close();
        pulled += 1;
        controller.enqueue(next.value);
      },
    },
    { highWaterMark: 0 },
  );
  const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };
  return { request: new Request('http://localhost/', init), pulled: () => pulled };
}

function* endless(): Generator<Uint8Array<ArrayBuffer>> {
  for (;;) yield new Uint8Array(CHUNK_BYTES);
}

test('bytes come back exactly, also split and not text', async () => {
  const { request } = streamed([Uint8Array.of(0, 255), Uint8Array.of(10, 13)]);
  const outcome = await readBodyLimited(request, LIMIT_BYTES);
  expect(outcome).toEqual({ status: 'read', bytes: Buffer.from([0, 255, 10, 13]) });
});

test('a body of exactly the limit is read', async () => {
  const { request } = streamed([new Uint8Array(LIMIT_BYTES)]);
  expect(await readBodyLimited(request, LIMIT_BYTES)).toMatchObject({ status: 'read' });
});

test('an absent body is empty', async () => {
  const request = new Request('http://localhost/', { method: 'POST' });
  expect(await readBodyLimited(request, LIMIT_BYTES)).toEqual({
    status: 'read',
    bytes: Buffer.alloc(0),
  });
});

test('an endless body is refused, after a while of listening without keeping', async () => {
  const { request, pulled } = streamed(endless());
  expect(await readBodyLimited(request, LIMIT_BYTES)).toEqual({
    status: 'refused',
    reason: 'too_large',
  });
  expect(pulled() * CHUNK_BYTES).toBeLessThan(LISTENED_BYTES_MAX);
});

test('a declared length over the limit is refused unread', async () => {
  const { request, pulled } = streamed(endless());
  request.headers.set('content-length', '10000000');
  expect(await readBodyLimited(request, LIMIT_BYTES)).toMatchObject({ reason: 'too_large' });
  expect(pulled()).toBe(0);
});

test('a body that breaks off is refused', async () => {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.error(new Error('connection reset')),
  });
  const outcome = await readBodyLimited({ headers: new Headers(), body }, LIMIT_BYTES);
  expect(outcome).toEqual({ status: 'refused', reason: 'interrupted' });
});

test('only JSON in UTF-8 is JSON', () => {
  expect(parseJson(Buffer.from('{"a":"é"}'))).toEqual({ a: 'é' });
  expect(parseJson(Buffer.from('<html>'))).toBeUndefined();
  expect(parseJson(Buffer.from([0x22, 0xff, 0x22]))).toBeUndefined();
  expect(parseJson(new Uint8Array())).toBeUndefined();
});

test('answers carry their type and are not cached', async () => {
  const json = jsonResponse({ ok: true });
  expect(json.headers.get('content-type')).toContain('application/json');
  expect(json.headers.get('cache-control')).toBe('no-store');

  const problem = problemResponse(
    { status: 409, code: 'stale', title: 'Changed meanwhile' },
    { 'retry-after': '1' },
  );
  expect(problem.status).toBe(409);
  expect(problem.headers.get('content-type')).toContain('application/problem+json');
  expect(problem.headers.get('retry-after')).toBe('1');
  expect(await problem.json()).toMatchObject({ status: 409, code: 'stale', type: 'about:blank' });
  expect(bodyRefusedResponse('too_large').status).toBe(413);
  expect(bodyRefusedResponse('interrupted').status).toBe(400);
});
