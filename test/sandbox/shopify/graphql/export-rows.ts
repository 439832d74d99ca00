import {
  Kind,
  TypeInfo,
  execute,
  getNamedType,
  getOperationAST,
  parse,
  print,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';

import type { ShopState } from '../state';
import type { Context } from './context';

/** Rows executed at a time, so that the other requests get their turn. */
const CHUNK = 200;
const CONNECTIONS_MAX = 5;
const NESTING_MAX = 2;

type Json = Record<string, unknown>;

/** Why Shopify would not run this query in bulk, or null. */
export function bulkRefusal(schema: GraphQLSchema, query: string): string | null {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch {
    return 'Invalid bulk query: syntax error';
  }
  const [error] = validate(schema, document);
  if (error !== undefined) return `Invalid bulk query: ${error.message}`;
  if (rootField(document) === null) return 'Bulk queries must contain exactly one top-level field.';
  const depths: number[] = [];
  const typeInfo = new TypeInfo(schema);
  let depth = 0;
  const isConnection = (): boolean =>
    getNamedType(typeInfo.getType())?.name.endsWith('Connection') === true;
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field: {
        enter() {
          if (isConnection()) depths.push((depth += 1));
        },
        leave() {
          if (isConnection()) depth -= 1;
        },
      },
    }),
  );
  if (depths.length === 0) return 'Bulk queries must contain at least one connection.';
  if (depths.length > CONNECTIONS_MAX)
    return 'Bulk queries cannot contain more than 5 connections.';
  return Math.max(...depths) > NESTING_MAX
    ? 'Bulk queries cannot contain connections with a nesting depth greater than 2.'
    : null;
}

function rootField(document: DocumentNode): FieldNode | null {
  const selections = getOperationAST(document)?.selectionSet.selections ?? [];
  const [field] = selections;
  return selections.length === 1 && field?.kind === Kind.FIELD ? field : null;
}

/** What a root field of a bulk query lists: ids, in order, and the type of its rows. */
const ROOTS: Readonly<Record<string, readonly [type: string, ids: (shop: ShopState) => string[]]>> =
  {
    productVariants: ['ProductVariant', (shop) => [...shop.variants.keys()]],
    products: ['Product', (shop) => [...shop.products.keys()]],
    orders: ['Order', (shop) => [...shop.orders.keys()]],
  };

/** The rows of a bulk query as grouped JSON lines: an object, then those of its connections. */
export async function exportRows(
  schema: GraphQLSchema,
  context: Context,
  query: string,
): Promise<{ lines: string[]; roots: number }> {
  const field = rootField(parse(query));
  const root = ROOTS[field?.name.value ?? ''];
  if (field === null || root === undefined || (field.arguments ?? []).length > 0) {
    throw new Error(`simulator: bulk query not implemented: ${query}`);
  }
  const [type, idsOf] = root;
  const document = parse(rowsQuery(type, field));
  const ids = idsOf(context.shop);
  const lines: string[] = [];
  for (let start = 0; start < ids.length; start += CHUNK) {
    const result = await execute({
      schema,
      document,
      variableValues: { ids: ids.slice(start, start + CHUNK) },
      contextValue: context,
      fieldResolver: context.fieldResolver,
    });
    const [error] = result.errors ?? [];
    if (error !== undefined) throw error;
    for (const row of (result.data?.['nodes'] ?? []) as (Json | null)[]) {
      if (row !== null) flatten(row, null, lines);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { lines, roots: ids.length };
}

/** The selection of the root's nodes, for rows by their ids; every connection in full. */
function rowsQuery(type: string, field: FieldNode): string {
  const node = child(child(field, 'edges'), 'node');
  const whole = visit(node, {
    Field(inner) {
      const isConnection = inner.selectionSet?.selections.some(
        (one) => one.kind === Kind.FIELD && one.name.value === 'edges',
      );
      if (isConnection !== true) return undefined;
      const first = { kind: Kind.INT, value: '250' } as const;
      const argument = {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'first' },
        value: first,
      } as const;
      return { ...inner, arguments: [...(inner.arguments ?? []), argument] };
    },
  });
  const selection = whole.selectionSet === undefined ? '{ id }' : print(whole.selectionSet);
  return `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${type} ${selection} } }`;
}

function child(field: FieldNode, name: string): FieldNode {
  for (const one of field.selectionSet?.selections ?? []) {
    if (one.kind === Kind.FIELD && one.name.value === name) return one;
  }
  throw new Error(`simulator: a bulk query without ${name} is not implemented`);
}

function flatten(row: Json, parentId: string | null, lines: string[]): void {
  const below: Json[] = [];
  const own = strip(row, below) as Json;
  lines.push(JSON.stringify(parentId === null ? own : { ...own, __parentId: parentId }));
  for (const one of below) flatten(one, String(row['id']), lines);
}

/** The value without its connections, whose rows are collected. */
function strip(value: unknown, below: Json[]): unknown {
  if (Array.isArray(value)) return value.map((one) => strip(one, below));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      const { edges } = (one ?? {}) as { edges?: { node: Json }[] };
      if (!Array.isArray(edges)) return [[name, strip(one, below)]];
      below.push(...edges.map((edge) => edge.node));
      return [];
    }),
  );
}
