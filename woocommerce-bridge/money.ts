import type { Money } from '../app/domain/shared/money';

/**
 * Decimals of the currencies that do not have two. The app has the same table; this package takes
 * only types from it, so that it stays usable by itself.
 */
const DECIMALS: Readonly<Record<string, number>> = {
  BHD: 3,
  CLP: 0,
  ISK: 0,
  IQD: 3,
  JOD: 3,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  TND: 3,
  UGX: 0,
  VND: 0,
  XAF: 0,
  XOF: 0,
};

/**
 * Reads WooCommerce's decimal text ("71.00") as minor units, without floating point; digits beyond
 * the currency's are rounded half away from zero. Null when it is no amount ("" = no price set).
 */
export function moneyOf(text: string, currency: string): Money | null {
  const match = /^(-?)(\d{1,13})(?:\.(\d*))?$/.exec(text.trim());
  if (!match) return null;
  const decimals = DECIMALS[currency] ?? 2;
  const fraction = (match[3] ?? '').padEnd(decimals + 1, '0');
  const kept = Number.parseInt(`${match[2]}${fraction.slice(0, decimals)}`, 10);
  const rounded = kept + ((fraction[decimals] ?? '0') >= '5' ? 1 : 0);
  return { minor: match[1] === '-' && rounded !== 0 ? -rounded : rounded, currency };
}

/** Line prices come as JSON numbers, sometimes with a long tail such as 8.333333. */
export function moneyOfNumber(amount: number, currency: string): Money | null {
  return Number.isFinite(amount) ? moneyOf(amount.toFixed(6), currency) : null;
}
