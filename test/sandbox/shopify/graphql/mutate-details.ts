import { UserError } from '../fulfill-orders';
import { notify } from '../notify';
import { newUuid } from '../state';
import type { Order, ShopState } from '../state';
import { answering } from './answering';
import type { Context, Fields } from './context';
import { findNode } from './resolve-queries';

const TAG_LENGTH_MAX = 40;
const TAGS_MAX = 250;

/** Only orders are tagged here. */
function taggedOrder(context: Context, id: string, mutation: string): Order {
  const order = context.shop.orders.get(id);
  if (order !== undefined) return order;
  if (findNode(context, id) !== null) {
    throw new Error(`simulator: ${mutation} on ${id} not implemented`);
  }
  throw new UserError(['id'], 'Resource does not exist');
}

function refuseTags(tags: readonly string[]): void {
  if (tags.some((tag) => tag.length > TAG_LENGTH_MAX)) {
    throw new UserError(['tags'], `Tags can be at most ${TAG_LENGTH_MAX} characters long.`);
  }
}

/** Tags differ by more than the case of their letters. */
function sameTag(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function changeOrder(shop: ShopState, order: Order, change: Partial<Order>): Order {
  Object.assign(order, change, { updatedAt: shop.clock.now() });
  notify.order(shop, 'updated', order, newUuid(shop));
  return order;
}

export const detailMutations: Fields<unknown> = {
  tagsAdd: (_root, args: { id: string; tags: string[] }, context) =>
    answering({ node: null }, () => {
      const order = taggedOrder(context, args.id, 'tagsAdd');
      refuseTags(args.tags);
      const added = args.tags.filter((tag) => !order.tags.some((one) => sameTag(one, tag)));
      if (order.tags.length + added.length > TAGS_MAX) {
        throw new UserError(['tags'], `At most ${TAGS_MAX} tags.`);
      }
      return { node: changeOrder(context.shop, order, { tags: [...order.tags, ...added] }) };
    }),

  tagsRemove: (_root, args: { id: string; tags: string[] }, context) =>
    answering({ node: null }, () => {
      const order = taggedOrder(context, args.id, 'tagsRemove');
      const tags = order.tags.filter((one) => !args.tags.some((tag) => sameTag(one, tag)));
      return { node: changeOrder(context.shop, order, { tags }) };
    }),

  orderUpdate: (
    _root,
    args: { input: { id: string; note?: string | null; tags?: string[] | null } },
    { shop },
  ) =>
    answering({ order: null }, () => {
      const { id, ...change } = args.input;
      const unknown = Object.keys(change).filter((name) => name !== 'note' && name !== 'tags');
      if (unknown.length > 0) {
        throw new Error(`simulator: orderUpdate of ${unknown.join(', ')} not implemented`);
      }
      const order = shop.orders.get(id);
      if (order === undefined) throw new UserError(['id'], 'Order does not exist');
      refuseTags(change.tags ?? []);
      return {
        order: changeOrder(shop, order, {
          note: change.note === undefined || change.note === '' ? null : change.note,
          tags: change.tags ?? order.tags,
        }),
      };
    }),

  productVariantsBulkUpdate: (
    _root,
    args: {
      productId: string;
      variants: { id?: string | null; inventoryPolicy?: 'DENY' | 'CONTINUE' | null }[];
      allowPartialUpdates?: boolean | null;
    },
    { shop },
  ) => updateVariants(shop, args),
};

function updateVariants(
  shop: ShopState,
  args: {
    productId: string;
    variants: { id?: string | null; inventoryPolicy?: 'DENY' | 'CONTINUE' | null }[];
    allowPartialUpdates?: boolean | null;
  },
): Record<string, unknown> {
  const product = shop.products.get(args.productId);
  const none = { product: null, productVariants: null };
  if (product === undefined) {
    const error = {
      field: ['productId'],
      message: 'Product does not exist',
      code: 'PRODUCT_DOES_NOT_EXIST',
    };
    return { ...none, userErrors: [error] };
  }
  const errors = args.variants.flatMap(({ id }, index) =>
    typeof id === 'string' && product.variantIds.includes(id)
      ? []
      : [
          {
            field: ['variants', String(index), 'id'],
            message: 'Product variant does not exist',
            code: 'PRODUCT_VARIANT_DOES_NOT_EXIST',
          },
        ],
  );
  if (errors.length > 0 && args.allowPartialUpdates !== true)
    return { ...none, userErrors: errors };
  const updated = args.variants.flatMap(({ id, inventoryPolicy, ...rest }) => {
    const others = Object.keys(rest);
    if (others.length > 0) {
      throw new Error(
        `simulator: productVariantsBulkUpdate of ${others.join(', ')} not implemented`,
      );
    }
    const variant = product.variantIds.includes(id ?? '') ? shop.variants.get(id ?? '') : undefined;
    if (variant === undefined) return [];
    variant.inventoryPolicy = inventoryPolicy ?? variant.inventoryPolicy;
    variant.updatedAt = shop.clock.now();
    return [variant];
  });
  if (updated.length > 0) {
    product.updatedAt = shop.clock.now();
    notify.product(shop, 'update', product);
  }
  return { product, productVariants: updated, userErrors: errors };
}
