/**
 * Goal: every import rule of .dependency-cruiser.cjs really reports what it forbids, and leaves the
 * allowed directions alone. Method: a small tree with one planted violation per rule.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

type Violation = { readonly from: string; readonly rule: { readonly name: string } };

const root = path.join(import.meta.dirname, '..', '..');
const configPath = path.join(root, '.dependency-cruiser.cjs');
const require = createRequire(import.meta.url);
const { forbidden } = require(configPath) as { forbidden: readonly { readonly name: string }[] };

/** Rule -> files that break it: the importer and its code. */
const PLANTED: Record<string, Record<string, string>> = {
  'domain-is-pure': {
    'app/domain/stock/a.ts': `import pg from 'pg'; export default pg;`,
    'app/domain/stock/b.ts': `import fs from 'node:fs'; export default fs;`,
    'app/domain/stock/c.ts': `import { x } from '#app/platform/x'; export const y = x;`,
    'app/domain/stock/d.ts': `export const y = import('../../platform/x');`,
  },
  'contracts-know-only-domain-words': {
    'app/contracts/a.ts': `import type { X } from '#app/store/x'; export type Y = X;`,
  },
  'contracts-take-only-types-from-domain': {
    'app/contracts/b.ts': `import { x } from '#app/domain/shared/x'; export const y = x;`,
  },
  'connectors-know-only-contracts': {
    'app/connectors/channels/one/a.ts': `import { x } from '#app/operations/x'; export const y = x;`,
    'app/connectors/channels/one/b.ts': `import type { X } from '#app/store/x'; export type Y = X;`,
  },
  'connectors-do-not-know-each-other': {
    'app/connectors/channels/one/c.ts': `import { x } from '../two/x'; export const y = x;`,
  },
  'connectors-do-not-know-the-bridge': {
    'app/connectors/channels/one/d.ts': `import { x } from '../../../../woocommerce-bridge/x'; export const y = x;`,
  },
  'bridge-knows-only-contracts': {
    'woocommerce-bridge/a.ts': `import { x } from '../app/platform/x'; export const y = x;`,
  },
  'only-wiring-names-a-connector': {
    'app/jobs/a.ts': `import { x } from '#app/connectors/channels/two/x'; export const y = x;`,
  },
  'only-operations-write': {
    'app/routes/a.ts': `import { x } from '#app/store/x'; export const y = x;`,
  },
  'only-store-and-queries-reach-the-database': {
    'app/operations/a.ts': `import pg from 'pg'; export default pg;`,
    'app/routes/b.ts': `import { x } from '../../generated/prisma/client'; export const y = x;`,
  },
  'operations-know-no-delivery': {
    'app/operations/b.ts': `import { x } from '#app/queries/x'; export const y = x;`,
  },
  'store-knows-only-domain-and-platform': {
    'app/store/a.ts': `import type { X } from '#app/operations/x'; export type Y = X;`,
  },
  'store-takes-only-types-from-contracts': {
    'app/store/b.ts': `import { x } from '#app/contracts/x'; export const y = x;`,
  },
  'delivery-writes-only-its-own-tables': {
    'app/jobs/f.ts': `import { x } from '#app/store/x'; export const y = x;`,
    'app/webhooks/a.ts': `import { x } from '#app/store/x'; export const y = x;`,
  },
  'queries-only-read': {
    'app/queries/a.ts': `import type { X } from '#app/store/x'; export type Y = X;`,
  },
  'platform-has-no-business': {
    'app/platform/a.ts': `import { x } from '#app/domain/shared/x'; export const y = x;`,
  },
  'ui-has-no-server': {
    'app/ui/a.tsx': `import { x } from '#app/wiring.server'; export const y = x;`,
  },
  'sandbox-shares-no-code-with-the-product': {
    'test/sandbox/a.ts': `import type { X } from '../../app/contracts/x'; export type Y = X;`,
  },
  'product-does-not-import-tests': {
    'app/jobs/b.ts': `import { x } from '../../test/support/x'; export const y = x;`,
  },
  'extensions-stand-alone': {
    'extensions/a.ts': `import { x } from '../app/contracts/x'; export const y = x;`,
  },
  'no-cycles': {
    'app/jobs/c.ts': `import { d } from './d'; export const c = () => d;`,
  },
  'no-folder-cycles-in-domain': {
    'app/domain/orders/a.ts': `import { x } from '../routing/a'; export const y = x;`,
  },
  'nothing-unresolved': {
    'app/jobs/e.ts': `import { x } from './absent'; export const y = x;`,
  },
};

