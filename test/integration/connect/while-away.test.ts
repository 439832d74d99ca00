/**
 * Goal: what happens while a store is not connected is not lost.
 * Method: a parcel leaves while the WooCommerce store is disconnected, and the store comes back.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectWooCommerce } from '../../../app/operations/connections/connect-woocommerce';
import { disconnectConnection } from '../../../app/operations/connections/disconnect';
import { shipFulfillmentOrder } from '../../../app/operations/fulfillment/ship-fulfillment-order';
import { newId } from '../../../app/platform/ids';
import { ADDRESS } from '../../support/buyer';
import { type MerchantWorld, STAFF, createMerchantWorld } from '../../support/merchant-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ SOAP: { West: 10 } });
});

afterAll(() => world.close());

function trackingNumbers(): string[] {
  return [...world.woo.state.orders.values()].flatMap((order) =>
    order.fulfillments.map(({ meta }) =>
      String(meta.find(({ key }) => key === '_tracking_number')?.value),
    ),
  );
}

it('tells the store of a parcel that left while it was away, once it is back', async () => {
  world.woo.placeOrder({ lines: [{ sku: 'SOAP', quantity: 1 }], address: ADDRESS });
  await world.settle();
  const connection = { merchantId: world.merchantId, connectionId: world.wooId, actor: STAFF };
  expect(await disconnectConnection(world.wiring.ctx, connection)).toEqual({ status: 'done' });
  const { id } = await world.db.one<{ id: string }>(`SELECT id FROM fulfillment_order`);
  const shipped = await shipFulfillmentOrder(world.wiring.ctx, {
    merchantId: world.merchantId,
    fulfillmentOrderId: id,
    lines: null,
    tracking: { company: 'UPS', number: '1Z-AWAY', url: null },
    notifyCustomer: false,
    actor: STAFF,
    idempotencyKey: newId(),
  });
  expect(shipped).toMatchObject({ status: 'done' });
  await world.settle();
  expect(trackingNumbers()).toEqual([]);
  const { consumerKey, consumerSecret, url } = world.woo;
  const back = { storeUrl: url, consumerKey, consumerSecret, actor: STAFF };
  const answer = await connectWooCommerce(world.wiring.ctx, {
    merchantId: world.merchantId,
    ...back,
  });
  expect(answer).toMatchObject({ status: 'done' });
  await world.settle();
  expect(trackingNumbers()).toEqual(['1Z-AWAY']);
  expect(
    await world.db.one(`SELECT report_state AS state, report_detail AS detail FROM fulfillment`),
  ).toEqual({ state: 'acknowledged', detail: null });
});
