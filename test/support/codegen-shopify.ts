/**
 * Writes the types and texts of Shopify's operations from the .graphql documents and Shopify's
 * published schema. `npm run codegen` writes the file; with --print it goes to standard output.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { codegen } from '@graphql-codegen/core';
import * as operationsPlugin from '@graphql-codegen/typescript-operations';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  printSchema,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import { format, resolveConfig } from 'prettier';

import { loadAdminSchema } from '../sandbox/shopify/schema';

const OPERATIONS_FOLDER = fileURLToPath(
  new URL('../../app/connectors/channels/shopify/operations/', import.meta.url),
);
export const GENERATED_FILE = path.join(OPERATIONS_FOLDER, 'admin.generated.ts');

/** How the types of Shopify's scalars arrive in JSON. */
const SCALARS = {
  ID: 'string',
  DateTime: 'string',
  Decimal: 'string',
  Money: 'string',
  URL: 'string',
  UnsignedInt64: 'string',
};

const HEADING = `/**
 * Generated from the .graphql documents in this folder and Shopify's published Admin schema.
 * Do not edit: change a document and run \`npm run codegen\`.
 */
import type { Operation } from '../client';
`;

export type OperationText = {
  readonly name: string;
  readonly kind: string;
  readonly document: DocumentNode;
  /** The operation with every fragment it uses, as it is sent. */
  readonly text: string;
};

/** All documents of the folder as one. */
export async function readOperations(): Promise<DocumentNode> {
  const files = (await readdir(OPERATIONS_FOLDER)).filter((name) => name.endsWith('.graphql'));
  const texts = await Promise.all(
    files.sort().map((name) => readFile(path.join(OPERATIONS_FOLDER, name), 'utf8')),
  );
  return parse(texts.join('\n'), { noLocation: true });
}

/** Each operation on its own, in document order. */
export function splitOperations(all: DocumentNode): readonly OperationText[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of all.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    } else if (definition.kind === Kind.OPERATION_DEFINITION) {
      operations.push(definition);
    }
  }
  return operations.map((operation) => {
    const used = new Set<FragmentDefinitionNode>();
    collectFragments(operation, fragments, used);
    const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...used] };
    const name = operation.name?.value;
    if (name === undefined) throw new Error('An operation has no name.');
    const text = stripIgnoredCharacters(print(document));
    return { name, kind: operation.operation, document, text };
  });
}

/** The content the generated file should have. */
async function generateShopifyTypes(): Promise<string> {
  const { schema } = await loadAdminSchema();
  const document = await readOperations();
  const config = {
    onlyOperationTypes: true,
    enumsAsTypes: true,
    disableDescriptions: true,
    skipTypename: true,
    avoidOptionals: false,
    immutableTypes: true,
    defaultScalarType: 'unknown',
    strictScalars: false,
    scalars: SCALARS,
  };
  const types = await codegen({
    filename: GENERATED_FILE,
    schema: parse(printSchema(schema)),
    schemaAst: schema,
    documents: [{ location: 'operations', document }],
    config,
    plugins: [{ operations: {} }],
    pluginMap: { operations: operationsPlugin },
  });
  const constants = splitOperations(document).map(({ name, kind, text }) => {
    const type = `${name}${kind === 'mutation' ? 'Mutation' : 'Query'}`;
    return [
      `export const ${name}: Operation<${type}, ${type}Variables> = {`,
      `  name: ${JSON.stringify(name)},`,
      `  text: ${JSON.stringify(text)},`,
      '};',
    ].join('\n');
  });
  const text = [HEADING, trimTypes(types), ...constants].join('\n\n');
  const style = await resolveConfig(GENERATED_FILE);
  return format(text, { ...style, filepath: GENERATED_FILE });
}

/**
 * Codes of countries and currencies are text to us, and Shopify adds to them at any time; the
 * helper type of incremental delivery is not used by any operation.
 */
function trimTypes(types: string): string {
  return types
    .replace(/export type (CountryCode|CurrencyCode) =[^;]*;/g, 'export type $1 = string;')
    .replace(/\/\*\* Internal type\. DO NOT USE DIRECTLY\. \*\/\n/g, '')
    .replace(/export type Incremental<T> = .*\n/, '')
    .trim();
}

function collectFragments(
  from: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  used: Set<FragmentDefinitionNode>,
): void {
  visit(from, {
    FragmentSpread(spread) {
      const fragment = fragments.get(spread.name.value);
      if (fragment === undefined) throw new Error(`No fragment ${spread.name.value}.`);
      if (used.has(fragment)) return;
      used.add(fragment);
      collectFragments(fragment, fragments, used);
    },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await generateShopifyTypes();
  if (process.argv.includes('--print')) process.stdout.write(text);
  else await writeFile(GENERATED_FILE, text);
}
