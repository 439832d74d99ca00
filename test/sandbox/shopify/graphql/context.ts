import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';

import type { ShopState } from '../state';

/** What every resolver gets: the shop that was asked and what the token may do. */
export type Context = {
  readonly shop: ShopState;
  readonly scopes: ReadonlySet<string>;
  /** Objects resolved so far, for the actual cost. */
  objects: number;
  /** The one resolver of every field; a bulk operation executes its query with it, too. */
  readonly fieldResolver: GraphQLFieldResolver<unknown, Context>;
};

/**
 * Resolvers of one type. Each names the arguments it reads; a field without a resolver is read
 * from the source object, and one that is in neither throws "simulator: … not implemented".
 */
export type Fields<Source> = Record<
  string,
  (source: Source, args: never, context: Context, info: GraphQLResolveInfo) => unknown
>;
