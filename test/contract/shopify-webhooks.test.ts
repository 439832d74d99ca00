/**
 * Goal: every webhook the sandbox sends, for what its merchant and buyers do, is verified and
 * points at the right thing. Method: a plain HTTP server takes them as the app would.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ChannelConnector, ChannelSignal, RawRequest } from '#app/contracts/channel';
import type { SandboxShop, ShopifySandbox } from '../sandbox/shopify';
import {
  API_SECRET,
  connectShopify,
  readAppToml,
  SHOP,
  startShopifySandbox,
  valueOf,
} from './shopify-setup';

const received: RawRequest[] = [];
let sandbox: ShopifySandbox;
let shop: SandboxShop;
let channel: ChannelConnector;

beforeAll(async () => {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const headers = incoming.headers as Record<string, string>;
      received.push({ method: 'POST', headers, body: Buffer.concat(chunks) });
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => server.close());
  const { webhooks } = await readAppToml();
  sandbox = await startShopifySandbox({
    appUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    appWebhooks: webhooks.subscriptions.map(({ topics, compliance_topics, uri }) => ({
      topics: topics ?? compliance_topics ?? [],
      uri,
    })),
  });
  shop = sandbox.createShop({ domain: SHOP, locations: [{ name: 'North' }, { name: 'South' }] });
  channel = await connectShopify(shop);
});

/** The signals of what happens in `act`, in the order they came. */
async function signalsOf(act: () => void | Promise<void>): Promise<ChannelSignal[]> {
  received.length = 0;
  await act();
  await sandbox.webhooksSettled();
  return received.map((request) => valueOf(channel.readSignal(request, API_SECRET)));
}

const told = (signals: readonly ChannelSignal[]): string[] =>
  signals.map(({ topic }) => topic).sort();

describe('webhooks', () => {
  it('of a new product name it', async () => {
    const signals = await signalsOf(() => {
      shop.addProduct({ title: 'Buoy', variants: [{ sku: 'BUOY', stock: { North: 9 } }] });
    });
    const [product] = [...shop.state.products.values()];
    expect(signals.map(({ topic, concerns }) => [topic, concerns])).toEqual([
      ['products/create', { kind: 'product', productRef: product?.id }],
    ]);
  });

  it('of an order name the order and the stock it took, and share one event', async () => {
    let orderRef = '';
    const signals = await signalsOf(() => {
      orderRef = shop.placeOrder({ lines: [{ sku: 'BUOY', quantity: 2 }] }).id;
    });
    expect(told(signals)).toEqual([
      'fulfillment_orders/order_routing_complete',
      'inventory_levels/update',
      'orders/create',
    ]);
    expect(signals.find(({ concerns }) => concerns.kind === 'work')?.concerns).toEqual({
      kind: 'work',
      workRef: shop.fulfillmentOrders(orderRef)[0]?.id,
      change: 'assigned',
      locationRef: '',
    });
    expect(signals.find(({ topic }) => topic === 'orders/create')?.concerns).toEqual({
      kind: 'order',
      orderRef,
    });
    const stock = signals.find(({ topic }) => topic === 'inventory_levels/update')?.concerns;
    const [level] = [...shop.state.levels.values()];
    expect(stock).toEqual({
      kind: 'stock',
      stockRef: level?.itemId,
      locationRef: level?.locationId,
      claimed: 7,
      saidAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/) as string,
    });
    expect(new Set(signals.map(({ eventRef }) => eventRef)).size).toBe(1);
    expect(new Set(signals.map(({ dedupeKey }) => dedupeKey)).size).toBe(3);
  });

  it('of our own publication come back with the number we sent', async () => {
    const [level] = [...shop.state.levels.values()];
    const signals = await signalsOf(async () => {
      const [outcome] = await channel.publishStock(
        [
          {
            listingRef: '',
            stockRef: level?.itemId ?? '',
            locationRef: level?.locationId ?? '',
            quantity: 5,
            expected: 7,
          },
        ],
        'echo',
      );
      expect(outcome?.status).toBe('done');
    });
    expect(signals.map(({ concerns }) => concerns)).toMatchObject([{ kind: 'stock', claimed: 5 }]);
  });

  it('of a fulfillment and of a cancellation name the order', async () => {
    const first = shop.placeOrder({ lines: [{ sku: 'BUOY', quantity: 1 }] });
    const second = shop.placeOrder({ lines: [{ sku: 'BUOY', quantity: 1 }] });
    await sandbox.webhooksSettled();
    const shipped = await signalsOf(() => {
      for (const { id } of shop.fulfillmentOrders(first.id)) shop.fulfillInAdmin(id, 'T');
    });
    expect(told(shipped)).toEqual(['fulfillments/create', 'orders/updated']);
    for (const { concerns } of shipped) {
      expect(concerns).toEqual({ kind: 'order', orderRef: first.id });
    }
    const cancelled = await signalsOf(() => {
      shop.cancelOrder(second.id);
    });
    expect(told(cancelled)).toEqual([
      'fulfillment_orders/cancelled',
      'inventory_levels/update',
      'orders/cancelled',
      'orders/updated',
    ]);
  });

  it('delivered twice have one key', async () => {
    sandbox.faults.set(SHOP, 'duplicateWebhooks', { probability: 1 });
    const signals = await signalsOf(() => {
      shop.setAvailable('BUOY', 'North', 50);
    });
    sandbox.faults.clear(SHOP);
    expect(signals.length).toBeGreaterThan(1);
    const [delivery] = sandbox.deliveries().slice(-1);
    const before = received.length;
    sandbox.resendWebhook(delivery?.sequence ?? 0);
    await sandbox.webhooksSettled();
    const again = received.slice(before).map((one) => valueOf(channel.readSignal(one, API_SECRET)));
    expect(signals.map(({ dedupeKey }) => dedupeKey)).toContain(again[0]?.dedupeKey);
  });

  it('of the account are told apart, also after the app was removed', async () => {
    const signals = await signalsOf(async () => {
      shop.changeScopes(['read_orders']);
      shop.uninstall();
      await sandbox.webhooksSettled();
      shop.redact('shop');
    });
    const changes = signals.map(({ topic, concerns }) => [
      topic,
      concerns.kind === 'account' ? concerns.change : concerns.kind,
    ]);
    expect(changes).toEqual([
      ['app/scopes_update', 'scopes'],
      ['app/uninstalled', 'uninstalled'],
      ['shop/redact', 'redact'],
    ]);
  });
});
