import type { KitComponent, KitRecipe } from '../domain/catalog/explode-kit';
import type { Queryable } from '../platform/database';

/** What these items are made of, by item; only those that are kits are in the answer. */
export async function findRecipes(
  q: Queryable,
  merchantId: string,
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, KitRecipe>> {
  const recipes = new Map<string, KitComponent[]>();
  if (itemIds.length === 0) return recipes;
  const { rows } = await q.query<KitComponent & { readonly kitId: string }>(
    `SELECT k.kit_id AS "kitId", k.quantity, c.id AS "itemId", c.sku, c.title
       FROM kit_component k JOIN item i ON i.id = k.kit_id AND i.kind = 'kit'
       JOIN item c ON c.id = k.component_id
      WHERE k.kit_id = ANY($2::uuid[]) AND k.merchant_id = $1 ORDER BY k.kit_id, c.sku`,
    [merchantId, itemIds],
    { name: 'find_recipes' },
  );
  for (const { kitId, ...component } of rows) {
    recipes.set(kitId, [...(recipes.get(kitId) ?? []), component]);
  }
  return recipes;
}
