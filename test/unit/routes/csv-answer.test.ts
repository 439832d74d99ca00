/** Goal: a file that nobody reads any more is not made to its end. */
import { expect, test } from 'vitest';
import { csvAnswer } from '#app/routes/forms/csv-answer';

async function* pieces(made: string[]): AsyncGenerator<string> {
  try {
    for (let row = 1; row <= 5; row += 1) {
      made.push(`row ${String(row)}`);
      yield `row ${String(row)}\r\n`;
    }
  } finally {
    made.push('ended');
  }
}

function requested() {
  const reader = new AbortController();
  const request = new Request('http://127.0.0.1/file', { signal: reader.signal });
  return { request, reader };
}

test('all of it for someone who reads it', async () => {
  const made: string[] = [];
  const answer = csvAnswer(requested().request, 'rows.csv', pieces(made));
  expect((await answer.text()).split('\r\n')).toHaveLength(6);
  expect(made.at(-1)).toBe('ended');
});

test('nothing more once the connection is closed', async () => {
  const made: string[] = [];
  const { request, reader } = requested();
  const body = csvAnswer(request, 'rows.csv', pieces(made)).body?.getReader();
  await body?.read();
  await body?.read();
  reader.abort();
  for (let done = false; !done;) done = (await body?.read())?.done ?? true;
  expect(made.at(-1)).toBe('ended');
  expect(made).not.toContain('row 4');
});
