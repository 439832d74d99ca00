import type { ShopifyGlobal } from '@shopify/app-bridge-types';

/** The admin around us, once its script has run; absent while rendering on the server. */
function admin(): Partial<ShopifyGlobal> | null {
  return (globalThis as { shopify?: Partial<ShopifyGlobal> }).shopify ?? null;
}

/**
 * A short note at the bottom of the admin that something worked. Failures never vanish: use a
 * Banner.
 */
export function showToast(message: string): void {
  admin()?.toast?.show(message);
}

/** The admin's own progress bar. */
export function showProgress(busy: boolean): void {
  admin()?.loading?.(busy);
}
