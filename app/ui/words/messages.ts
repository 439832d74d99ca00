/** What a channel's message says, in words; its topic is the channel's own name for it. */

/** The first that fits the topic speaks: "orders/create" and "order.created" are the same news. */
const NEWS: readonly (readonly [RegExp, string])[] = [
  [/^orders?[/.](?:create|restored)/, 'New order'],
  [/^orders?[/.]cancel/, 'Order cancelled in the store'],
  [/^orders?[/.]delete/, 'Order deleted in the store'],
  [/^orders?[/.]/, 'Order changed in the store'],
  [/^fulfillments?[/.]/, 'Order shipped in the store'],
  [/^fulfillment_orders/, 'Shipping work changed in the store'],
  [/^refunds?[/.]/, 'Order refunded in the store'],
  [/^inventory_levels\/connect/, 'Item stocked at a location in the store'],
  [/^inventory_levels\/disconnect/, 'Item no longer stocked at a location in the store'],
  [/^inventory_levels/, 'Stock changed in the store'],
  [/^products?[/.]create/, 'New product in the store'],
  [/^products?[/.]delete/, 'Product deleted in the store'],
  [/^products?[/.]/, 'Product or stock changed'],
  [/^app\/uninstalled/, 'App removed from the store'],
  [/^app\/scopes/, 'Permissions of the app changed'],
  [/^(?:customers|shop)\//, 'Request about customer data'],
];

const KINDS: Readonly<Record<string, string>> = {
  order: 'Order changed in the store',
  stock: 'Stock changed in the store',
  listing: 'Product or stock changed',
  account: 'News about the store itself',
};

/** A message by its topic, or by what it is about when the topic is new to us. */
export function messageWords(topic: string, kind: string): string {
  return NEWS.find(([pattern]) => pattern.test(topic))?.[1] ?? KINDS[kind] ?? 'Message';
}
