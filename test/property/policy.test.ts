/** The number a channel shows: the rule in TypeScript, and the three places that say it in SQL. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { publishQuantity } from '../../app/domain/stock/publish-quantity';
import { newId } from '../../app/platform/ids';
import { seedItem, seedMerchant, seedMovement } from '../integration/queries/seed';
import { createTestDatabase } from '../support/test-database';
import { PROPERTY_TIMEOUT_MS, timesAsMany } from './sequences';

const { db } = await createTestDatabase({ max: 4 });

const policy = fc.record({
  sharePercent: fc.integer({ min: 0, max: 100 }),
  bufferUnits: fc.integer({ min: 0, max: 40 }),
  capUnits: fc.option(fc.integer({ min: 0, max: 60 })),
});

it(
  'is the same number in the database, for any units and policy',
  async () => {
    const units = fc.oneof(fc.integer({ min: -5, max: 300 }), fc.constant(3_000_000_000));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(units, policy), { minLength: 20, maxLength: 20 }),
        async (cases) => {
          const { rows } = await db.query<{ wanted: number }>(
            `SELECT wanted_quantity(units, share, buffer, cap) AS wanted
           FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[])
             WITH ORDINALITY AS u(units, share, buffer, cap, n) ORDER BY n`,
            [
              cases.map(([sum]) => sum),
              cases.map(([, { sharePercent }]) => sharePercent),
              cases.map(([, { bufferUnits }]) => bufferUnits),
              cases.map(([, { capUnits }]) => capUnits),
            ],
          );
          expect(rows.map((row) => row.wanted)).toEqual(
            cases.map(([sum, applied]) => publishQuantity([sum], applied)),
          );
        },
      ),
      timesAsMany(20),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

const shop = fc.record({
  policy,
  // Units of three simple items at three locations; the fourth item is a kit of the first two.
  units: fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 9, maxLength: 9 }),
  parts: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  // Which number each of six listings shows, and of which item (4 = not matched).
  listings: fc.array(
    fc.record({ stock: fc.integer({ min: 0, max: 3 }), item: fc.integer({ min: 0, max: 4 }) }),
    { minLength: 6, maxLength: 6 },
  ),
  closed: fc.boolean(),
});

it(
  'is the smallest of those that share it, kits counted by location, whoever asks',
  async () => {
    await fc.assert(
      fc.asyncProperty(shop, async (given) => {
        const merchant = await seedMerchant(db, newId());
        const items = await Promise.all(
          ['A', 'B', 'C', 'K'].map((sku) => seedItem(db, merchant, sku, sku)),
        );
        const [a = '', b = '', , kit = ''] = items;
        await db.query(`INSERT INTO kit_component VALUES ($1, $2, $4, $5), ($1, $3, $4, $6)`, [
          kit,
          a,
          b,
          merchant.id,
          ...given.parts,
        ]);
        for (const [index, quantity] of given.units.entries()) {
          const place = merchant.locations[index % 3] ?? '';
          const itemId = items[Math.floor(index / 3)] ?? '';
          if (quantity > 0) {
            await seedMovement(db, merchant, {
              itemId,
              quantity,
              from: ['adjustment', null],
              to: ['available', place],
            });
          }
        }
        await db.query(`UPDATE location SET active = NOT $2 WHERE id = $1`, [
          merchant.locations[2],
          given.closed,
        ]);
        const { sharePercent, bufferUnits, capUnits } = given.policy;
        await db.query(
          `UPDATE connection SET share_percent = $2, buffer_units = $3, cap_units = $4 WHERE id = $1`,
          [merchant.woo, sharePercent, bufferUnits, capUnits],
        );
        for (const { stock, item } of given.listings) {
          const id = newId();
          await db.query(
            `INSERT INTO listing (id, merchant_id, connection_id, item_id, external_ref, stock_ref, title)
           VALUES ($1::uuid, $2, $3, $4, $1::uuid::text, $5, 'T')`,
            [id, merchant.id, merchant.woo, items[item] ?? null, `stock:${String(stock)}`],
          );
          await db.query(
            `INSERT INTO publication (id, merchant_id, connection_id, listing_id)
           VALUES ($1, $2, $3, $4)`,
            [newId(), merchant.id, merchant.woo, id],
          );
        }
        const sellable = items.map((_, item) => {
          const at = (of: number, place: number): number => given.units[of * 3 + place] ?? 0;
          return (given.closed ? [0, 1] : [0, 1, 2]).map((place) =>
            item < 3
              ? at(item, place)
              : Math.min(
                  Math.floor(at(0, place) / given.parts[0]),
                  Math.floor(at(1, place) / given.parts[1]),
                ),
          );
        });
        const expected = new Map<string, number>();
        for (const { stock, item } of given.listings) {
          const places = sellable[item];
          if (places === undefined) continue;
          const own = publishQuantity(places, given.policy);
          const ref = `stock:${String(stock)}`;
          expected.set(ref, Math.min(own, expected.get(ref) ?? own));
        }
        const { rows } = await db.query<{ ref: string; one: number | null; all: number | null }>(
          `SELECT li.stock_ref AS ref, wanted_of(p.id) AS one, w.wanted AS all
           FROM publication p JOIN listing li ON li.id = p.listing_id
           LEFT JOIN wanted_numbers($1) w ON w.publication_id = p.id
          WHERE p.connection_id = $1 AND li.item_id IS NOT NULL`,
          [merchant.woo],
        );
        expect(rows).toEqual(
          rows.map(({ ref }) => ({ ref, one: expected.get(ref), all: expected.get(ref) })),
        );
      }),
      timesAsMany(25),
    );
  },
  PROPERTY_TIMEOUT_MS,
);
