import type { Random } from './random';

/**
 * How an outside system can misbehave. Each is a switch per system and account, settable while
 * the system runs; the sentences are what a person reads beside the switch.
 */
export const FAULTS = {
  throttle: 'Refuses calls as too many (429, or THROTTLED in GraphQL).',
  serverError: 'Answers 500 and does nothing.',
  htmlAnswer: 'Answers with an HTML page, as a proxy or a maintenance mode would.',
  emptyAnswer: 'Answers 200 with nothing in it.',
  hangBefore: 'Takes the call, does nothing, and never answers.',
  hangAfter: 'Does what was asked, and never answers.',
  errorAfter: 'Does what was asked, and answers 500.',
  unauthorized: 'Refuses every credential with 401.',
  frozen: 'Answers 402, as a shop whose owner does not pay.',
  forbidden: 'Answers 403, as a shop that forbids what is asked.',
  locked: 'Answers 423, as a shop that is locked.',
  slow: 'Answers, but late.',
  duplicateWebhooks: 'Sends webhooks twice.',
  reorderWebhooks: 'Sends webhooks out of order.',
  dropWebhooks: 'Never sends some webhooks.',
  delayWebhooks: 'Sends webhooks late.',
} as const;

export type FaultName = keyof typeof FAULTS;

/** The faults played on an API request; the others are played on webhooks. */
export const REQUEST_FAULTS = [
  'throttle',
  'serverError',
  'htmlAnswer',
  'emptyAnswer',
  'hangBefore',
  'hangAfter',
  'errorAfter',
  'unauthorized',
  'frozen',
  'forbidden',
  'locked',
  'slow',
] as const satisfies readonly FaultName[];

export type RequestFault = (typeof REQUEST_FAULTS)[number];

export type FaultSetting = {
  /** 0 to 1: how often. */
  probability: number;
  /** Stop by itself after so many times; null for no end. */
  remaining: number | null;
  /** For slow and delayWebhooks; milliseconds of the sandbox's clock. */
  milliseconds: number;
  /** Only requests whose operation or path holds this text (or webhooks whose topic does). */
  only: string | null;
};

export type Faults = {
  set(account: string, fault: FaultName, setting?: Partial<FaultSetting>): void;
  clear(account: string, fault?: FaultName): void;
  current(account: string): Partial<Record<FaultName, FaultSetting>>;
  /** Draws whether the fault strikes now, and uses up one of `remaining` if it does. */
  strikes(account: string, fault: FaultName, subject: string): FaultSetting | null;
  /** The first request fault that strikes, or null. */
  forRequest(
    account: string,
    subject: string,
  ): { fault: RequestFault; setting: FaultSetting } | null;
};

const DEFAULT_SETTING: FaultSetting = {
  probability: 1,
  remaining: null,
  milliseconds: 3_000,
  only: null,
};

export function createFaults(random: Random): Faults {
  const byAccount = new Map<string, Map<FaultName, FaultSetting>>();

  const strikes = (account: string, fault: FaultName, subject: string): FaultSetting | null => {
    const setting = byAccount.get(account)?.get(fault);
    if (setting === undefined) return null;
    if (setting.only !== null && !subject.includes(setting.only)) return null;
    if (setting.probability < 1 && !random.chance(setting.probability)) return null;
    if (setting.remaining !== null) {
      if (setting.remaining <= 0) return null;
      setting.remaining -= 1;
      if (setting.remaining === 0) byAccount.get(account)?.delete(fault);
    }
    return setting;
  };

  return {
    set(account, fault, setting = {}) {
      const faults = byAccount.get(account) ?? new Map<FaultName, FaultSetting>();
      faults.set(fault, { ...DEFAULT_SETTING, ...setting });
      byAccount.set(account, faults);
    },
    clear(account, fault) {
      if (fault === undefined) byAccount.delete(account);
      else byAccount.get(account)?.delete(fault);
    },
    current: (account) => Object.fromEntries(byAccount.get(account) ?? []),
    strikes,
    forRequest(account, subject) {
      for (const fault of REQUEST_FAULTS) {
        const setting = strikes(account, fault, subject);
        if (setting !== null) return { fault, setting };
      }
      return null;
    },
  };
}
