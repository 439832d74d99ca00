/** Goal: a process that ends closes all it opened, in reverse order, once, within a deadline. */
import { expect, test } from 'vitest';
import { silentLog } from '#app/platform/log';
import { createShutdown } from '#app/platform/shutdown';

test('the last opened is closed first, one after the other, and a failure stops nothing', async () => {
  const closed: string[] = [];
  const shutdown = createShutdown({ log: silentLog });
  shutdown.add('database', () => void closed.push('database'));
  shutdown.add('queue', () => Promise.reject(new Error('stuck')));
  shutdown.add('server', async () => {
    await new Promise((resolve) => setImmediate(resolve));
    closed.push('server');
  });
  expect(shutdown.started).toBe(false);
  await Promise.all([shutdown.run('SIGTERM'), shutdown.run('SIGINT')]);
  expect(shutdown.started).toBe(true);
  expect(closed).toEqual(['server', 'database']);
});

test('a closer that never ends is given up on', async () => {
  const shutdown = createShutdown({ log: silentLog, deadlineMs: 20 });
  shutdown.add('stuck', () => new Promise<void>(() => undefined));
  await expect(shutdown.run('SIGTERM')).resolves.toBeUndefined();
});
