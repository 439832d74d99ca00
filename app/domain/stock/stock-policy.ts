/** How much of the stock that feeds a channel the channel gets to see. */
export type StockPolicy = {
  /** Units withheld from every number. */
  readonly bufferUnits: number;
  /** Of what feeds a number, this share is shown: 100 = all of it. */
  readonly sharePercent: number;
  /** No number shows more than this; null = no cap. */
  readonly capUnits: number | null;
  /** Whether the channel may sell beyond what is there. */
  readonly oversell: Oversell;
};

export type Oversell = 'never' | 'backorder';

/** What a policy's numbers depend on; `oversell` changes no number. */
export type NumberPolicy = Pick<StockPolicy, 'bufferUnits' | 'sharePercent' | 'capUnits'>;

export const OPEN_POLICY: StockPolicy = {
  bufferUnits: 0,
  sharePercent: 100,
  capUnits: null,
  oversell: 'never',
};

/** More units than anybody withholds or shows of one listing. */
export const POLICY_UNITS_MAX = 100_000;

/** Why a policy cannot be used, as a sentence, or null when it can. */
export function policyProblem(
  policy: StockPolicy & { readonly brakePercent: number },
): string | null {
  const { bufferUnits, sharePercent, capUnits, brakePercent } = policy;
  if (!isWhole(bufferUnits, 0, POLICY_UNITS_MAX)) {
    return 'The buffer is a whole number of units, 0 or more.';
  }
  if (!isWhole(sharePercent, 0, 100)) return 'The share is a whole number from 0 to 100.';
  if (capUnits !== null && !isWhole(capUnits, 0, POLICY_UNITS_MAX)) {
    return 'The most units shown is a whole number, 0 or more, or nothing.';
  }
  if (!isWhole(brakePercent, 1, 100)) return 'The brake is a whole number from 1 to 100.';
  return null;
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
