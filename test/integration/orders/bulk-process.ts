/** Carries out an action on many orders in a process of its own; its first argument says which. */
import { runBulkAction } from '../../../app/operations/orders/run-bulk-action';
import { createDatabase } from '../../../app/platform/database';
import { lonelyContext } from '../../support/lonely-context';

export type BulkProcessSettings = {
  readonly databaseUrl: string;
  readonly merchantId: string;
  readonly actionId: string;
};

const { databaseUrl, ...action } = JSON.parse(process.argv[2] ?? '') as BulkProcessSettings;
const db = createDatabase(databaseUrl, { max: 2 });
await runBulkAction(lonelyContext(db), { ...action, signal: new AbortController().signal });
await db.close();