const ALLOWED: Record<string, string> = {
  'app/wiring.server.ts': `
    import { x as one } from '#app/connectors/channels/two/x';
    import { x as two } from '#app/store/x';
    export const x = [one, two];`,
  'app/operations/good.ts': `import { x } from '#app/store/x'; export const y = x;`,
  'app/routes/good.ts': `
    import type { X } from '#app/store/x';
    import { x } from '#app/queries/x';
    import { y } from '#app/operations/good';
    export const z: X[] = [x, y];`,
  'app/jobs/good.ts': `
    import { x } from '#app/store/jobs';
    import { x as y } from '#app/store/job-claims';
    import { x as z } from '#app/store/inbox';
    export const all = [x, y, z];`,
  'app/contracts/good.ts': `import type { X } from '#app/domain/shared/x'; export type Y = X;`,
  'app/connectors/channels/one/good.ts': `
    import type { X } from '#app/contracts/x';
    import { x } from '#app/platform/x';
    export const y: X = x;`,
  'woocommerce-bridge/good.ts': `import type { X } from '../app/contracts/x'; export type Y = X;`,
};

/** The other half of each planted cycle, which is reported once. */
const BACK: Record<string, string> = {
  'app/jobs/d.ts': `import { c } from './c'; export const d = () => c;`,
  'app/domain/routing/b.ts': `import { x } from '../orders/x'; export const y = x;`,
};

/** Something to import, in every folder the planted files name. */
const TARGETS = [
  'app/platform/x.ts',
  'app/store/x.ts',
  'app/store/jobs.ts',
  'app/store/job-claims.ts',
  'app/store/inbox.ts',
  'app/operations/x.ts',
  'app/queries/x.ts',
  'app/contracts/x.ts',
  'app/domain/shared/x.ts',
  'app/domain/orders/x.ts',
  'app/domain/routing/a.ts',
  'app/connectors/channels/two/x.ts',
  'woocommerce-bridge/x.ts',
  'generated/prisma/client.ts',
  'test/support/x.ts',
];

let tree: string;
let violations: readonly Violation[];

function plant(file: string, code: string): void {
  mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
  writeFileSync(path.join(tree, file), code);
}

beforeAll(() => {
  // Inside the repository, so that npm packages resolve.
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  tree = mkdtempSync(path.join(root, '.cache', 'planted-'));
  copyFileSync(path.join(root, 'tsconfig.json'), path.join(tree, 'tsconfig.json'));
  for (const file of TARGETS) plant(file, 'export const x = 1; export type X = number;');
  for (const [file, code] of Object.entries({ ...ALLOWED, ...BACK })) plant(file, code);
  for (const files of Object.values(PLANTED)) {
    for (const [file, code] of Object.entries(files)) plant(file, code);
  }
  const cli = path.join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const folders = ['app', 'extensions', 'test', 'woocommerce-bridge'];
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [cli, '--config', configPath, '--output-type', 'json', ...folders],
    { cwd: tree, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  expect(stderr).toBe('');
  const { summary } = JSON.parse(stdout) as { summary: { violations: readonly Violation[] } };
  violations = summary.violations;
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

test.each(forbidden.map(({ name }) => name))('%s reports its planted violations', (name) => {
  const planted = Object.keys(PLANTED[name] ?? {});
  expect(planted, 'every rule has a planted violation').not.toHaveLength(0);
  const reported = violations.filter(({ rule }) => rule.name === name).map(({ from }) => from);
  if (name === 'no-folder-cycles-in-domain') expect(reported).toContain('app/domain/orders');
  else expect(reported).toEqual(expect.arrayContaining(planted));
});

test('allowed imports are not reported', () => {
  const allowed = Object.keys(ALLOWED);
  expect(violations.filter(({ from }) => allowed.includes(from))).toEqual([]);
});
