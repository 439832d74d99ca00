import { inside, outside } from '../../../app/domain/stock/cell';
import type { MovementDraft } from '../../../app/domain/stock/movement';
import type { Database } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';
import { postMovements } from '../../../app/store/movements';

/** A merchant with items and locations, straight in the tables the ledger works on. */
export async function seedMerchant(
  db: Database,
  skus: readonly string[],
  locationNames: readonly string[],
): Promise<{ merchantId: string; items: string[]; locations: string[] }> {
  const merchantId = newId();
  await db.query(`INSERT INTO merchant (id, name, currency) VALUES ($1, 'Test', 'USD')`, [
    merchantId,
  ]);
  const items = skus.map(() => newId());
  const locations = locationNames.map(() => newId());
  await db.query(
    `INSERT INTO item (id, merchant_id, sku, title)
       SELECT id, $1, sku, sku FROM unnest($2::uuid[], $3::text[]) AS u(id, sku)`,
    [merchantId, items, skus],
  );
  await db.query(
    `INSERT INTO location (id, merchant_id, name)
       SELECT id, $1, name FROM unnest($2::uuid[], $3::text[]) AS u(id, name)`,
    [merchantId, locations, locationNames],
  );
  return { merchantId, items, locations };
}

/** A movement with everything but its subject filled in. */
export function draft(
  parts: Pick<MovementDraft, 'itemId' | 'quantity' | 'from' | 'to'> & { key?: string },
): MovementDraft {
  return {
    key: newId(),
    reason: 'test',
    cause: { kind: 'test', id: 'test' },
    actor: { kind: 'system', id: 'test' },
    note: null,
    occurredAt: new Date(),
    ...parts,
  };
}

export function received(itemId: string, locationId: string, quantity: number): MovementDraft {
  return draft({
    itemId,
    quantity,
    from: outside('supplier'),
    to: inside('available', locationId),
  });
}

export function committed(
  itemId: string,
  locationId: string,
  quantity: number,
  key = newId(),
): MovementDraft {
  return draft({
    itemId,
    quantity,
    from: inside('available', locationId),
    to: inside('committed', locationId),
    key,
  });
}

export async function receive(
  db: Database,
  merchantId: string,
  itemId: string,
  locationId: string,
  quantity: number,
): Promise<void> {
  await postMovements(db, merchantId, [received(itemId, locationId, quantity)], 'all');
}
