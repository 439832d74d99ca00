/**
 * The bound that the ledger's figures are held against: the least that a correct reservation can
 * be. One guarded statement (UPDATE … WHERE available >= n, and the INSERT of the movement) by a
 * bare `pg` client, prepared, committed durably. No key is checked, no publication marked.
 */
import pg from 'pg';
import { newId } from '../../app/platform/ids';
import type { LedgerWorld } from './ledger-database';

const RESERVE = `
WITH taken AS (
  UPDATE stock_level SET available = available - $4, reserved = reserved + $4, updated_at = now()
  WHERE item_id = $2 AND location_id = $3 AND merchant_id = $1 AND available >= $4
  RETURNING item_id
)
INSERT INTO movement (merchant_id, item_id, quantity, requested, from_state, from_location_id,
  to_state, to_location_id, reason, cause_kind, cause_id, actor_kind, actor_id, idempotency_key,
  occurred_at)
SELECT $1, item_id, $4, $4, 'available', $3, 'reserved', $3, 'reserve', 'bench', $5, 'system',
  'bench', $5, now()
FROM taken`;

export type RawBound = {
  /** True: the unit was there and is reserved. */
  reserve(caller: number, itemId: string, locationId: string): Promise<boolean>;
  close(): Promise<void>;
};

/** One connection per caller. */
export async function createRawBound(world: LedgerWorld, callers: number): Promise<RawBound> {
  const clients = Array.from(
    { length: callers },
    () => new pg.Client({ connectionString: world.url }),
  );
  await Promise.all(clients.map((client) => client.connect()));
  return {
    async reserve(caller, itemId, locationId) {
      const client = clients[caller % callers];
      if (client === undefined) throw new Error('No such caller.');
      const values = [world.merchantId, itemId, locationId, 1, `bound:${newId()}`];
      const { rowCount } = await client.query({ name: 'bound', text: RESERVE, values });
      return rowCount === 1;
    },
    async close() {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}
