import { describe, expect, it } from 'vitest';
import { createMatcher } from '../../../../app/domain/catalog/match-listing';

const tee = { id: 'tee', sku: 'TEE-RED', barcode: '400' };
const mug = { id: 'mug', sku: 'MUG', barcode: '500' };
const cup = { id: 'cup', sku: 'CUP', barcode: '500' };

describe('a listing is matched', () => {
  const match = createMatcher([tee, mug, cup]);

  it('by the very SKU, before any barcode', () => {
    expect(match({ sku: 'MUG', barcode: '400' })).toEqual({
      kind: 'matched',
      itemId: 'mug',
      by: 'sku',
    });
  });

  it('by a SKU that differs in case and outer blanks only', () => {
    expect(match({ sku: ' tee-red ', barcode: null })).toMatchObject({ itemId: 'tee', by: 'sku' });
  });

  it('by a barcode that one item has', () => {
    expect(match({ sku: 'OTHER', barcode: '400' })).toMatchObject({ itemId: 'tee', by: 'barcode' });
  });

  it('with nothing when nothing fits, also when both have no SKU', () => {
    expect(match({ sku: 'OTHER', barcode: '999' })).toEqual({ kind: 'none' });
    expect(match({ sku: null, barcode: null })).toEqual({ kind: 'none' });
  });
});

describe('a person decides', () => {
  it('when several items share the barcode', () => {
    const match = createMatcher([tee, mug, cup]);
    expect(match({ sku: null, barcode: '500' })).toEqual({ kind: 'ambiguous', by: 'barcode' });
  });

  it('when two items differ only in the case of their SKU', () => {
    const match = createMatcher([tee, { id: 'other', sku: 'tee-red', barcode: null }]);
    expect(match({ sku: 'Tee-Red', barcode: null })).toEqual({ kind: 'ambiguous', by: 'sku' });
    expect(match({ sku: 'tee-red', barcode: null })).toMatchObject({ itemId: 'other' });
  });

  it('when another listing of the channel sells the item already', () => {
    const match = createMatcher([tee]);
    expect(match({ sku: 'TEE-RED', barcode: null }, () => true)).toEqual({
      kind: 'ambiguous',
      by: 'sku',
    });
  });
});
