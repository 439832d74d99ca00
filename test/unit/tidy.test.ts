/** Goal: the code base keeps to its own habits, where no tool has a rule for them. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const LINES_MAX = 400;
const COLUMNS_MAX = 100;
const root = path.join(import.meta.dirname, '..', '..');

type SourceFile = { readonly file: string; readonly lines: readonly string[] };

/** Written by hand, in the repository; generated and recorded files follow other people's rules. */
const sources: readonly SourceFile[] = [
  'app',
  'extensions',
  'prisma',
  'test',
  'woocommerce-bridge',
  '.',
].flatMap((folder) => listFiles(folder, folder !== '.'));

function listFiles(folder: string, recursive: boolean): SourceFile[] {
  let names: string[];
  try {
    names = readdirSync(path.join(root, folder), { recursive, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .filter((file) => /\.(ts|tsx|js|mjs|cjs)$/.test(file))
    .filter((file) => !/node_modules\/|\/generated\/|\.generated\.|\/recorded\//.test(file))
    .map((file) => ({ file, lines: readFileSync(path.join(root, file), 'utf8').split('\n') }));
}

/** `file:line text` of every line that matches, for files that are not exempt. */
function linesMatching(pattern: RegExp, exempt = /^$/): string[] {
  return sources
    .filter(({ file }) => !exempt.test(file))
    .flatMap(({ file, lines }) =>
      lines.flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${String(index + 1)} ${line.trim()}`] : [],
      ),
    );
}

test('there is something to look at', () => {
  expect(sources.length).toBeGreaterThan(20);
});

test(`no file has more than ${LINES_MAX} lines`, () => {
  const long = sources.filter(({ lines }) => lines.length > LINES_MAX + 1);
  expect(long.map(({ file }) => file)).toEqual([]);
});

test(`no comment has more than ${COLUMNS_MAX} columns`, () => {
  // Code is Prettier's business, which leaves texts and patterns alone.
  const longComment = new RegExp(`^(?= *(?:\\* |// |/\\*\\*)).{${String(COLUMNS_MAX + 1)},}`);
  expect(linesMatching(longComment)).toEqual([]);
});

test('files are named in kebab-case, and after what they hold', () => {
  const names = sources.map(({ file }) => file).filter((file) => !file.startsWith('app/routes/'));
  const odd = names.filter((file) => !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(base(file)));
  expect(odd.filter((file) => !base(file).startsWith('.'))).toEqual([]);
  expect(names.filter((file) => /(^|[/.-])(utils?|managers?|helpers?|misc)\b/.test(file))).toEqual(
    [],
  );
});

test('a parcel, an ASN or a fulfillment is called by its name', () => {
  // Connectors, the bridge and the sandbox speak the words of the system they stand for.
  const foreign = /^(app\/connectors|woocommerce-bridge|test\/sandbox|test\/unit\/tidy)/;
  expect(linesMatching(/\bshipments?\b/i, foreign)).toEqual([]);
});

test('nothing is left for later or switched off', () => {
  const self = /^test\/unit\/tidy\.test\.ts$/;
  expect(linesMatching(/\b(TODO|FIXME|XXX)\b/, self)).toEqual([]);
  expect(linesMatching(/eslint-disable|@ts-ignore|@ts-expect-error|@ts-nocheck/, self)).toEqual([]);
  expect(linesMatching(/\b(it|test|describe|suite)\.(only|skip|todo|fails)\b/, self)).toEqual([]);
});

test('package-lock.json names the optional packages of every platform', () => {
  const script = path.join(root, 'test', 'support', 'complete-lockfile.mjs');
  expect(spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' }).stderr).toBe('');
});

function base(file: string): string {
  return path.posix.basename(file);
}
