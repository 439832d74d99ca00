// `npm test`, `npm run demo`, `npm run check` and `npm run bench` start here, so that each works on
// a fresh clone where nothing has been installed yet. Uses Node alone until step 1 is done.
//
//   1. installs the packages of package-lock.json when they are absent or out of date
//   2. generates the Prisma client when schema.prisma changed
//   3. builds the app when its sources changed (not for check)
//   4. runs the command
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.chdir(root);
const NODE_MIN = [20, 19];
const BUILD_INPUTS = [
  'app',
  'woocommerce-bridge',
  'public',
  'prisma/schema.prisma',
  'vite.config.ts',
  'package-lock.json',
];
const SOURCES = ['app', 'extensions', 'prisma', 'test', 'woocommerce-bridge'].filter(existsSync);
/** Commands that are a program of ours, run with the built app. */
const SCRIPTS = {
  demo: 'test/demo/start.ts',
  bench: 'test/bench/run.ts',
  simulate: 'test/simulation/seeded/main.ts',
  storm: 'test/simulation/storm-run.ts',
  soak: 'test/soak/run.ts',
};
const CHECKS = [
  [
    'prettier',
    ['--check', '--log-level', 'warn', '--cache', '--cache-location', '.cache/prettier', '.'],
  ],
  ['eslint', ['--cache', '--cache-location', '.cache/eslint', '.']],
  ['tsc', ['-p', '.']],
  ['depcruise', ['--config', '.dependency-cruiser.cjs', ...SOURCES]],
  ['knip', []],
];

const [command, ...args] = process.argv.slice(2);
requireNode();
installPackages();
runOrExit('the Prisma client', process.execPath, ['prisma/generate.mjs']);

switch (command) {
  case 'test':
    buildApp();
    await runToTheEnd([bin('vitest'), 'run', ...args]);
    break;
  case 'build':
    buildApp();
    break;
  case 'check':
    check();
    break;
  default:
    await runScript(SCRIPTS[command]);
}

async function runScript(script) {
  if (script === undefined) {
    const known = ['test', 'build', 'check', ...Object.keys(SCRIPTS)].join('|');
    console.error(`Usage: node test/support/bootstrap.mjs ${known} [arguments]`);
    process.exit(2);
  }
  buildApp();
  await runToTheEnd(['--import', 'tsx', script, ...args]);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  console.error(`Crossdock needs Node ${NODE_MIN.join('.')} or newer; this is ${process.version}.`);
  process.exit(1);
}

function installPackages() {
  const state = packagesState();
  if (state === 'current') return;
  console.log('Installing the npm packages (about a minute)…');
  // `ci` deletes node_modules first, which is only wanted where there is none.
  const installed = state === 'absent' ? npm('ci') : npm('install', '--no-save');
  if (!installed) fail('npm could not install the packages.');
}

function npm(...npmArgs) {
  const options = [...npmArgs, '--no-audit', '--no-fund', '--loglevel=error'];
  // The npm that runs us, where there is one: it need not be on the PATH.
  const outer = process.env.npm_execpath;
  const { status } = outer?.endsWith('.js')
    ? spawnSync(process.execPath, [outer, ...options], { stdio: 'inherit' })
    : spawnSync('npm', options, { stdio: 'inherit', shell: process.platform === 'win32' });
  return status === 0;
}

/** npm keeps what it installed in node_modules/.package-lock.json. */
function packagesState() {
  const installedPath = 'node_modules/.package-lock.json';
  if (!existsSync(installedPath)) return 'absent';
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages;
  const current = Object.entries(wanted).every(
    ([name, { version, link, optional, peer }]) =>
      !name.includes('node_modules/') ||
      link ||
      optional ||
      peer ||
      installed[name]?.version === version,
  );
  return current ? 'current' : 'outdated';
}

function buildApp() {
  if (!existsSync('app/root.tsx')) return;
  const stampPath = 'build/.source-hash';
  const wanted = hashOf(BUILD_INPUTS);
  const built = existsSync('build/server/index.js') && existsSync(stampPath);
  if (built && readFileSync(stampPath, 'utf8') === wanted) return;
  console.log('Building the app (about 15 seconds)…');
  runOrExit('the build', process.execPath, [bin('remix'), 'vite:build'], {
    NODE_ENV: 'production',
  });
  mkdirSync('build', { recursive: true });
  writeFileSync(stampPath, wanted);
}

function hashOf(inputs) {
  const hash = createHash('sha256');
  const visit = (entry) => {
    if (!existsSync(entry)) return;
    if (!statSync(entry).isDirectory()) {
      hash.update(entry).update(readFileSync(entry));
      return;
    }
    for (const name of readdirSync(entry).sort()) {
      if (name !== 'node_modules') visit(path.posix.join(entry, name));
    }
  };
  inputs.forEach(visit);
  return hash.digest('hex');
}

function check() {
  const failed = CHECKS.filter(([tool, options]) => {
    const started = Date.now();
    const { status } = spawnSync(process.execPath, [bin(tool), ...options], { stdio: 'inherit' });
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${tool} (${seconds} s)`);
    return status !== 0;
  }).map(([tool]) => tool);
  if (failed.length > 0) fail(`Failed: ${failed.join(', ')}.`);
}

/** The script behind a package's command, so that no shell is needed. */
function bin(name) {
  const owner = { depcruise: 'dependency-cruiser', remix: '@remix-run/dev', tsc: 'typescript' };
  const folder = path.join('node_modules', owner[name] ?? name);
  const { bin: bins } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bins === 'string' ? bins : bins[name]);
}

function runOrExit(what, program, programArgs, env = {}) {
  const result = spawnSync(program, programArgs, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (result.status !== 0) fail(`${what} failed.`);
}

/** Passes signals on and ends the way the command ended. */
async function runToTheEnd(nodeArgs) {
  const child = spawn(process.execPath, nodeArgs, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the command as well: only wait. Others signal just this process.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  const [code, signal] = await new Promise((resolve) => {
    child.once('exit', (...outcome) => resolve(outcome));
  });
  process.exit(code ?? (signal === 'SIGINT' ? 130 : 1));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
