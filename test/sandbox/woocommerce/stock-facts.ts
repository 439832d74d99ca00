import type { Product, StoreState } from './state';

/** What a product body shows under `manage_stock`. */
export function managedBy(state: StoreState, product: Product): true | false | 'parent' {
  if (product.managesStock) return true;
  const parent = state.products.get(product.parentId);
  return parent?.managesStock === true ? 'parent' : false;
}

/** Who holds the number of a product, or null when nobody keeps count. */
export function stockHolder(state: StoreState, product: Product): Product | null {
  const managed = managedBy(state, product);
  if (managed === true) return product;
  return managed === 'parent' ? (state.products.get(product.parentId) ?? null) : null;
}

export function stockStatus(state: StoreState, product: Product): string {
  const holder = stockHolder(state, product);
  if (holder === null) {
    if (product.type !== 'variable') return 'instock';
    const children = variationsOf(state, product.id);
    return children.some((child) => stockStatus(state, child) === 'instock')
      ? 'instock'
      : 'outofstock';
  }
  if ((holder.stockQuantity ?? 0) > 0) return 'instock';
  return holder.backorders === 'no' ? 'outofstock' : 'onbackorder';
}

export function variationsOf(state: StoreState, parentId: number): Product[] {
  return [...state.products.values()].filter((product) => product.parentId === parentId);
}
