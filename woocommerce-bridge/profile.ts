import { saysGone } from './answers';
import type { Failure } from './answers';
import type { StoreClient } from './client';
import { gramsPerWeightUnit } from './mapping';
import type { StoreUnits } from './mapping';
import { isRecord, textOf } from './read-body';

export type UnitsAnswer =
  | { readonly ok: true; readonly units: StoreUnits }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Reads the store's currency and weight unit, which product bodies do not carry. Only `settings`
 * of the system status is asked for: the other parts make the store run slow checks.
 */
export async function readStoreUnits(client: StoreClient): Promise<UnitsAnswer> {
  const status = await client.read('system_status', { _fields: 'settings' });
  if (!status.ok) return { ok: false, failure: status.failure };
  const settings = isRecord(status.body) ? status.body['settings'] : null;
  const currency = isRecord(settings) ? textOf(settings, 'currency') : '';
  if (!/^[A-Z]{3}$/.test(currency)) {
    const message = 'the store did not say which currency it sells in';
    return { ok: false, failure: { status: 'refused', reason: { code: 'permanent', message } } };
  }
  const weight = await client.read('settings/products/woocommerce_weight_unit');
  // A key without the right to read settings still sells: weights are then simply not known.
  if (!weight.ok && weight.failure.status !== 'refused' && !saysGone(weight)) {
    return { ok: false, failure: weight.failure };
  }
  const unit = weight.ok && isRecord(weight.body) ? textOf(weight.body, 'value') : '';
  return { ok: true, units: { currency, gramsPerWeightUnit: gramsPerWeightUnit(unit) } };
}

/** Asks once per connector; a failure is not remembered. */
export function rememberedUnits(client: StoreClient): () => Promise<UnitsAnswer> {
  let known: Promise<UnitsAnswer> | null = null;
  return () => {
    known ??= readStoreUnits(client).then((answer) => {
      if (!answer.ok) known = null;
      return answer;
    });
    return known;
  };
}
