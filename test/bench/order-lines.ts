/** Orders of three lines, taken the whole way into the ledger. */
import type { ChannelOrder } from '../../app/contracts/channel-order';
import { createTakeOrder } from '../../app/operations/orders/take-orders';
import { newId } from '../../app/platform/ids';
import { believableAddress, createRandom } from '../sandbox/core';
import { type LedgerWorld, brokenPromises } from './ledger-database';
import { compare, perSecond } from './measure';
import type { RawBound } from './raw-bound';
import { type BenchReport, atLeast, rate, times } from './report';

export const CALLERS = 16;
export const LINES = 3;

export async function benchOrderLines(
  world: LedgerWorld,
  raw: RawBound,
  settings: { readonly rounds: number; readonly roundMs: number },
  report: BenchReport,
): Promise<void> {
  const { rounds, roundMs } = settings;
  const random = createRandom(3);
  const pick = () => world.items[random.zipf(world.items.length)] ?? { id: '', sku: '' };

  const takeOne = createIntake(world);
  const ours = () => perSecond(CALLERS, roundMs, takeOne);
  const bound = () =>
    perSecond(CALLERS, roundMs, async (caller) => {
      const locationId = world.locationIds[random.integer(0, 2)] ?? '';
      return (await raw.reserve(caller, pick().id, locationId)) ? 1 : 0;
    });
  await ours();
  const result = await compare(rounds, bound, ours);
  report.rows.push({
    what: 'Orders of 3 lines, 16 callers',
    ours: rate(result.ours, 'lines'),
    bound: rate(result.bound, 'units'),
    ratio: times(result.ratio),
    target: atLeast(result.ratio, 0.5),
    boundIs: 'the same raw statement over 1,000 items, 16 bare pg clients',
  });
  report.broken.push(...(await brokenPromises(world.db, world.merchantId, 'orders')));
  const { short } = await world.db.one<{ short: number }>(
    'SELECT COALESCE(sum(units_short), 0)::bigint AS short FROM customer_order',
  );
  if (short > 0) report.broken.push(`orders: ${String(short)} units short of plenty`);
}

/** Takes one new order each time it is called; answers the lines taken. */
export function createIntake(
  world: Pick<LedgerWorld, 'context' | 'merchantId' | 'connectionIds' | 'items'>,
): () => Promise<number> {
  const random = createRandom(3);
  const takeOrder = createTakeOrder(world.context);
  const pick = () => world.items[random.zipf(world.items.length)] ?? { sku: '' };
  return async () => {
    const order = believableOrder(random, pick);
    const taken = await takeOrder(world.merchantId, {
      connectionId: world.connectionIds[random.integer(0, 1)] ?? '',
      orderRef: order.ref,
      order,
      cause: { kind: 'bench', id: 'order-lines' },
      eventIds: [],
    });
    return taken.outcome === 'recorded' ? LINES : 0;
  };
}

export function believableOrder(
  random: ReturnType<typeof createRandom>,
  pick: () => { readonly sku: string },
): ChannelOrder {
  const now = new Date();
  const skus = new Set<string>();
  while (skus.size < LINES) skus.add(pick().sku);
  const address = believableAddress(random);
  const unitPrice = { minor: 2_900, currency: 'USD' };
  const ref = newId();
  return {
    ref,
    name: `#${ref.slice(-6)}`,
    version: now.toISOString(),
    stage: 'open',
    paymentStatus: 'paid',
    placedAt: now,
    updatedAt: now,
    cancelReason: null,
    total: { minor: LINES * unitPrice.minor, currency: 'USD' },
    email: 'buyer@example.com',
    shipTo: {
      name: `${address.firstName} ${address.lastName}`,
      company: null,
      address1: address.address1,
      address2: null,
      city: address.city,
      province: address.provinceCode,
      zip: address.zip,
      countryCode: address.countryCode,
      phone: null,
    },
    shippingMethod: 'Standard',
    note: null,
    tags: [],
    holds: [],
    risk: null,
    refunds: [],
    lines: [...skus].map((sku, index) => ({
      ref: `${ref}:${String(index)}`,
      listingRef: `listing:${sku}`,
      sku,
      title: `Item ${sku}`,
      quantity: 1,
      fulfilledQuantity: 0,
      requiresShipping: true,
      shipAfter: null,
      unitPrice,
    })),
  };
}
