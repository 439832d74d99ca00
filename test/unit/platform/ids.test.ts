/** Goal: row ids are version 7, never twice the same, and increase within a process. */
import { version } from 'uuid';
import { expect, test } from 'vitest';
import { isId, newId } from '../../../app/platform/ids';

test('ids made in a row increase, beyond one fetch of randomness and within a millisecond', () => {
  const ids = Array.from({ length: 5_000 }, newId);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an id is a UUID version 7', () => {
  const id = newId();
  expect(isId(id)).toBe(true);
  expect(version(id)).toBe(7);
});
