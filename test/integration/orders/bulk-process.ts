/** Carries out an action on many orders in a process of its own; its first argument says which. */
import { runBulkAction } from '../../../app/operations/orders/run-bulk-action';
import { systemClock } from '../../../app/platform/clock';
import { createDatabase } from '../../../app/platform/database';
import { silentLog } from '../../../app/platform/log';

export type BulkProcessSettings = {
  readonly databaseUrl: string;
  readonly merchantId: string;
  readonly actionId: string;
};

const notHere = () => {
  throw new Error('This process talks to no channel.');
};

const { databaseUrl, ...action } = JSON.parse(process.argv[2] ?? '') as BulkProcessSettings;
const db = createDatabase(databaseUrl, { max: 2 });
const context = {
  db,
  clock: systemClock,
  log: silentLog,
  afterCommit: () => undefined,
  channelFor: notHere,
  stores: {
    checkUrl: notHere,
    callbackUrl: notHere,
    look: notHere,
    grantUrl: notHere,
    readGrant: notHere,
  },
  secrets: { seal: notHere, open: notHere },
};
await runBulkAction(context, { ...action, signal: new AbortController().signal });
await db.close();
