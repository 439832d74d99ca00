/** Goal: counting an item that sells all day does not keep it locked for its whole history. */
import { expect, test } from 'vitest';
import { newId } from '#app/platform/ids';
import { lockCountedLevels } from '#app/store/count-posting';
import { createTestDatabase } from '../../support/test-database';
import { createCountWorld } from './count-world';

const { db } = await createTestDatabase();
const HISTORY = 20_000;
const MINUTE_MS = 60_000;

test('what moved since it was counted is found without reading what moved before', async () => {
  const shop = await createCountWorld(db, { MUG: { West: 0 }, TEE: { West: 10 } });
  const { merchantId } = shop;
  const [itemId, locationId] = [shop.itemId('MUG'), shop.locationId('West')];
  // One a minute up to now: sold, and received again.
  await db.query(
    `INSERT INTO movement (merchant_id, item_id, quantity, requested, from_state, from_location_id,
        to_state, to_location_id, reason, cause_kind, cause_id, actor_kind, actor_id,
        idempotency_key, occurred_at, recorded_at)
     SELECT $1, $2::uuid, 1, 1, CASE WHEN out THEN 'available' ELSE 'supplier' END,
        CASE WHEN out THEN $3::uuid END, CASE WHEN out THEN 'customer' ELSE 'available' END,
        CASE WHEN NOT out THEN $3::uuid END, 'test', 'test', '1', 'system', 'test', 'old:' || n,
        at, at
       FROM generate_series(1, $4::int) AS n
       CROSS JOIN LATERAL (SELECT n % 2 = 0 AS out,
          now() - ($4::int - n) * interval '1 minute' AS at) t`,
    [merchantId, itemId, locationId, HISTORY],
  );
  await shop.move('MUG', 'West', 4, 'supplier', 'available');
  await db.query('ANALYZE movement');
  const countedAt = new Date(Date.now() - 20.5 * MINUTE_MS);
  const line = { id: newId(), position: 1, itemId, locationId, counted: 10, countedAt };
  const { level, read } = await db.transaction(async (tx) => {
    const [one] = await lockCountedLevels(tx, merchantId, 'available', [line]);
    const { rows } = await tx.query<{ read: number }>(
      `SELECT (seq_tup_read + idx_tup_fetch)::int AS read FROM pg_stat_xact_user_tables
        WHERE relname = 'movement'`,
    );
    return { level: one, read: rows[0]?.read };
  });
  // Of 21 in the last 20.5 minutes one more left than came; and four came just now.
  expect(level?.flow).toBe(3);
  expect(read).toBeLessThan(HISTORY / 100);
});
