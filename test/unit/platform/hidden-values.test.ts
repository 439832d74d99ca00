/** Goal: a secret of the process is taken out of every text, whatever stands around it. */
import { Writable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { captureConsole, createLog } from '#app/platform/log';
import { hideValues, redactText } from '#app/platform/redaction';

const original = { ...console };
afterEach(() => Object.assign(console, original));

test('a value without a shape is found as it is, in addresses, JSON and base64', () => {
  const value = 'nothing to+know/it"by=';
  hideValues([value, null, '', 'short']);
  for (const shape of [
    value,
    encodeURIComponent(value),
    JSON.stringify({ x: value }),
    Buffer.from(value).toString('base64'),
    `${'a'.repeat(3_990)}${value}`,
  ]) {
    expect(redactText(`before ${shape} after`)).not.toMatch(/know|bm90aGluZyB0/);
  }
  expect(redactText('a short text')).toBe('a short text');
});

test('fields of JSON that stands in JSON are hidden by their names', () => {
  const body = JSON.stringify({ client_secret: 'plain words', refreshToken: 'other words', id: 7 });
  const nested = JSON.stringify({ body: JSON.stringify({ body }) });
  for (const text of [body, nested]) {
    expect(redactText(text)).not.toMatch(/plain words|other words/);
    expect(redactText(text)).toContain('7');
  }
});

test('what libraries write to the console goes through the same filter', () => {
  const lines: string[] = [];
  const write = (chunk: Buffer, _encoding: string, done: () => void) => {
    lines.push(chunk.toString());
    done();
  };
  captureConsole(createLog('debug', new Writable({ write })));
  hideValues(['a secret of the process']);
  console.warn('No routes matched "%s"', '/x?hmac=abcdef123456');
  console.error(new Error('failed with a secret of the process'));
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toMatch(/abcdef123456|a secret of the process/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn' });
});
