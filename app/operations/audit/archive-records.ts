/** The audit trail in its two places: the table, and what is old in the archive. */
import type { MerchantSettings } from '../../domain/merchants/settings';
import type { Database } from '../../platform/database';
import {
  archiveOldest,
  listArchives,
  oldestRecordAt,
  restoreArchive,
} from '../../store/audit-archive';
import { merchantsByDays } from '../../store/job-upkeep';
import { readSettings } from '../../store/settings';
import { type Refused, refused } from '../context';

const DAY_MS = 24 * 60 * 60_000;
const BATCH_MAX = 1_000;
/** Fewer than a batch wait so much longer: an archive of a few records saves nothing. */
const PATIENCE_DAYS = 7;

/**
 * Moves every merchant's records that are older than they chose into the archive, a batch a
 * transaction: ended at any moment, each record is in exactly one of the two.
 */
export async function archiveRecords(db: Database, now: Date, batch = BATCH_MAX): Promise<number> {
  let moved = 0;
  for (const [days, merchantIds] of await merchantsByDays(db, 'auditDays')) {
    if (days === 0) continue;
    const before = new Date(now.getTime() - days * DAY_MS);
    for (const merchantId of merchantIds) {
      moved += await archiveMerchant(db, merchantId, before, batch);
    }
  }
  return moved;
}

async function archiveMerchant(
  db: Database,
  merchantId: string,
  before: Date,
  batch: number,
): Promise<number> {
  const oldest = await oldestRecordAt(db, merchantId);
  const overdue = before.getTime() - PATIENCE_DAYS * DAY_MS;
  if (oldest === null || oldest.getTime() >= overdue) return 0;
  let moved = 0;
  for (;;) {
    const count = await db.transaction((tx) => archiveOldest(tx, merchantId, before, batch));
    moved += count;
    if (count < batch) return moved;
  }
}

/**
 * Puts archived records of a time back into the table, whole archives at once. Refused while the
 * merchant's choice would have them archived again within the hour.
 */
export async function restoreRecords(
  db: Database,
  now: Date,
  input: { readonly merchantId: string; readonly from: Date; readonly until: Date },
): Promise<{ readonly status: 'done'; readonly records: number } | Refused> {
  const { merchantId, from, until } = input;
  const settings: Pick<MerchantSettings, 'auditDays'> = await readSettings(db, merchantId);
  const kept = settings.auditDays * DAY_MS;
  if (settings.auditDays > 0 && from.getTime() < now.getTime() - kept) {
    return refused(
      'validation',
      `The merchant keeps records for ${String(settings.auditDays)} days, so they would be archived again. Choose more days, or 0 for ever, in Settings first.`,
    );
  }
  let records = 0;
  for (const id of await listArchives(db, merchantId, from, until)) {
    records += await db.transaction((tx) => restoreArchive(tx, merchantId, id));
  }
  return { status: 'done', records };
}
