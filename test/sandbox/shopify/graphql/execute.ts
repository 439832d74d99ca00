import {
  GraphQLError,
  Kind,
  execute,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
} from 'graphql';

import { json, type SandboxReply } from '../../core';
import { loadAdminSchema, type AdminSchema } from '../schema';
import type { AccessToken, ShopState } from '../state';
import { effectiveScopes, scopeRules, type ScopeRules } from './access-scopes';
import { bulkMutations, bulkQueries, bulkResolvers } from './bulk-fields';
import type { Context, Fields } from './context';
import { inventoryMutations } from './mutate-inventory';
import { detailMutations } from './mutate-details';
import { orderMutations } from './mutate-orders';
import { workMutations } from './mutate-work';
import { QUERY_COST_MAX, refill, requestedCost, throttleStatus } from './query-cost';
import { catalogResolvers } from './resolve-catalog';
import { orderResolvers } from './resolve-orders';
import { queryFields } from './resolve-queries';
import { refundResolvers } from './resolve-refunds';

const RESOLVERS: Readonly<Record<string, Fields<never>>> = {
  QueryRoot: { ...queryFields, ...bulkQueries },
  Mutation: {
    ...bulkMutations,
    ...inventoryMutations,
    ...orderMutations,
    ...workMutations,
    ...detailMutations,
  },
  ...bulkResolvers,
  ...catalogResolvers,
  ...orderResolvers,
  ...refundResolvers,
};

type Resolver = (
  source: unknown,
  args: unknown,
  context: Context,
  info: GraphQLResolveInfo,
) => unknown;

export type GraphqlBody = {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | null;
};

type Prepared = { document: DocumentNode; errors: readonly GraphQLError[] };

export type GraphqlApi = {
  /** Root fields of the operation, for the journal: 'inventorySetQuantities'. */
  describe(body: GraphqlBody): string;
  answer(shop: ShopState, token: AccessToken, body: GraphqlBody): Promise<SandboxReply>;
  /** The answer of a shop whose points are used up. */
  throttled(shop: ShopState): SandboxReply;
};

/** Shopify refuses any input list longer than this. */
const INPUT_LIST_MAX = 250;

/** Documents are few and repeated; parsing and validating each once keeps the sandbox fast. */
const DOCUMENTS_MAX = 500;

export async function createGraphqlApi(): Promise<GraphqlApi> {
  const admin = await loadAdminSchema();
  const fieldResolver = createFieldResolver(scopeRules(admin.offlineScopes));
  const documents = new Map<string, Prepared>();

  const prepare = (query: string): Prepared => {
    const known = documents.get(query);
    if (known !== undefined) return known;
    if (documents.size >= DOCUMENTS_MAX) documents.clear();
    const prepared = parseAndValidate(admin, query);
    documents.set(query, prepared);
    return prepared;
  };

  return {
    describe(body) {
      const { document } = prepare(body.query);
      const operation = getOperationAST(document, body.operationName);
      const names = (operation?.selectionSet.selections ?? []).flatMap((selection) =>
        selection.kind === Kind.FIELD ? [selection.name.value] : [],
      );
      return names.join(',');
    },
    throttled: (shop) => throttledReply(shop, 1),
    async answer(shop, token, body) {
      const prepared = prepare(body.query);
      if (prepared.errors.length > 0) return reply(shop, { errors: prepared.errors }, null);
      if (longestList(body.variables) > INPUT_LIST_MAX) return tooLong(shop);
      const cost = requestedCost(admin.schema, prepared.document, body.variables);
      if (cost > QUERY_COST_MAX) return tooCostly(shop, cost);
      if (refill(shop) < cost) return throttledReply(shop, cost);
      const scopes = effectiveScopes(token.scopes);
      const context: Context = { shop, scopes, objects: 0, fieldResolver };
      const result = await execute({
        schema: admin.schema,
        document: prepared.document,
        variableValues: body.variables,
        operationName: body.operationName,
        contextValue: context,
        fieldResolver,
      });
      const actual = Math.min(cost, Math.max(cost === 10 ? 10 : 1, Math.ceil(context.objects / 4)));
      shop.bucket.level -= actual;
      return reply(shop, result, { requested: cost, actual });
    },
  };
}

