/**
 * Who may import whom, as drawn in docs/architecture.md. Every rule has been seen to report a
 * planted violation (test/unit/tidy.test.ts keeps doing so for all of them).
 */

const APP = '^app/';
const CONNECTORS = '^app/connectors/';
const BRIDGE = '^woocommerce-bridge/';
const WIRING = '^app/wiring\\.server\\.ts$';
const TYPE_ONLY = ['type-only'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'Rules take values and return decisions: no I/O, no packages, nothing else of ours.',
      severity: 'error',
      from: { path: '^app/domain/' },
      to: { pathNot: '^app/domain/' },
    },
    {
      name: 'contracts-know-only-domain-words',
      severity: 'error',
      from: { path: '^app/contracts/' },
      to: { pathNot: ['^app/contracts/', '^app/domain/'] },
    },
    {
      name: 'contracts-take-only-types-from-domain',
      severity: 'error',
      from: { path: '^app/contracts/' },
      to: { path: '^app/domain/', dependencyTypesNot: TYPE_ONLY },
    },
    {
      name: 'connectors-know-only-contracts',
      severity: 'error',
      from: { path: CONNECTORS },
      to: {
        path: APP,
        pathNot: [CONNECTORS, '^app/contracts/', '^app/domain/shared/', '^app/platform/'],
      },
    },
    {
      name: 'connectors-do-not-know-each-other',
      severity: 'error',
      from: { path: '^app/connectors/([^/]+/[^/]+)/' },
      to: { path: CONNECTORS, pathNot: '^app/connectors/$1/' },
    },
    {
      name: 'connectors-do-not-know-the-bridge',
      severity: 'error',
      from: { path: CONNECTORS },
      to: { path: BRIDGE },
    },
    {
      name: 'bridge-knows-only-contracts',
      severity: 'error',
      from: { path: BRIDGE },
      to: { path: APP, pathNot: ['^app/contracts/', '^app/domain/shared/'] },
    },
    {
      name: 'only-wiring-names-a-connector',
      severity: 'error',
      from: { path: APP, pathNot: [WIRING, CONNECTORS] },
      to: { path: [CONNECTORS, BRIDGE] },
    },
    {
      name: 'only-operations-write',
      severity: 'error',
      from: { path: APP, pathNot: ['^app/(operations|store|jobs|webhooks)/', WIRING] },
      to: { path: '^app/store/', dependencyTypesNot: TYPE_ONLY },
    },
    {
      name: 'delivery-writes-only-its-own-tables',
      comment:
        'Taking in events and carrying jobs has tables of its own, and signatures are checked with ' +
        'a secret of the connection; the rest is an operation.',
      severity: 'error',
      from: { path: '^app/(jobs|webhooks)/' },
      to: {
        path: '^app/store/',
        pathNot: '^app/store/(connections|inbox|jobs|job-[a-z-]+)\\.ts$',
        dependencyTypesNot: TYPE_ONLY,
      },
    },
    {
      name: 'only-store-and-queries-reach-the-database',
      severity: 'error',
      from: { path: APP, pathNot: ['^app/(store|queries|platform)/', WIRING] },
      to: {
        path: ['^generated/prisma', 'node_modules/(@prisma/|pg/)', '^app/platform/prisma\\.ts$'],
        dependencyTypesNot: TYPE_ONLY,
      },
    },
    {
      name: 'operations-know-no-delivery',
      severity: 'error',
      from: { path: '^app/operations/' },
      to: { path: '^app/(routes|ui|api|webhooks|jobs|queries)/' },
    },
    {
      name: 'store-knows-only-domain-and-platform',
      severity: 'error',
      from: { path: '^app/store/' },
      to: { path: APP, pathNot: ['^app/(store|domain|platform|contracts)/'] },
    },
    {
      name: 'store-takes-only-types-from-contracts',
      severity: 'error',
      from: { path: '^app/store/' },
      to: { path: '^app/contracts/', dependencyTypesNot: TYPE_ONLY },
    },
    {
      name: 'queries-only-read',
      severity: 'error',
      from: { path: '^app/queries/' },
      to: { path: '^app/(operations|store|routes|ui|api|webhooks|jobs)/' },
    },
    {
      name: 'platform-has-no-business',
      severity: 'error',
      from: { path: '^app/platform/' },
      to: { path: APP, pathNot: '^app/platform/' },
    },
    {
      name: 'ui-has-no-server',
      severity: 'error',
      from: { path: '^app/ui/' },
      to: {
        path: ['\\.server\\.tsx?$', '^app/(platform|store|operations|queries)/', BRIDGE],
        dependencyTypesNot: TYPE_ONLY,
      },
    },
    {
      name: 'sandbox-shares-no-code-with-the-product',
      severity: 'error',
      from: { path: '^test/sandbox/' },
      to: { path: [APP, BRIDGE, '^generated/'] },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: [APP, BRIDGE, '^extensions/'] },
      to: { path: '^test/' },
    },
    {
      name: 'extensions-stand-alone',
      severity: 'error',
      from: { path: '^extensions/' },
      to: { path: [APP, BRIDGE] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-folder-cycles-in-domain',
      severity: 'error',
      scope: 'folder',
      from: { path: '^app/domain/[^/]+' },
      to: { circular: true },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^generated/'] },
    // Medusa's modules are installed by the bench alone, in a folder of their own.
    exclude: { path: ['^build/', '^\\.data/', '^\\.cache/', '^test/bench/medusa/'] },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
