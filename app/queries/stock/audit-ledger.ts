/**
 * The ledger as an operator looks at it: where levels and movements disagree, and any past moment.
 */
import type { Database } from '../../platform/database';

type Place = { readonly sku: string; readonly location: string };

/** Units by state, in the order of `LEDGER_STATES`. */
export type DriftedLevel = Place & {
  readonly level: readonly (number | null)[];
  readonly fold: readonly (number | null)[];
};

export type PastLevel = Place & {
  readonly available: number;
  readonly committed: number;
  readonly onHand: number;
};

/** The order in which `ledger_drift` lists the units of a place. */
export const LEDGER_STATES = [
  'available',
  'committed',
  'reserved',
  'safety_stock',
  'quality_control',
  'damaged',
  'incoming',
] as const;

/** All merchants, oldest first, or the one asked for. */
export async function listLedgers(
  db: Database,
  merchantId: string | null,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const { rows } = await db.query<{ readonly id: string; readonly name: string }>(
    `SELECT id, name FROM merchant WHERE $1::uuid IS NULL OR id = $1::uuid ORDER BY created_at, id`,
    [merchantId],
  );
  return rows;
}

/** Places whose level is not the fold of its movements. Reads the merchant's whole ledger. */
export async function listDrift(
  db: Database,
  merchantId: string,
): Promise<readonly DriftedLevel[]> {
  const { rows } = await db.query<DriftedLevel>(
    `SELECT i.sku, o.name AS location, d.level_units AS level, d.fold_units AS fold
       FROM ledger_drift($1::uuid) d
       LEFT JOIN item i ON i.id = d.item_id LEFT JOIN location o ON o.id = d.location_id
      ORDER BY i.sku, o.name`,
    [merchantId],
  );
  return rows;
}

/** Every place with units as it was at a moment, from the movements recorded until then. */
export async function listLevelsAsOf(
  db: Database,
  merchantId: string,
  at: Date,
): Promise<readonly PastLevel[]> {
  const { rows } = await db.query<PastLevel>(
    `SELECT i.sku, o.name AS location, f.available, f.committed, f.available + f.committed
         + f.reserved + f.safety_stock + f.quality_control + f.damaged AS "onHand"
       FROM ledger_fold($1::uuid, $2::timestamptz) f
       JOIN item i ON i.id = f.item_id JOIN location o ON o.id = f.location_id
      WHERE f.available + f.committed + f.reserved + f.safety_stock + f.quality_control
         + f.damaged + f.incoming > 0
      ORDER BY i.sku, o.name`,
    [merchantId, at],
  );
  return rows;
}
