/** The access the operations of this folder need; shopify.app.toml asks for the same. */
export const neededScopes: readonly string[] = [
  'read_products',
  'write_products',
  'read_locations',
  'read_inventory',
  'write_inventory',
  'read_orders',
  'write_orders',
  'read_merchant_managed_fulfillment_orders',
  'write_merchant_managed_fulfillment_orders',
  'read_third_party_fulfillment_orders',
  'write_third_party_fulfillment_orders',
];

/** Which of them a shop has not granted. Who may write may read, too. */
export function missingScopes(granted: readonly string[]): readonly string[] {
  const has = new Set(granted);
  return neededScopes.filter(
    (scope) => !has.has(scope) && !has.has(scope.replace(/^read_/, 'write_')),
  );
}
