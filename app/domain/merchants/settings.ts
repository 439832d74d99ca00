/** What a merchant can choose for the whole of Crossdock, and what holds until they do. */
export type MerchantSettings = {
  /** Orders that their channel judges a high risk of fraud are held. */
  readonly holdHighRisk: boolean;
  /** Orders without an address one can ship to are held. */
  readonly holdMissingAddress: boolean;
  /** Where a channel can be told which location ships an order, it is told. */
  readonly writeRoutingBack: boolean;
  /** Messages from channels that were dealt with are kept this long: they hold customer data. */
  readonly inboxDays: number;
  /** Jobs that ended well are kept this long. */
  readonly jobDays: number;
  /** Reports of reconciliations are kept this long. */
  readonly reconcileDays: number;
  /** Records of what happened go to the archive after so many days; 0 = never. */
  readonly auditDays: number;
  /** An item with fewer units available is shown as low. */
  readonly lowStockUnits: number;
};

export const SETTINGS_DEFAULT: MerchantSettings = {
  holdHighRisk: true,
  holdMissingAddress: true,
  writeRoutingBack: true,
  inboxDays: 30,
  jobDays: 7,
  reconcileDays: 30,
  auditDays: 730,
  lowStockUnits: 5,
};

/** Least and most of each number, both allowed. */
export const SETTING_BOUNDS = {
  inboxDays: [1, 365],
  jobDays: [1, 90],
  reconcileDays: [1, 365],
  // What can be undone looks back 90 days at what it did.
  auditDays: [90, 3650],
  lowStockUnits: [0, 100_000],
} as const satisfies Partial<Record<keyof MerchantSettings, readonly [number, number]>>;

type NumberKey = keyof typeof SETTING_BOUNDS;
type SwitchKey = Exclude<keyof MerchantSettings, NumberKey>;

/** Of stored JSON: a choice that was never made, or is none any more, is the default's. */
export function settingsOf(stored: unknown): MerchantSettings {
  const values: Partial<Record<string, unknown>> =
    typeof stored === 'object' && stored !== null ? { ...stored } : {};
  const switched = (key: SwitchKey): boolean => {
    const value = values[key];
    return typeof value === 'boolean' ? value : SETTINGS_DEFAULT[key];
  };
  const counted = (key: NumberKey): number => {
    const value = values[key];
    return typeof value === 'number' && isSettingNumber(key, value) ? value : SETTINGS_DEFAULT[key];
  };
  return {
    holdHighRisk: switched('holdHighRisk'),
    holdMissingAddress: switched('holdMissingAddress'),
    writeRoutingBack: switched('writeRoutingBack'),
    inboxDays: counted('inboxDays'),
    jobDays: counted('jobDays'),
    reconcileDays: counted('reconcileDays'),
    auditDays: counted('auditDays'),
    lowStockUnits: counted('lowStockUnits'),
  };
}

/** Whether a number may be chosen: whole, and within the bounds. No days of records: for ever. */
export function isSettingNumber(key: NumberKey, value: number): boolean {
  if (key === 'auditDays' && value === 0) return true;
  const [least, most] = SETTING_BOUNDS[key];
  return Number.isInteger(value) && value >= least && value <= most;
}
