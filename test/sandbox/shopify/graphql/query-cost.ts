import {
  Kind,
  OperationTypeNode,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';

import type { ShopState } from '../state';

/** Above this a single query is refused (Shopify docs). */
export const QUERY_COST_MAX = 1_000;
const MUTATION_COST = 10;

/**
 * Points a document asks for. Shopify publishes no exact formula: an object is 1, a mutation 10,
 * and a connection grows with the square root of its page, which lands near the figures that
 * its documentation shows. An approximation, said so in rules-shopify.md.
 */
export function requestedCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );

  const costOf = (selections: SelectionSetNode | undefined, parent: GraphQLNamedType): number =>
    (selections?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + fieldCost(selection, parent);
      const spread =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      const name = spread?.typeCondition?.name.value;
      const type = name === undefined ? parent : (schema.getType(name) ?? parent);
      return sum + costOf(spread?.selectionSet, type);
    }, 0);

  const fieldCost = (field: FieldNode, parent: GraphQLNamedType): number => {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return 0;
    const definition = parent.getFields()[field.name.value];
    if (definition === undefined) return 0;
    const type = getNamedType(definition.type);
    if (!isCompositeType(type)) return 0;
    const children = costOf(field.selectionSet, type);
    if (type.name === 'PageInfo') return 0;
    if (type.name.endsWith('Connection')) {
      return 2 + Math.ceil(Math.sqrt(pageSize(field, variables)) * Math.max(1, children));
    }
    return 1 + children;
  };

  return document.definitions.reduce((sum, node) => {
    if (node.kind !== Kind.OPERATION_DEFINITION) return sum;
    const mutation = node.operation === OperationTypeNode.MUTATION;
    const root = mutation ? schema.getMutationType() : schema.getQueryType();
    if (root === null || root === undefined) return sum;
    return sum + (mutation ? MUTATION_COST : costOf(node.selectionSet, root));
  }, 0);
}

function pageSize(field: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  const argument = (field.arguments ?? []).find(
    (one) => one.name.value === 'first' || one.name.value === 'last',
  );
  if (argument?.value.kind === Kind.INT) return Number(argument.value.value);
  if (argument?.value.kind === Kind.VARIABLE) {
    return Number(variables[argument.value.name.value] ?? 50);
  }
  return 1;
}

/** Refills by the time gone by, then tells what is there. */
export function refill(shop: ShopState): number {
  const { bucket } = shop;
  const now = shop.clock.now().getTime();
  const gained = ((now - bucket.at) / 1000) * bucket.restorePerSecond;
  bucket.level = Math.min(bucket.max, bucket.level + Math.max(0, gained));
  bucket.at = now;
  return bucket.level;
}

export const throttleStatus = (shop: ShopState): Record<string, number> => ({
  maximumAvailable: shop.bucket.max,
  currentlyAvailable: Math.floor(shop.bucket.level),
  restoreRate: shop.bucket.restorePerSecond,
});
