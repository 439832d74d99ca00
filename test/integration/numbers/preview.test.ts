/** Every number before it is sent: what changes, why, and the file of all. */
import { beforeAll, describe, expect, it } from 'vitest';
import { OPEN_POLICY } from '../../../app/domain/stock/stock-policy';
import { newId } from '../../../app/platform/ids';
import { createPrisma } from '../../../app/platform/prisma';
import { exportNumbers } from '../../../app/queries/connections/export-numbers';
import { getPolicy } from '../../../app/queries/connections/get-policy';
import {
  type NumberView,
  type Proposal,
  previewNumbers,
  totalNumbers,
} from '../../../app/queries/connections/preview-numbers';
import { createTestDatabase } from '../../support/test-database';
import { type SeededMerchant, seedItem, seedMerchant, seedMovement } from '../queries/seed';

const { db } = await createTestDatabase();
const prisma = createPrisma(db);
const AS_SAVED: Proposal = { ...OPEN_POLICY, locationIds: null };

let merchant: SeededMerchant;

/** A listing on the outlet that holds a number, and units at Brooklyn and Reno. */
async function list(
  sku: string,
  holds: number | null,
  units: readonly [number, number],
  stockRef = sku,
): Promise<void> {
  const itemId = await seedItem(db, merchant, sku, `Item ${sku}`);
  for (const [place, quantity] of units.entries()) {
    if (quantity === 0) continue;
    await seedMovement(db, merchant, {
      itemId,
      quantity,
      from: ['adjustment', null],
      to: ['available', merchant.locations[place] ?? null],
    });
  }
  const id = newId();
  await db.query(
    `INSERT INTO listing (id, merchant_id, connection_id, item_id, external_ref, stock_ref, sku, title)
     VALUES ($1, $2, $3, $4, $5, $6, $5, $7)`,
    [id, merchant.id, merchant.woo, itemId, sku, stockRef, `Item ${sku}`],
  );
  await db.query(
    `INSERT INTO publication (id, merchant_id, connection_id, listing_id, known_quantity)
     VALUES ($1, $2, $3, $4, $5)`,
    [newId(), merchant.id, merchant.woo, id, holds],
  );
}

beforeAll(async () => {
  merchant = await seedMerchant(db, 'numbers');
  await list('A', 7, [3, 4]);
  await list('B', 9, [2, 0]);
  await list('C', 5, [0, 0]);
  await list('D', null, [6, 0]);
  await list('=E', 3, [8, 0], 'shared');
  await list('F', 3, [3, 0], 'shared');
});

const whose = () => ({ merchantId: merchant.id, connectionId: merchant.woo });
const preview = (proposal: Proposal, view: NumberView = 'changes', search: string | null = null) =>
  previewNumbers(prisma, whose(), proposal, { view, search, after: null, before: null });

describe('the preview', () => {
  it('shows what would change, and why', async () => {
    const { rows } = await preview(AS_SAVED);
    expect(rows.map(({ sku, holds, wouldShow }) => [sku, holds, wouldShow])).toEqual([
      ['B', 9, 2],
      ['C', 5, 0],
      ['D', null, 6],
    ]);
    expect(rows[0]?.feeds).toEqual([
      { name: 'Brooklyn', units: 2 },
      { name: 'Reno', units: 0 },
      { name: 'Leipzig', units: 0 },
    ]);
    expect(await totalNumbers(prisma, whose(), AS_SAVED)).toEqual({
      numbers: 6,
      changes: 3,
      up: 0,
      down: 2,
      toZero: 1,
    });
  });

  it('counts under a policy and locations that nobody has saved', async () => {
    const proposal = {
      sharePercent: 50,
      bufferUnits: 1,
      capUnits: 1,
      locationIds: [merchant.locations[0]],
    };
    const { rows } = await preview(proposal, 'all', 'a');
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      sku: 'A',
      wouldShow: 0,
      feeds: [{ name: 'Brooklyn', units: 3 }],
      steps: { sellable: 3, shared: 1, afterBuffer: 0, shown: 0 },
    });
    expect(await totalNumbers(prisma, whose(), proposal)).toMatchObject({
      up: 0,
      down: 5,
      toZero: 5,
    });
  });

  it('says which listings share a number, and shows the smallest', async () => {
    const { rows } = await preview(AS_SAVED, 'all', '=e');
    expect(rows[0]).toMatchObject({
      wouldShow: 3,
      steps: { shown: 8 },
      sharedWith: ['Item F'],
    });
  });

  it('turns pages without losing a number', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => list(`P-${String(index)}`, 1, [1, 0])),
    );
    const seen: (string | null)[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof preview>> = await previewNumbers(
        prisma,
        whose(),
        AS_SAVED,
        { view: 'all', search: null, after, before: null },
      );
      seen.push(...page.rows.map(({ sku }) => sku));
      after = page.next;
    } while (after !== null);
    expect(new Set(seen).size).toBe(46);
    expect(seen).toHaveLength(46);
  });

  it('comes as a file of all, in which nothing runs as a formula', async () => {
    const parts: string[] = [];
    for await (const part of exportNumbers(prisma, whose(), AS_SAVED, 10)) parts.push(part);
    // The heading, and pages of ten.
    expect(parts).toHaveLength(6);
    const lines = parts.join('').trimEnd().split('\r\n');
    expect(lines).toHaveLength(47);
    expect(lines).toContain("'=E,Item =E,=E,,3,3,0,8".replace(',=E,', ",'=E,"));
    expect(lines).toContain('B,Item B,B,,9,2,-7,2');
  });

  it('is nobody else’s', async () => {
    const other = await seedMerchant(db, 'other');
    const foreign = { merchantId: other.id, connectionId: merchant.woo };
    expect(await getPolicy(prisma, other.id, merchant.woo)).toBeNull();
    expect(await totalNumbers(prisma, foreign, AS_SAVED)).toMatchObject({ numbers: 0 });
    const mixed = { ...AS_SAVED, locationIds: [merchant.locations[0]] };
    expect(
      await totalNumbers(prisma, { merchantId: other.id, connectionId: other.woo }, mixed),
    ).toMatchObject({ numbers: 0 });
  });
});
