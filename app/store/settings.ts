import { type MerchantSettings, settingsOf } from '../domain/merchants/settings';
import type { Queryable } from '../platform/database';

/** What a merchant has chosen, with defaults for the rest; all defaults for an unknown merchant. */
export async function readSettings(q: Queryable, merchantId: string): Promise<MerchantSettings> {
  const row = await q.maybeOne<{ settings: unknown }>(
    `SELECT settings FROM merchant WHERE id = $1`,
    [merchantId],
  );
  return settingsOf(row?.settings);
}

/**
 * Changes the choices that are named and keeps the others. Answers all of them as they were before
 * and are now. Call in a transaction: the row is locked.
 */
export async function saveSettings(
  q: Queryable,
  merchantId: string,
  changes: Partial<MerchantSettings>,
): Promise<{ readonly before: MerchantSettings; readonly now: MerchantSettings }> {
  await q.query(`SELECT id FROM merchant WHERE id = $1 FOR UPDATE`, [merchantId]);
  const before = await readSettings(q, merchantId);
  const now = { ...before, ...changes };
  await q.query(`UPDATE merchant SET settings = settings || $2::jsonb WHERE id = $1`, [
    merchantId,
    JSON.stringify(now),
  ]);
  return { before, now };
}
