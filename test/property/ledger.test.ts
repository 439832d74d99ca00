/** Random sequences of everything that moves stock, against a tiny model of the ledger. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { INSIDE_STATES, inside, outside } from '../../app/domain/stock/cell';
import { postMovements } from '../../app/store/movements';
import { draft, seedMerchant } from '../integration/ledger/seed-ledger';
import { createTestDatabase } from '../support/test-database';
import { ledgerCommand, tellLedgerCommand } from './ledger-commands';
import { playLedger } from './ledger-play';
import { PROPERTY_TIMEOUT_MS, checkSequences } from './sequences';

const { db } = await createTestDatabase({ max: 8 });

it(
  'moves what the model moves, refuses what it refuses, and remembers every moment',
  () =>
    checkSequences({
      setup: fc.constant('two merchants'),
      command: ledgerCommand,
      length: 30,
      runs: 100,
      play: () => playLedger(db),
      tell: tellLedgerCommand,
    }),
  PROPERTY_TIMEOUT_MS,
);

it('lets nobody edit the past, or take a level below zero', async () => {
  const { merchantId, items, locations } = await seedMerchant(db, ['A'], ['X']);
  const [itemId = '', locationId = ''] = [items[0], locations[0]];
  const moves = INSIDE_STATES.map((state) =>
    draft({ itemId, quantity: 1, from: outside('supplier'), to: inside(state, locationId) }),
  );
  await postMovements(db, merchantId, moves, 'all');
  for (const state of INSIDE_STATES) {
    const below = db.query(`UPDATE stock_level SET ${state} = -1 WHERE item_id = $1`, [itemId]);
    await expect(below, state).rejects.toMatchObject({ code: '23514' });
  }
  for (const edit of [
    'UPDATE movement SET quantity = 2',
    'DELETE FROM movement',
    'TRUNCATE movement',
  ]) {
    await expect(db.query(edit), edit).rejects.toMatchObject({ code: 'CD003' });
  }
});
