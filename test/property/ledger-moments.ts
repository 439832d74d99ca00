import type { Database } from '../../app/platform/database';

/** A moment that parts what was recorded before it from what will be, in whole milliseconds. */
export async function momentBetween(db: Database): Promise<Date> {
  const { at } = await db.one<{ at: Date }>(
    `SELECT date_trunc('milliseconds', clock_timestamp()) + interval '2 milliseconds' AS at,
       pg_sleep(0.004)`,
  );
  return at;
}
