/**
 * `npm run keys -- status | reseal`: for an operator, with the environment of the application.
 * `status` says which keys have sealed what is kept; `reseal` seals all of it with the current
 * key. Exit code 1 when something needs an earlier key still, 2 when it cannot do what was asked.
 * See docs/operations.md.
 */
import { countSealed, resealSecrets } from './operations/keys/reseal-secrets';
import { getConfig } from './platform/config';
import { createDatabase } from './platform/database';
import { createSecretBox } from './platform/secrets';

const command = process.argv[2] ?? '';
if (!['status', 'reseal'].includes(command) || process.argv.length > 3) {
  fail('Usage: npm run keys -- status | reseal');
}

const config = getConfig();
const db = createDatabase(config.databaseUrl, { max: 2, applicationName: 'crossdock-keys' });
const secrets = createSecretBox(config.encryptionKey, config.encryptionKeysOld);
if (command === 'reseal') await reseal();
const left = await report();
await db.close();
process.exit(left > 0 ? 1 : 0);

async function reseal(): Promise<void> {
  for (const { place, resealed, unreadable } of await resealSecrets(db, secrets)) {
    say(`${place}: ${String(resealed)} sealed anew`);
    for (const id of unreadable) say(`  ${id} cannot be opened with any key that is listed`);
  }
}

/** Answers how many secrets another key than the current one has sealed. */
async function report(): Promise<number> {
  const { currentKeyId } = secrets;
  const counts = await countSealed(db);
  for (const { place, keyId, count } of counts) {
    const which = keyId === currentKeyId ? 'the current key' : 'another key';
    say(`${place}: ${String(count)} under ${keyId}, ${which}`);
  }
  const others = counts
    .filter(({ keyId }) => keyId !== currentKeyId)
    .reduce((sum, { count }) => sum + count, 0);
  say(
    others === 0
      ? `Everything is sealed with the current key, ${currentKeyId}; no earlier one is needed.`
      : `${String(others)} secrets need another key than the current one, ${currentKeyId}.`,
  );
  return others;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}
