/** An amount in integer minor units (cents for USD) of an ISO 4217 currency. */
export type Money = { readonly minor: number; readonly currency: string };

/** Currencies whose minor unit is not 1/100 (ISO 4217). Everything else has two decimals. */
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

/** How many decimals a currency's amounts are written with. */
export function currencyDecimals(currency: string): number {
  return DECIMALS[currency] ?? 2;
}

/**
 * Reads a decimal string such as "71.00" or "-3.5" as minor units, without floating point.
 * Digits beyond the currency's decimals are rounded half away from zero. Null when it is no number.
 */
export function parseMoney(text: string, currency: string): Money | null {
  const match = /^(-?)(\d{1,13})(?:\.(\d*))?$/.exec(text.trim());
  if (!match) return null;
  const decimals = currencyDecimals(currency);
  const fraction = (match[3] ?? '').padEnd(decimals + 1, '0');
  const kept = Number(`${match[2]}${fraction.slice(0, decimals)}`);
  const rounded = kept + (Number(fraction[decimals]) >= 5 ? 1 : 0);
  return { minor: match[1] === '-' && rounded !== 0 ? -rounded : rounded, currency };
}

/** Writes an amount as a decimal string, the inverse of {@link parseMoney}. */
export function formatMoneyDecimal(money: Money): string {
  const decimals = currencyDecimals(money.currency);
  const digits = String(Math.abs(money.minor)).padStart(decimals + 1, '0');
  const sign = money.minor < 0 ? '-' : '';
  if (decimals === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
