/** Posts (or undoes) a count in a process of its own, so that it can be killed. */
import { carryOutPosting } from '../../../app/operations/stock/post-count';
import { carryOutUndoing } from '../../../app/operations/stock/undo-count';
import { createDatabase } from '../../../app/platform/database';
import { countContext } from './count-world';

const [url = '', work = '', merchantId = '', countId = ''] = process.argv.slice(2);
const db = createDatabase(url, { max: 2 });
const target = { merchantId, countId };
const carryOut = work === 'undo' ? carryOutUndoing : carryOutPosting;
process.stdout.write('ready\n');
await carryOut(countContext(db), target, new AbortController().signal);
await db.close();
