import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setKit } from '../../../app/operations/catalog/set-kit';
import { newId } from '../../../app/platform/ids';
import {
  type MerchantWorld,
  STAFF,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({
    SOAP: { West: 11 },
    TOWEL: { West: 4, East: 9 },
    'GIFT-BOX': { West: 3 },
  });
});

afterAll(async () => {
  await world.close();
});

async function makeKit(
  kit: string,
  parts: Readonly<Record<string, number>>,
  writeOff = false,
): Promise<unknown> {
  return setKit(world.wiring.ctx, {
    merchantId: world.merchantId,
    itemId: await world.itemId(kit),
    parts: await Promise.all(
      Object.entries(parts).map(async ([sku, quantity]) => ({
        itemId: await world.itemId(sku),
        quantity,
      })),
    ),
    writeOff,
    actor: STAFF,
  });
}

describe('a kit', () => {
  it('does not come about while the item has units of its own, unless they are written off', async () => {
    expect(await makeKit('GIFT-BOX', { SOAP: 2, TOWEL: 1 })).toMatchObject({
      status: 'refused',
      message: 'It has 3 units of its own: they must be written off.',
    });
    expect(await makeKit('GIFT-BOX', { SOAP: 2, TOWEL: 1 }, true)).toEqual({ status: 'done' });
    await world.settle();
    expect(await world.level('GIFT-BOX')).toEqual({ available: 0, committed: 0 });
  });

  it('shows on every channel as many as its components make in one place', async () => {
    // West: 11 soaps make 5, 4 towels make 4. East: no soap.
    expect(world.wooStock('GIFT-BOX')).toBe(4);
    expect(world.shopStock('GIFT-BOX')).toBe(4);
  });

  it('shrinks when a component is sold', async () => {
    const soap = [...world.woo.state.products.values()].find(({ sku }) => sku === 'SOAP');
    world.woo.placeOrder({ lines: [{ productId: soap?.id ?? 0, quantity: 6 }] });
    await world.settle();
    expect(world.wooStock('GIFT-BOX')).toBe(2);
    expect(world.shopStock('GIFT-BOX')).toBe(2);
    expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  });

  it('cannot contain itself, another kit, the same thing twice, nothing, or a stranger’s item', async () => {
    expect(await makeKit('GIFT-BOX', { 'GIFT-BOX': 1 })).toMatchObject({ code: 'validation' });
    expect(await makeKit('TOWEL', { 'GIFT-BOX': 1 }, true)).toMatchObject({ code: 'conflict' });
    expect(await makeKit('SOAP', { TOWEL: 1 }, true)).toMatchObject({
      code: 'conflict',
      message: 'SOAP is a component of a kit, so it cannot be one.',
    });
    expect(await makeKit('GIFT-BOX', { SOAP: 0 })).toMatchObject({ code: 'validation' });
    expect(await makeKit('GIFT-BOX', { SOAP: 1.5 })).toMatchObject({ code: 'validation' });
    const stranger = {
      merchantId: newId(),
      itemId: await world.itemId('GIFT-BOX'),
      parts: [],
      writeOff: false,
      actor: STAFF,
    };
    expect(await setKit(world.wiring.ctx, stranger)).toMatchObject({ code: 'not_found' });
  });

  it('ends, and is an item with its own stock again', async () => {
    expect(await makeKit('GIFT-BOX', {})).toEqual({ status: 'done' });
    await world.settle();
    expect(world.wooStock('GIFT-BOX')).toBe(0);
  });
});
