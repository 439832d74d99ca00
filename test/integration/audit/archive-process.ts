/** Archives records in a process of its own, in small batches, so that it can be killed. */
import { archiveRecords } from '../../../app/operations/audit/archive-records';
import { createDatabase } from '../../../app/platform/database';

const [url = ''] = process.argv.slice(2);
const db = createDatabase(url, { max: 2 });
process.stdout.write('ready\n');
await archiveRecords(db, new Date(), 50);
await db.close();
