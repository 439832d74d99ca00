/**
 * Prisma's schema engine as WebAssembly: tells the SQL between a database (or nothing) and
 * schema.prisma. A development tool; the product never loads it.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';

const schemaPath = fileURLToPath(new URL('./schema.prisma', import.meta.url));

/** PostgreSQL's "char" and name, which the adapter does not know, and what to read them as. */
const CATALOG_TYPES = new Map([
  [18, 25],
  [19, 25],
  [1002, 1009],
  [1003, 1009],
]);
const CHAR_TYPE = 18;
/** What the engine answers when the two sides differ. */
const DIFFERENT = 2;

type DiffAnswer = { readonly exitCode: number; readonly stdout: string | null };
type Engine = { diff(request: unknown): Promise<DiffAnswer>; free?(): void };
type EngineModule = {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
  SchemaEngine: {
    new: (options: unknown, debug: () => void, adapter: unknown) => Promise<Engine>;
  };
};
type Field = { dataTypeID: number };
type Queryable = {
  performIO(query: unknown): Promise<{ fields: Field[] }>;
  queryRaw(query: unknown): Promise<{ columnTypes: number[] }>;
  startTransaction?(...args: unknown[]): Promise<Queryable>;
};

/**
 * The SQL that takes the database at `databaseUrl` (null: an empty one) to schema.prisma, or null
 * when there is no difference. The database must hold all committed migrations and nothing else.
 */
export async function sqlToSchema(
  databaseUrl: string | null,
  content = readFileSync(schemaPath, 'utf8'),
): Promise<string | null> {
  const files = { files: [{ path: schemaPath, content }] };
  const factory = readingCatalogTypes(
    new PrismaPg(databaseUrl ?? 'postgresql://localhost:5432/unused'),
  );
  const engine = await (
    await loadEngine()
  ).SchemaEngine.new(
    { datamodels: [[schemaPath, content]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  const answer = await engine.diff({
    from:
      databaseUrl === null
        ? { tag: 'empty' }
        : { tag: 'schemaDatasource', ...files, configDir: path.dirname(schemaPath) },
    to: { tag: 'schemaDatamodel', ...files },
    script: true,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  });
  return answer.exitCode === DIFFERENT ? (answer.stdout ?? '') : null;
}

let loading: Promise<EngineModule> | null = null;

/** Once per process: the glue code holds one instance of the engine in a module variable. */
function loadEngine(): Promise<EngineModule> {
  loading ??= instantiateEngine();
  return loading;
}

async function instantiateEngine(): Promise<EngineModule> {
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve('@prisma/schema-engine-wasm'));
  const glue = (await import(
    pathToFileURL(path.join(folder, 'schema_engine_bg.js')).href
  )) as EngineModule;
  const bytes = readFileSync(path.join(folder, 'schema_engine_bg.wasm'));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    './schema_engine_bg.js': glue as unknown as WebAssembly.ModuleImports,
  });
  glue.__wbg_set_wasm(exports);
  (exports['__wbindgen_start'] as () => void)();
  return glue;
}

/**
 * The engine reads PostgreSQL's catalog, whose column types adapter-pg refuses
 * (prisma/orm issue 27403): they are text, so they are presented as text.
 */
function readingCatalogTypes(factory: PrismaPg): SqlMigrationAwareDriverAdapterFactory {
  const connect = factory.connect.bind(factory);
  const connectToShadow = factory.connectToShadowDb.bind(factory);
  factory.connect = async () => presentAsText(await connect());
  factory.connectToShadowDb = async () => presentAsText(await connectToShadow());
  return factory;
}

function presentAsText<Adapter extends object>(adapter: Adapter): Adapter {
  const queryable = adapter as unknown as Queryable;
  const performIO = queryable.performIO.bind(queryable);
  const queryRaw = queryable.queryRaw.bind(queryable);
  let charColumns: readonly number[] = [];
  queryable.performIO = async (query) => {
    const answer = await performIO(query);
    const indexes: number[] = [];
    answer.fields.forEach((field, index) => {
      if (field.dataTypeID === CHAR_TYPE) indexes.push(index);
      field.dataTypeID = CATALOG_TYPES.get(field.dataTypeID) ?? field.dataTypeID;
    });
    charColumns = indexes;
    return answer;
  };
  queryable.queryRaw = async (query) => {
    const answer = await queryRaw(query);
    for (const index of charColumns) answer.columnTypes[index] = ColumnTypeEnum.Character;
    return answer;
  };
  const startTransaction = queryable.startTransaction?.bind(queryable);
  if (startTransaction !== undefined) {
    queryable.startTransaction = async (...args) => presentAsText(await startTransaction(...args));
  }
  return adapter;
}
