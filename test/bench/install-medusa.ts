/** Medusa's modules are no dependency of ours: the bench installs them when it comes to them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const medusaFolder = path.join(import.meta.dirname, 'medusa');
const MEASURED = ['framework', 'inventory', 'locking', 'locking-postgres'];

/** Installs what its lockfile says, unless it is there. Answers why that cannot be, or null. */
export function installMedusa(): string | null {
  if (isInstalled()) return null;
  console.log('  Installing Medusa in test/bench/medusa (about a minute, 250 MB)…');
  const npm = process.env['npm_execpath'];
  const options = { cwd: medusaFolder, stdio: 'inherit' } as const;
  const { status } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, 'ci', '--loglevel=error'], options)
    : spawnSync('npm', ['ci', '--loglevel=error'], {
        ...options,
        shell: process.platform === 'win32',
      });
  return status === 0 && isInstalled() ? null : 'npm could not install its modules';
}

function isInstalled(): boolean {
  const installed = path.join(medusaFolder, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const there = versionsIn(installed);
  return versionsIn(path.join(medusaFolder, 'package-lock.json')).every(
    (version, index) => version === there[index],
  );
}

function versionsIn(lockfile: string): readonly (string | undefined)[] {
  const { packages } = JSON.parse(readFileSync(lockfile, 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return MEASURED.map((name) => packages[`node_modules/@medusajs/${name}`]?.version);
}
