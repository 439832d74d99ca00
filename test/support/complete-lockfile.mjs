// `npm run lock:complete`, after every change of dependencies: adds to package-lock.json the
// optional packages for other platforms that npm left out.
//
// npm leaves out an optional package its registry cannot supply at the moment, and then refuses
// `npm ci` everywhere because the lockfile is incomplete. Version, system and processor are known
// from the package that asks for it, and that is all npm needs to pass it over, or to fetch it
// where it fits.
import { readFileSync, writeFileSync } from 'node:fs';

const lockPath = new URL('../../package-lock.json', import.meta.url);
const SYSTEMS =
  /\b(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32|windows)\b/;
const PROCESSORS = /\b(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)\b/;
const LIBRARIES = { gnu: 'glibc', musl: 'musl' };

const text = readFileSync(lockPath, 'utf8');
const lock = JSON.parse(text);
const added = [];

for (const [owner, { optionalDependencies = {}, dev, devOptional }] of Object.entries(
  lock.packages,
)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isLocked(owner, name)) continue;
    const system = SYSTEMS.exec(name)?.[0];
    const processor = PROCESSORS.exec(name)?.[0];
    if (system === undefined || processor === undefined || !/^\d/.test(version)) {
      console.error(`Not understood: ${name}@${version}, wanted by ${owner}.`);
      process.exitCode = 1;
      continue;
    }
    const library = LIBRARIES[/-(gnu|musl)$/.exec(name)?.[1]];
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu: [processor],
      ...(dev || devOptional ? { dev: true } : {}),
      ...(library === undefined || system !== 'linux' ? {} : { libc: [library] }),
      optional: true,
      os: [system === 'windows' ? 'win32' : system],
    };
    added.push(name);
  }
}

lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([left], [right]) => left.localeCompare(right, 'en')),
);
if (process.argv.includes('--check')) {
  if (added.length > 0) {
    console.error(`Missing from package-lock.json (npm run lock:complete): ${added.join(', ')}`);
    process.exitCode = 1;
  }
} else {
  if (added.length > 0) writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${added.length} optional packages added to package-lock.json.`);
}

/** Looks where Node would: beside the owner's own packages, then in every folder above. */
function isLocked(owner, name) {
  for (let folder = owner; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (place in lock.packages) return true;
    if (folder === '') return false;
    if (!folder.includes('/node_modules/')) folder = '/node_modules/';
  }
}
