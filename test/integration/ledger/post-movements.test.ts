import { beforeEach, describe, expect, it } from 'vitest';
import { inside, outside } from '../../../app/domain/stock/cell';
import { rebuildLevels } from '../../../app/operations/stock/rebuild-levels';
import { type Database, isPostgresError } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';
import { silentLog } from '../../../app/platform/log';
import { findDrift, postMovements } from '../../../app/store/movements';
import { createTestDatabase } from '../../support/test-database';
import { committed, draft, receive, received, seedMerchant } from './seed-ledger';

const { db } = await createTestDatabase({ max: 20 });
let merchantId: string;
let item: string;
let other: string;
let here: string;
let there: string;

beforeEach(async () => {
  const seeded = await seedMerchant(db, ['A', 'B'], ['Here', 'There']);
  merchantId = seeded.merchantId;
  [item = '', other = ''] = seeded.items;
  [here = '', there = ''] = seeded.locations;
});

async function available(itemId = item, locationId = here): Promise<number> {
  const row = await db.maybeOne<{ available: number }>(
    `SELECT available FROM stock_level WHERE item_id = $1 AND location_id = $2`,
    [itemId, locationId],
  );
  return row?.available ?? 0;
}

async function movements(): Promise<number> {
  const { count } = await db.one<{ count: number }>(
    `SELECT count(*) AS count FROM movement WHERE merchant_id = $1`,
    [merchantId],
  );
  return count;
}

describe('posting movements', () => {
  it('moves units from one cell to another and keeps the sum', async () => {
    await receive(db, merchantId, item, here, 10);
    await postMovements(db, merchantId, [committed(item, here, 4)], 'all');
    const row = await db.one(
      `SELECT available, committed FROM stock_level WHERE item_id = $1 AND location_id = $2`,
      [item, here],
    );
    expect(row).toEqual({ available: 6, committed: 4 });
    expect(await findDrift(db, merchantId)).toEqual([]);
  });

  it('takes all lines or none, adding up demand on one cell first', async () => {
    await receive(db, merchantId, item, here, 3);
    const two = () => committed(item, here, 2);
    const results = await postMovements(db, merchantId, [two(), two()], 'all');
    expect(results.map((result) => result.outcome)).toEqual(['short', 'short']);
    expect(await available()).toBe(3);
    expect(await movements()).toBe(1);
  });

  it('takes as much as there is, in order, when asked to', async () => {
    await receive(db, merchantId, item, here, 3);
    const two = () => committed(item, here, 2);
    const results = await postMovements(db, merchantId, [two(), two(), two()], 'partial');
    expect(results).toEqual([
      { moved: 2, outcome: 'done' },
      { moved: 1, outcome: 'short' },
      { moved: 0, outcome: 'short' },
    ]);
    expect(await available()).toBe(0);
  });

  it('answers the same key with what happened the first time', async () => {
    await receive(db, merchantId, item, here, 3);
    const same = committed(item, here, 5, 'order-1');
    expect(await postMovements(db, merchantId, [same], 'partial')).toEqual([
      { moved: 3, outcome: 'short' },
    ]);
    await receive(db, merchantId, item, here, 10);
    expect(await postMovements(db, merchantId, [same], 'partial')).toEqual([
      { moved: 3, outcome: 'duplicate' },
    ]);
    expect(await available()).toBe(10);
  });

  it('refuses the same key with other content, and changes nothing', async () => {
    await receive(db, merchantId, item, here, 10);
    await postMovements(db, merchantId, [committed(item, here, 1, 'order-1')], 'all');
    const posted = postMovements(
      db,
      merchantId,
      [committed(item, here, 2, 'order-1'), committed(item, here, 1)],
      'all',
    );
    await expect(posted).rejects.toSatisfy((problem) => isPostgresError(problem, 'CD001'));
    expect(await available()).toBe(9);
  });

  it('accepts one of many twins sent at the same moment', async () => {
    await receive(db, merchantId, item, here, 100);
    const same = committed(item, here, 5, 'order-1');
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => postMovements(db, merchantId, [same], 'all')),
    );
    const outcomes = answers.flat().map((result) => result.outcome);
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(11);
    expect(await available()).toBe(95);
  });

  it('never deadlocks and never oversells when many take two items in opposite order', async () => {
    await receive(db, merchantId, item, here, 50);
    await receive(db, merchantId, other, here, 50);
    const attempts = Array.from({ length: 160 }, (_, index) => {
      const lines = [committed(item, here, 1), committed(other, here, 1)];
      return postMovements(db, merchantId, index % 2 === 0 ? lines : lines.reverse(), 'all');
    });
    const results = await Promise.all(attempts);
    expect(results.filter(([first]) => first?.outcome === 'done')).toHaveLength(50);
    expect([await available(item), await available(other)]).toEqual([0, 0]);
    expect(await findDrift(db, merchantId)).toEqual([]);
  });

  it('knows nothing of another merchant', async () => {
    const stranger = await seedMerchant(db, ['A'], ['Here']);
    for (const [itemId, locationId] of [
      [stranger.items[0], here],
      [item, stranger.locations[0]],
      [newId(), here],
    ]) {
      const posted = postMovements(
        db,
        merchantId,
        [received(itemId ?? '', locationId ?? '', 1)],
        'all',
      );
      await expect(posted).rejects.toSatisfy((problem) => isPostgresError(problem, 'CD002'));
    }
    // The same key is free for each merchant.
    await receive(db, merchantId, item, here, 5);
    await receive(db, stranger.merchantId, stranger.items[0] ?? '', stranger.locations[0] ?? '', 5);
    const [mine, theirs] = [
      committed(item, here, 1, 'k'),
      committed(stranger.items[0] ?? '', stranger.locations[0] ?? '', 2, 'k'),
    ];
    await postMovements(db, merchantId, [mine], 'all');
    await postMovements(db, stranger.merchantId, [theirs], 'all');
    expect(await findDrift(db, stranger.merchantId)).toEqual([]);
  });
});

