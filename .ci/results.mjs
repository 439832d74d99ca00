// What vitest's JSON reports of a CI run say. Needs Node alone.
//
//   node .ci/results.mjs failed REPORT     files that failed, a line each
//   node .ci/results.mjs told FOLDER [RUN] a line for each test that failed, once or twice
//   node .ci/results.mjs sum FOLDER        "N passed, N failed, N skipped" of both runs
//
// FOLDER holds first.json and second.json, and first-again.json and second-again.json where files
// that had failed were run once more. What the second try says of a file takes the first's place.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const RUNS = ['first', 'second'];
const SUITE = 'the file as a whole';

const [command, where = '', run] = process.argv.slice(2);
switch (command) {
  case 'failed':
    print(
      readReport(where)
        .filter((file) => failuresOf(file).length > 0)
        .map(({ name }) => name),
    );
    break;
  case 'told':
    print((run === undefined ? RUNS : [run]).flatMap((name) => toldOf(where, name)));
    break;
  case 'sum':
    print([sumOf(where)]);
    break;
  default:
    console.error('Usage: node .ci/results.mjs failed REPORT | told FOLDER [RUN] | sum FOLDER');
    process.exit(2);
}

function print(lines) {
  if (lines.length > 0) console.log(lines.join('\n'));
}

/** Files of a report, named from the repository's root; none when the run ended without one. */
function readReport(file) {
  if (!existsSync(file)) return [];
  return JSON.parse(readFileSync(file, 'utf8')).testResults.map((one) => ({
    name: path.relative(process.cwd(), one.name),
    failed: one.status === 'failed',
    tests: one.assertionResults.map(({ ancestorTitles, title, status }) => ({
      name: [...ancestorTitles, title].join(' > '),
      status,
    })),
  }));
}

/** A file that cannot be loaded or set up has failed without any test of it having failed. */
function failuresOf({ failed, tests }) {
  const names = tests.filter(({ status }) => status === 'failed').map(({ name }) => name);
  return failed && names.length === 0 ? [SUITE] : names;
}

/** Files of a run with how they ended, and what failed in them at first. */
function filesOf(folder, run) {
  const again = new Map(
    readReport(path.join(folder, `${run}-again.json`)).map((file) => [file.name, file]),
  );
  return readReport(path.join(folder, `${run}.json`)).map((first) => {
    const failedAtFirst = failuresOf(first);
    const last = (failedAtFirst.length > 0 ? again.get(first.name) : undefined) ?? first;
    return { name: first.name, failedAtFirst, last };
  });
}

function toldOf(folder, run) {
  return filesOf(folder, run).flatMap(({ name, failedAtFirst, last }) => {
    const failed = failuresOf(last);
    const whole = failed.includes(SUITE);
    const flaky = whole ? [] : failedAtFirst.filter((test) => !failed.includes(test));
    return [
      ...flaky.map((test) => `FLAKY: ${name} > ${test} failed once and passed when run again`),
      ...failed.map((test) => `FAILED: ${name} > ${test}`),
    ];
  });
}

function sumOf(folder) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const run of RUNS) {
    const files = filesOf(folder, run);
    // A run that ended without a report did not pass.
    if (files.length === 0) total.failed += 1;
    for (const { last } of files) {
      const failed = failuresOf(last).length;
      const passed = last.tests.filter(({ status }) => status === 'passed').length;
      const failedTests = last.tests.filter(({ status }) => status === 'failed').length;
      total.passed += passed;
      total.failed += failed;
      total.skipped += last.tests.length - passed - failedTests;
    }
  }
  return `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`;
}
