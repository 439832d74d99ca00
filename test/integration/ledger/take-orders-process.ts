/** Takes orders as fast as it can, in a process of its own; its first argument says which. */
import { type OrderReading, createTakeOrder } from '../../../app/operations/orders/take-orders';
import { createDatabase } from '../../../app/platform/database';
import { lonelyContext } from '../../support/lonely-context';

export type TakeOrdersSettings = {
  readonly databaseUrl: string;
  readonly merchantId: string;
  readonly connectionId: string;
  /** Names this process; its orders' references begin with it. */
  readonly name: string;
  /** One-line orders of one unit each. */
  readonly orders: number;
  readonly sku: string;
};

const settings = JSON.parse(process.argv[2] ?? '') as TakeOrdersSettings;
const db = createDatabase(settings.databaseUrl, { max: 4 });
const takeOrder = createTakeOrder(lonelyContext(db));

/** All processes begin together, when the test says so. */
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  void (async () => {
    const readings = Array.from({ length: settings.orders }, (_, index) => reading(index));
    // Every order is told of twice, as channels do.
    await Promise.all([...readings, ...readings].map((one) => takeOrder(settings.merchantId, one)));
    await db.close();
    process.exit(0);
  })();
});

function reading(index: number): OrderReading {
  const ref = `${settings.name}-${String(index)}`;
  const at = new Date();
  const nothing = { minor: 0, currency: 'USD' };
  return {
    connectionId: settings.connectionId,
    orderRef: ref,
    cause: { kind: 'test', id: ref },
    eventIds: [],
    order: {
      ref,
      name: `#${ref}`,
      version: at.toISOString(),
      stage: 'open',
      paymentStatus: 'paid',
      placedAt: at,
      updatedAt: at,
      cancelReason: null,
      total: nothing,
      email: null,
      shipTo: null,
      shippingMethod: null,
      note: null,
      tags: [],
      holds: [],
      risk: null,
      refunds: [],
      lines: [
        {
          ref: `${ref}-1`,
          listingRef: null,
          sku: settings.sku,
          title: settings.sku,
          quantity: 1,
          fulfilledQuantity: 0,
          requiresShipping: true,
          shipAfter: null,
          unitPrice: nothing,
        },
      ],
    },
  };
}
