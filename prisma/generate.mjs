// Generates the Prisma client into generated/prisma, and does nothing when it is up to date.
//
// The Prisma CLI insists on a native schema engine and would download one, although `generate`
// only uses WebAssembly. PRISMA_SCHEMA_ENGINE_BINARY naming any executable that exists is enough
// to make it work offline, so it gets the running node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const schemaPath = path.join(root, 'prisma', 'schema.prisma');
const outputFolder = path.join(root, 'generated', 'prisma');
const stampPath = path.join(outputFolder, '.schema-hash');

if (!existsSync(schemaPath)) {
  console.error('prisma/schema.prisma does not exist, so there is no client to generate.');
  process.exit(1);
}

const cliPackagePath = require.resolve('prisma/package.json');
const cliPackage = JSON.parse(readFileSync(cliPackagePath, 'utf8'));
const wanted = createHash('sha256')
  .update(cliPackage.version)
  .update(readFileSync(schemaPath))
  .digest('hex');
const current = existsSync(stampPath) ? readFileSync(stampPath, 'utf8') : '';
if (current === wanted && !process.argv.includes('--force')) process.exit(0);

const cli = path.join(path.dirname(cliPackagePath), cliPackage.bin.prisma);
const result = spawnSync(process.execPath, [cli, 'generate'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'pipe'],
  encoding: 'utf8',
  env: {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    ...process.env,
  },
});
if (result.status !== 0) {
  process.stderr.write(result.stdout + result.stderr);
  process.exit(result.status ?? 1);
}
mkdirSync(outputFolder, { recursive: true });
writeFileSync(stampPath, wanted);
console.log('Prisma client generated in generated/prisma.');
