import { createHash } from 'node:crypto';

import { GraphQLError, getDirectiveValues, type GraphQLResolveInfo } from 'graphql';

import { UserError } from '../fulfill-orders';
import type { ShopState } from '../state';

/** Mutations that refuse to run without a key since 2026-04 (their own descriptions say so). */
export const KEY_REQUIRED = new Set([
  'inventoryActivate',
  'inventoryAdjustQuantities',
  'inventoryMoveQuantities',
  'inventorySetQuantities',
  'inventorySetOnHandQuantities',
  'refundCreate',
]);

/**
 * Runs a mutation once per key: a repeat with the same arguments returns the first result, one
 * with other arguments is a user error. A call that ended in an exception leaves no trace.
 */
export function once<Result>(
  shop: ShopState,
  info: GraphQLResolveInfo,
  args: unknown,
  run: () => Result,
): Result {
  const key = readKey(info);
  if (key === null) {
    if (!KEY_REQUIRED.has(info.fieldName)) return run();
    throw new GraphQLError(
      `The @idempotent directive is required for the ${info.fieldName} mutation`,
      { extensions: { code: 'BAD_REQUEST' } },
    );
  }
  const fingerprint = createHash('sha256')
    .update(info.fieldName)
    .update(JSON.stringify(args))
    .digest('hex');
  const known = shop.idempotentCalls.get(key);
  if (known !== undefined) {
    if (known.fingerprint === fingerprint) return known.result as Result;
    throw new UserError(
      null,
      'The same idempotency key cannot be used with different operation parameters.',
      'IDEMPOTENCY_KEY_PARAMETER_MISMATCH',
    );
  }
  const result = run();
  shop.idempotentCalls.set(key, { fingerprint, result });
  return result;
}

function readKey(info: GraphQLResolveInfo): string | null {
  const directive = info.schema.getDirective('idempotent');
  const fieldNode = info.fieldNodes[0];
  if (directive === undefined || directive === null || fieldNode === undefined) return null;
  const values = getDirectiveValues(directive, fieldNode, info.variableValues);
  const key = values?.['key'];
  if (typeof key !== 'string') return null;
  if (key.trim() === '') {
    throw new GraphQLError('The idempotency key cannot be empty', {
      extensions: { code: 'BAD_REQUEST' },
    });
  }
  return key;
}