describe('the database itself', () => {
  it('refuses a negative level, whoever writes it', async () => {
    await receive(db, merchantId, item, here, 1);
    for (const column of ['available', 'committed', 'damaged', 'incoming']) {
      const written = db.query(
        `UPDATE stock_level SET ${column} = -1 WHERE item_id = $1 AND location_id = $2`,
        [item, here],
      );
      await expect(written).rejects.toSatisfy((problem) => isPostgresError(problem, '23514'));
    }
  });

  it('refuses to change the past', async () => {
    await receive(db, merchantId, item, here, 1);
    for (const statement of [
      `UPDATE movement SET quantity = 5 WHERE merchant_id = $1`,
      `DELETE FROM movement WHERE merchant_id = $1`,
    ]) {
      await expect(db.query(statement, [merchantId])).rejects.toSatisfy((problem) =>
        isPostgresError(problem, 'CD003'),
      );
    }
    await expect(db.query(`TRUNCATE movement`)).rejects.toSatisfy((problem) =>
      isPostgresError(problem, 'CD003'),
    );
  });

  it('refuses movements that are none', async () => {
    const bad = [
      draft({
        itemId: item,
        quantity: 0,
        from: outside('supplier'),
        to: inside('available', here),
      }),
      draft({
        itemId: item,
        quantity: -3,
        from: outside('supplier'),
        to: inside('available', here),
      }),
      draft({
        itemId: item,
        quantity: 1,
        from: inside('available', here),
        to: inside('available', here),
      }),
    ];
    await receive(db, merchantId, item, here, 5);
    for (const one of bad) {
      const answer = await postMovements(db, merchantId, [one], 'all').then(
        (results) => results[0]?.moved ?? 0,
        () => 'refused',
      );
      expect([0, 'refused']).toContain(answer);
    }
    expect(await available()).toBe(5);
  });
});

describe('levels and the fold of movements', () => {
  it('can be read as of a moment', async () => {
    await receive(db, merchantId, item, here, 10);
    const { at } = await db.one<{ at: Date }>(`SELECT clock_timestamp() AS at`);
    await db.query(`SELECT pg_sleep(0.01)`);
    await postMovements(db, merchantId, [committed(item, here, 4)], 'all');
    await postMovements(
      db,
      merchantId,
      [
        draft({
          itemId: item,
          quantity: 2,
          from: inside('available', here),
          to: inside('available', there),
        }),
      ],
      'all',
    );
    const asOf = (moment: Date | null) =>
      db.query(
        `SELECT location_id AS place, available::int, committed::int
           FROM ledger_fold($1, $2) ORDER BY available DESC`,
        [merchantId, moment],
      );
    expect((await asOf(at)).rows).toEqual([{ place: here, available: 10, committed: 0 }]);
    expect((await asOf(null)).rows).toEqual([
      { place: here, available: 4, committed: 4 },
      { place: there, available: 2, committed: 0 },
    ]);
  });

  it('show drift when a level was tampered with, and rebuild from the movements', async () => {
    await receive(db, merchantId, item, here, 10);
    await db.query(`UPDATE stock_level SET available = 12 WHERE item_id = $1`, [item]);
    const drift = await findDrift(db, merchantId);
    expect(drift).toMatchObject([{ itemId: item, locationId: here }]);
    const repaired = await rebuildLevels(contextOf(db), {
      merchantId,
      actor: { kind: 'staff', id: 'operator' },
    });
    expect(repaired).toHaveLength(1);
    expect(await available()).toBe(10);
    expect(await findDrift(db, merchantId)).toEqual([]);
    const audit = await db.one<{ data: object }>(
      `SELECT data FROM audit_record WHERE merchant_id = $1 AND action = 'stock.rebuilt'`,
      [merchantId],
    );
    expect(JSON.stringify(audit.data)).toContain(item);
  });
});

/** What rebuilding needs of the context; the rest throws if it were used. */
function contextOf(database: Database): Parameters<typeof rebuildLevels>[0] {
  const unused = (): never => {
    throw new Error('not part of this test');
  };
  return {
    db: database,
    clock: { now: () => new Date() },
    log: silentLog,
    afterCommit: () => undefined,
    channelFor: unused,
    stores: {
      checkUrl: unused,
      callbackUrl: unused,
      look: unused,
      grantUrl: unused,
      readGrant: unused,
    },
    secrets: { seal: unused, open: unused },
  };
}
