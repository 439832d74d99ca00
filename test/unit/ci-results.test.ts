/** Goal: a test that failed is named and counted once, and one that fails twice is not forgiven. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'crossdock-ci-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

type Status = 'passed' | 'failed' | 'skipped';

/** As vitest writes it; `broken` files could not be loaded or set up. */
function report(
  name: string,
  files: Readonly<Record<string, Readonly<Record<string, Status>> | 'broken'>>,
): void {
  const testResults = Object.entries(files).map(([file, tests]) => ({
    name: path.join(root, file),
    status: tests === 'broken' || Object.values(tests).includes('failed') ? 'failed' : 'passed',
    assertionResults: Object.entries(tests === 'broken' ? {} : tests).map(([title, status]) => ({
      ancestorTitles: ['group'],
      title,
      status,
    })),
  }));
  writeFileSync(path.join(folder, `${name}.json`), JSON.stringify({ testResults }));
}

function said(...args: readonly string[]): readonly string[] {
  const text = execFileSync(process.execPath, ['.ci/results.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return text.split('\n').slice(0, -1);
}

const good = { 'test/good.test.ts': { one: 'passed', two: 'skipped' } } as const;

describe('the results of CI', () => {
  it('are the sum of both runs when nothing fails', () => {
    report('first', good);
    report('second', good);
    expect(said('failed', path.join(folder, 'first.json'))).toEqual([]);
    expect(said('told', folder)).toEqual([]);
    expect(said('sum', folder)).toEqual(['2 passed, 0 failed, 2 skipped']);
  });

  it('name a test that passed when run again, and count it as passed, once', () => {
    const bad = { a: 'passed', b: 'failed' } as const;
    report('first', { ...good, 'test/bad.test.ts': bad, 'test/set-up.test.ts': 'broken' });
    expect(said('failed', path.join(folder, 'first.json'))).toEqual([
      'test/bad.test.ts',
      'test/set-up.test.ts',
    ]);
    report('first-again', {
      'test/bad.test.ts': { a: 'passed', b: 'passed' },
      'test/set-up.test.ts': { c: 'passed' },
    });
    report('second', good);
    expect(said('told', folder)).toEqual([
      'FLAKY: test/bad.test.ts > group > b failed once and passed when run again',
      'FLAKY: test/set-up.test.ts > the file as a whole failed once and passed when run again',
    ]);
    expect(said('sum', folder)).toEqual(['5 passed, 0 failed, 2 skipped']);
  });

  it('forgive nothing that fails twice, nor what was not run again', () => {
    const bad = { a: 'failed', b: 'failed' } as const;
    report('first', { ...good, 'test/bad.test.ts': bad, 'test/set-up.test.ts': 'broken' });
    report('first-again', {
      'test/bad.test.ts': { a: 'passed', b: 'failed' },
      'test/set-up.test.ts': 'broken',
    });
    report('second', { 'test/bad.test.ts': bad });
    expect(said('told', folder)).toEqual([
      'FLAKY: test/bad.test.ts > group > a failed once and passed when run again',
      'FAILED: test/bad.test.ts > group > b',
      'FAILED: test/set-up.test.ts > the file as a whole',
      'FAILED: test/bad.test.ts > group > a',
      'FAILED: test/bad.test.ts > group > b',
    ]);
    expect(said('sum', folder)).toEqual(['2 passed, 4 failed, 1 skipped']);
  });

  it('count a run that left no report as failed', () => {
    report('second', good);
    expect(said('sum', folder)).toEqual(['1 passed, 1 failed, 1 skipped']);
  });
});
