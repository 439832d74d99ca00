import { type Money, currencyDecimals, formatMoneyDecimal } from '#app/domain/shared/money';

/** "1,204". Never depends on the machine's language. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** "1 unit", "3 units", "1 order"; the plural adds an s unless given. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** As `countOf`, for numbers that were only counted up to a limit: "1,000+ orders". */
export function boundedCountOf(count: number, limit: number, one: string, many?: string): string {
  if (count < limit) return countOf(count, one, many);
  return `${formatCount(limit)}+ ${many ?? `${one}s`}`;
}

const SYMBOLS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥' };

/** "$1,204.50", or "1,204.50 CHF" where a symbol would be a guess. */
export function formatMoney(money: Money): string {
  const text = formatMoneyDecimal({ ...money, minor: Math.abs(money.minor) });
  const decimals = currencyDecimals(money.currency);
  const whole = decimals === 0 ? text : text.slice(0, -decimals - 1);
  const amount = `${formatCount(Number(whole))}${text.slice(whole.length)}`;
  const sign = money.minor < 0 ? '-' : '';
  const symbol = SYMBOLS[money.currency];
  return symbol === undefined ? `${sign}${amount} ${money.currency}` : `${sign}${symbol}${amount}`;
}

/** "Brooklyn", "Brooklyn and Reno", "Brooklyn, Reno and Leipzig". */
export function listOf(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
