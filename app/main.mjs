/**
 * Starts a process of the built application: `node app/main.mjs [web|worker|all]`. Without a word
 * it is what ROLE says, or all in one.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROLES = ['web', 'worker', 'all'];
const serverBuild = new URL('../build/server/index.js', import.meta.url);
const clientFolder = fileURLToPath(new URL('../build/client', import.meta.url));

// Before anything is loaded: React decides by it which of its two builds it is.
process.env['NODE_ENV'] ??= 'production';

const role = process.argv[2] ?? process.env['ROLE'] ?? 'all';
if (!ROLES.includes(role)) fail(`Unknown role "${role}". Say one of: ${ROLES.join(', ')}.`);
if (!existsSync(serverBuild)) fail('There is no build yet. Run: npm run build');

try {
  const build = await import(serverBuild.href);
  await build.entry.module.startRole(role, { build, clientFolder });
} catch (problem) {
  // A configuration that is not usable explains itself; anything else needs its stack.
  fail(problem?.name === 'ConfigInvalid' ? problem.message : problem);
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
