import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from 'graphql';

/** The Admin API version the sandbox speaks. */
export const ADMIN_API_VERSION = '2026-07';

/** Shopify publishes the schema inside this package (ISC licence, © Shopify Inc.). */
const SOURCE_PACKAGE = '@shopify/dev-mcp@1.16.0';
const FILE_NAME = `admin_${ADMIN_API_VERSION}.json.gz`;
const FILE_SHA256 = '5bcde995c89c59acdb2ee494378d96f45ce7378a16ec829a74b71d696a08ef19';
const PROJECT_ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What a type or a field needs; any one of offlineScopes is enough, none listed means open. */
export type OfflineScope = {
  readonly type: 'type' | 'field';
  readonly typeName: string;
  readonly fieldName?: string;
  readonly requiredAccess: string;
  readonly offlineScopes: readonly string[];
};

export type AdminSchema = {
  readonly schema: GraphQLSchema;
  readonly offlineScopes: readonly OfflineScope[];
};

let loading: Promise<AdminSchema> | null = null;

/** The real published schema, loaded once per process (about half a second). */
export function loadAdminSchema(): Promise<AdminSchema> {
  loading ??= readSchema();
  return loading;
}

/**
 * Path of the introspection file: SHOPIFY_SCHEMA_FILE, else .cache/ in the project, else
 * fetched into .cache/ with `npm pack`. The content is checked by SHA-256 in every case.
 */
export async function schemaFilePath(): Promise<string> {
  const named = process.env['SHOPIFY_SCHEMA_FILE'];
  if (named !== undefined && named !== '') return checked(named);
  const cached = path.join(PROJECT_ROOT, '.cache', FILE_NAME);
  if (!existsSync(cached)) await fetchInto(cached);
  return checked(cached);
}

async function checked(file: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  if (hash !== FILE_SHA256) {
    throw new Error(`${file} is not the expected Admin schema: SHA-256 ${hash}`);
  }
  return file;
}

async function fetchInto(target: string): Promise<void> {
  const run = promisify(execFile);
  // A folder of its own, and a rename at the end: several test processes may start at once.
  const folder = path.join(path.dirname(target), `schema-${process.pid}`);
  await mkdir(folder, { recursive: true });
  try {
    await run('npm', ['pack', SOURCE_PACKAGE, '--silent', '--pack-destination', folder], {
      cwd: folder,
    });
    const member = `package/dist/data/${FILE_NAME}`;
    await run('tar', ['-xzf', path.join(folder, 'shopify-dev-mcp-1.16.0.tgz'), member], {
      cwd: folder,
    });
    await rename(path.join(folder, member), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readSchema(): Promise<AdminSchema> {
  const packed = await readFile(await schemaFilePath());
  const text = (await promisify(gunzip)(packed)).toString('utf8');
  const file = JSON.parse(text) as {
    data: IntrospectionQuery;
    offline_scopes: { items: OfflineScope[] };
  };
  return {
    schema: buildClientSchema(file.data, { assumeValid: true }),
    offlineScopes: file.offline_scopes.items,
  };
}
