/**
 * Goal: no reading of orders asks for more than Shopify allows at once (1000 points), even if every
 * entry of every list counts in full. Method: requests that reached the sandbox while an order with
 * everything was read, moved, held and told, priced without any rebate.
 */
import {
  getNamedType,
  type GraphQLNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { expect, it } from 'vitest';

import { type AdminSchema, loadAdminSchema } from '../sandbox/shopify/schema';
import { connectShopify, SHOP, startShopifySandbox, valueOf } from './shopify-setup';

type Variables = Readonly<Record<string, unknown>>;

/** Points of a query where an object is 1, a connection 2, and lists are as long as asked for. */
function fullPrice({ schema }: AdminSchema, text: string, variables: Variables): number {
  const { definitions } = parse(text);
  const fragments = new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
  const sizeOf = (value: ValueNode | undefined): number => {
    if (value === undefined) return 1;
    if (value.kind === Kind.INT) return Number(value.value);
    const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : 1;
    return Array.isArray(given) ? given.length : Number(given);
  };
  const price = (
    selections: SelectionSetNode | undefined,
    parent: GraphQLNamedType | undefined,
  ): number =>
    (selections?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind !== Kind.FIELD) {
        const part =
          selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        if (part === undefined) return sum;
        const name = part.typeCondition?.name.value;
        return sum + price(part.selectionSet, name === undefined ? parent : schema.getType(name));
      }
      if (!isObjectType(parent) && !isInterfaceType(parent)) return sum;
      const type = getNamedType(parent.getFields()[selection.name.value]?.type);
      if (type === undefined || !isCompositeType(type) || type.name === 'PageInfo') return sum;
      const inside = price(selection.selectionSet, type);
      const size = sizeOf(
        selection.arguments?.find(({ name }) => ['first', 'ids'].includes(name.value))?.value,
      );
      const isConnection = type.name.endsWith('Connection');
      return sum + (isConnection ? 2 + size * inside : size * (1 + inside));
    }, 0);
  return definitions.reduce((sum, node) => {
    if (node.kind !== Kind.OPERATION_DEFINITION || node.operation !== OperationTypeNode.QUERY)
      return sum;
    return sum + price(node.selectionSet, schema.getQueryType() ?? undefined);
  }, 0);
}

it('everything about orders is asked for in queries Shopify takes', async () => {
  const admin = await loadAdminSchema();
  const sandbox = await startShopifySandbox();
  const shop = sandbox.createShop({
    domain: SHOP,
    locations: [{ name: 'North' }, { name: 'South' }],
  });
  shop.addProduct({
    title: 'Lamp',
    variants: Array.from({ length: 60 }, (_, index) => ({
      sku: `LAMP-${String(index)}`,
      stock: { North: 90, South: 90 },
    })),
  });
  const channel = await connectShopify(shop, [], 5_000);
  const skus = Array.from({ length: 60 }, (_, index) => `LAMP-${String(index)}`);
  const order = shop.placeOrder({ lines: skus.map((sku) => ({ sku, quantity: 3 })) });
  const lineRef = order.lines[0]?.id ?? '';
  const [work] = shop.fulfillmentOrders(order.id);
  for (let part = 0; part < 2; part += 1) shop.splitInAdmin(work?.id ?? '', 'LAMP-0', 1);
  const lines = [{ sku: 'LAMP-1', quantity: 1 }];
  for (let time = 0; time < 2; time += 1) shop.refundInAdmin(order.id, { lines, restock: true });
  valueOf(await channel.holdOrder(order.id, { reason: 'merchant', note: null }, 'h'));
  valueOf(await channel.listOrdersChangedSince(new Date(0), null));
  const { holds } = valueOf(await channel.getOrder(order.id)) ?? { holds: [] };
  const refs = holds.map(({ ref }) => ref);
  valueOf(await channel.releaseHolds(order.id, refs, 'r'));
  const south = [...shop.state.locations.values()].find(({ name }) => name === 'South')?.id ?? '';
  const wanted = [{ lineRef, quantity: 1, locationRef: south }];
  valueOf(await channel.moveWork(order.id, wanted, 'm'));
  const parcel = {
    orderRef: order.id,
    lines: [{ lineRef, quantity: 1 }],
    locationRef: south,
    trackingCompany: null,
    trackingNumber: 'T-1',
    trackingUrl: null,
    notifyCustomer: false,
    shippedAt: new Date(),
    otherRefs: [],
  };
  valueOf(await channel.reportFulfillment(parcel, 'p'));
  valueOf(await channel.reportFulfillment(parcel, 'p'));
  const change = { note: 'N', addTags: ['t'], removeTags: [] };
  valueOf(await channel.annotateOrder(order.id, change, 'a'));
  const prices = sandbox.journal.entries({ path: '/admin/api' }).map(({ body }) => {
    const { query, variables } = JSON.parse(body) as { query: string; variables: Variables };
    const name = /query (\w+)/.exec(query)?.[1] ?? 'a mutation';
    return { name, points: fullPrice(admin, query, variables) };
  });
  const asked = new Set(prices.map(({ name }) => name));
  for (const name of ['OrdersPage', 'OrderById', 'FulfillmentOrdersOfOrder', 'LinesOfRefunds']) {
    expect(asked).toContain(name);
  }
  expect(prices.filter(({ points }) => points > 1_000)).toEqual([]);
});
