/** Acquires the server of the folder in the first argument, says its address, and stays. */
import { acquirePostgres } from './embedded-postgres';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Name a folder.');
const server = await acquirePostgres({ folder });
process.stdout.write(`${server.url}\n`);
setInterval(() => undefined, 60_000);