function parseAndValidate(admin: AdminSchema, query: string): Prepared {
  try {
    const document = parse(query);
    return { document, errors: validate(admin.schema, document) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { document: { kind: Kind.DOCUMENT, definitions: [] }, errors: [error] };
  }
}

/**
 * One resolver for every field: access first, then the type's own resolver, then the source's
 * property. What is in neither was not written yet, and says so instead of answering null.
 */
function createFieldResolver(rules: ScopeRules): GraphQLFieldResolver<unknown, Context> {
  return (source, args, context, info) => {
    const parent = info.parentType.name;
    const returned = getNamedType(info.returnType);
    rules.check(context.scopes, parent, info.fieldName, returned.name);
    const resolver = RESOLVERS[parent]?.[info.fieldName] as Resolver | undefined;
    const value =
      resolver === undefined
        ? ownProperty(source, parent, info.fieldName)
        : resolver(source, args, context, info);
    if (isCompositeType(returned)) context.objects += Array.isArray(value) ? value.length : 1;
    if (isAbstractType(returned)) checkRuntimeType(rules, context, info.fieldName, value);
    return value instanceof Date ? value.toISOString().replace(/\.\d+Z$/, 'Z') : value;
  };
}

function ownProperty(source: unknown, parent: string, field: string): unknown {
  const value =
    typeof source === 'object' && source !== null
      ? (source as Record<string, unknown>)[field]
      : undefined;
  if (value === undefined) {
    const name = parent === 'QueryRoot' || parent === 'Mutation' ? field : `${parent}.${field}`;
    throw new GraphQLError(`simulator: ${name} not implemented`, {
      extensions: { code: 'SIMULATOR_NOT_IMPLEMENTED' },
    });
  }
  return value;
}

/** node(id) and nodes(ids) return an interface: access depends on what was found. */
function checkRuntimeType(
  rules: ScopeRules,
  context: Context,
  field: string,
  value: unknown,
): void {
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
    const typename = (one as { __typename?: string } | null)?.__typename;
    if (typename !== undefined) rules.check(context.scopes, '', field, typename);
  }
}

function reply(
  shop: ShopState,
  result: ExecutionResult,
  cost: { requested: number; actual: number | null } | null,
): SandboxReply {
  const extensions =
    cost === null
      ? {}
      : {
          extensions: {
            cost: {
              requestedQueryCost: cost.requested,
              actualQueryCost: cost.actual,
              throttleStatus: throttleStatus(shop),
            },
          },
        };
  return json(200, { ...result, ...extensions });
}

function throttledReply(shop: ShopState, cost: number): SandboxReply {
  refill(shop);
  const error = { message: 'Throttled', extensions: { code: 'THROTTLED' } };
  return json(200, {
    errors: [error],
    extensions: {
      cost: {
        requestedQueryCost: cost,
        actualQueryCost: null,
        throttleStatus: throttleStatus(shop),
      },
    },
  });
}

function longestList(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value).map(longestList);
  return Math.max(Array.isArray(value) ? value.length : 0, ...inside);
}

function tooLong(shop: ShopState): SandboxReply {
  const message = `The input array size is greater than the maximum allowed of ${INPUT_LIST_MAX}.`;
  const error = { message, extensions: { code: 'MAX_INPUT_SIZE_EXCEEDED' } };
  return reply(shop, { errors: [new GraphQLError(message, error)] }, null);
}

function tooCostly(shop: ShopState, cost: number): SandboxReply {
  const error = {
    message: `Query cost is ${cost}, which exceeds the single query max cost limit (${QUERY_COST_MAX}).`,
    extensions: { code: 'MAX_COST_EXCEEDED', cost, maxCost: QUERY_COST_MAX },
  };
  return json(200, { errors: [error] });
}
