/** Goal: sealed secrets open only unchanged, in their own place, with a key we still hold. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  SecretUnreadable,
  constantTimeEqual,
  createSecretBox,
  hmacSha256Base64,
  isSignedBy,
} from '#app/platform/secrets';

const first = randomBytes(32).toString('base64');
const second = randomBytes(32).toString('base64');

test('a secret opens in the context it was sealed for', () => {
  const box = createSecretBox(first);
  const sealed = box.sealSecret('ключ shpat_1 🔑', 'connection:1');
  expect(sealed).not.toContain('shpat_1');
  expect(box.openSecret(sealed, 'connection:1')).toBe('ключ shpat_1 🔑');
  expect(box.sealSecret('ключ shpat_1 🔑', 'connection:1')).not.toBe(sealed);
});

test('a secret copied to another place does not open there', () => {
  const box = createSecretBox(first);
  const sealed = box.sealSecret('token', 'connection:1');
  expect(() => box.openSecret(sealed, 'connection:2')).toThrow(SecretUnreadable);
});

test('any changed character is noticed', () => {
  const box = createSecretBox(first);
  const sealed = box.sealSecret('token', 'c');
  const start = sealed.lastIndexOf('.') + 1;
  for (let index = start; index < sealed.length - 1; index += 1) {
    const other = sealed[index] === 'A' ? 'B' : 'A';
    const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
    expect(() => box.openSecret(changed, 'c')).toThrow(SecretUnreadable);
  }
});

test.each(['', 'token', 'v1.aaaaaaaa', 'v1.aaaaaaaa.AAAA', 'v2.aaaaaaaa.AAAA', 'v1.a.b.c'])(
  'a text that was never sealed is refused: %j',
  (text) => {
    expect(() => createSecretBox(first).openSecret(text, 'c')).toThrow(SecretUnreadable);
  },
);

test('after rotation old secrets open, are known to be old, and new ones use the new key', () => {
  const sealedOld = createSecretBox(first).sealSecret('token', 'c');
  const rotated = createSecretBox(second, [first]);
  expect(rotated.openSecret(sealedOld, 'c')).toBe('token');
  expect(rotated.needsResealing(sealedOld)).toBe(true);

  const resealed = rotated.sealSecret(rotated.openSecret(sealedOld, 'c'), 'c');
  expect(rotated.needsResealing(resealed)).toBe(false);
  const onlySecond = createSecretBox(second);
  expect(onlySecond.openSecret(resealed, 'c')).toBe('token');
  expect(() => onlySecond.openSecret(sealedOld, 'c')).toThrow(SecretUnreadable);
});

test('comparison is by content, whatever the lengths', () => {
  expect(constantTimeEqual('abc', Buffer.from('abc'))).toBe(true);
  expect(constantTimeEqual('abc', 'abd')).toBe(false);
  expect(constantTimeEqual('abc', 'abcd')).toBe(false);
  expect(constantTimeEqual('', '')).toBe(true);
});

test('a signature fits its exact bytes and key only', () => {
  const body = Buffer.from('{"id":1}');
  // Known answer: printf '{"id":1}' | openssl dgst -sha256 -hmac hush -binary | base64
  const signature = 'VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY=';
  expect(hmacSha256Base64('hush', body)).toBe(signature);
  expect(isSignedBy('hush', body, signature)).toBe(true);
  expect(isSignedBy('hush', Buffer.from('{"id": 1}'), signature)).toBe(false);
  expect(isSignedBy('other', body, signature)).toBe(false);
  expect(isSignedBy('hush', body, '')).toBe(false);
  expect(isSignedBy('hush', body, null)).toBe(false);
  expect(isSignedBy('hush', body, undefined)).toBe(false);
});
