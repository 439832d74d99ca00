/** Goal: a database server that goes away fails what is under way, and nothing else. */
import { expect, test } from 'vitest';
import { createDatabase } from '../../../app/platform/database';
import { createTestDatabase } from '../../support/test-database';

test('a connection lost between two statements of a transaction fails only that', async () => {
  const { url } = await createTestDatabase();
  const db = createDatabase(url, { max: 2 });
  const uncaught: unknown[] = [];
  const note = (problem: unknown) => uncaught.push(problem);
  process.on('uncaughtException', note);
  try {
    const transaction = db.transaction(async (tx) => {
      const { pid } = await tx.one<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await db.query('SELECT pg_terminate_backend($1)', [pid]);
      // Long enough for the end of the connection to be noticed while no statement runs.
      await new Promise((resolve) => setTimeout(resolve, 200));
      await tx.query('SELECT 1');
    });
    await expect(transaction).rejects.toThrow();
    expect(await db.one('SELECT 1 AS one')).toEqual({ one: 1 });
    expect(uncaught).toEqual([]);
  } finally {
    process.off('uncaughtException', note);
    await db.close();
  }
});
