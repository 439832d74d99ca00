/** Goal: a form of ours is read whole; nothing larger is ever in memory. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseForm } from '#app/routes/forms/parse-form';

const schema = z.object({ name: z.string(), ids: z.string().optional() });
const URL_ENCODED = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' };

const post = (body: RequestInit['body'], headers: Record<string, string> = URL_ENCODED) =>
  new Request('http://x.test/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);

/** Sends pieces of 64 KB for as long as somebody reads them; `sent` counts them. */
function endless() {
  const piece = new TextEncoder().encode('a'.repeat(64 * 1024));
  const state = { sent: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.sent += 1;
      controller.enqueue(piece);
    },
    cancel() {
      state.cancelled = true;
    },
  });
  return { state, body };
}

test('fields are read as they were typed', async () => {
  const fields = { name: 'Crème & co + 1 \u{1f4e6}', ids: '' };
  const { form } = await parseForm(post(new URLSearchParams(fields)), schema);
  expect(form).toEqual(fields);
});

test('ten thousand ids are one form', async () => {
  const ids = Array.from({ length: 10_000 }, () => crypto.randomUUID()).join(',');
  const { form } = await parseForm(post(new URLSearchParams({ name: 'x', ids })), schema);
  expect(form?.ids).toBe(ids);
});

test('a form without an end is not kept, and not listened to for long', async () => {
  const { state, body } = endless();
  await expect(parseForm(post(body), schema)).rejects.toMatchObject({ status: 413 });
  expect(state.cancelled).toBe(true);
  expect(state.sent).toBeLessThanOrEqual(100);
});

test('one that says how large it is, or comes as something else, is not read', async () => {
  const large = endless();
  const declared = { ...URL_ENCODED, 'content-length': '2000000' };
  const refused = parseForm(post(large.body, declared), schema);
  await expect(refused).rejects.toMatchObject({ status: 413 });
  const other = endless();
  const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
  expect((await parseForm(post(other.body, multipart), schema)).form).toBeNull();
  // A stream fills its own queue of one piece unasked.
  expect([large.state.sent, other.state.sent].every((sent) => sent <= 2)).toBe(true);
});
