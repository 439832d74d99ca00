/** The admin gives every extension a global `shopify`; its type depends on the target. */
import type { Api } from '@shopify/ui-extensions/admin.order-details.block.render';

declare module './src/order-block.tsx' {
  const shopify: Api;
}
