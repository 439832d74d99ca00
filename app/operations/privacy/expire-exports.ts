import type { NewJob } from '../../store/jobs';
import { deleteOldExports } from '../../store/privacy';
import type { OperationContext } from '../context';

/** Time enough to pass on what was collected; https://gdpr-info.eu/art-12-gdpr/ gives a month. */
const KEPT_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

/** Deletes what was collected about buyers a month ago. Answers how many such files. */
export function expireExports(context: OperationContext): Promise<number> {
  const now = context.clock.now().getTime();
  return deleteOldExports(context.db, new Date(now - KEPT_DAYS * DAY_MS));
}

export function expireExportsJob(): NewJob {
  const kind = 'expire-privacy-exports';
  return { kind, merchantId: null, payload: {}, serialKey: kind, dedupeKey: kind };
}
