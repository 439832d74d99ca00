import {
  type MerchantSettings,
  SETTING_BOUNDS,
  isSettingNumber,
} from '../../domain/merchants/settings';
import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { saveSettings } from '../../store/settings';
import { type OperationContext, type Refused, refused } from '../context';

const NUMBERS = ['inboxDays', 'jobDays', 'reconcileDays', 'auditDays', 'lowStockUnits'] as const;

/** Saves all choices of a merchant; what has changed goes on record. */
export async function setSettings(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    readonly actor: Actor;
    readonly settings: MerchantSettings;
  },
): Promise<{ readonly status: 'done' } | Refused> {
  const { merchantId, settings } = input;
  for (const key of NUMBERS) {
    if (isSettingNumber(key, settings[key])) continue;
    const [least, most] = SETTING_BOUNDS[key];
    return refused(
      'validation',
      `Enter whole numbers: ${key === 'lowStockUnits' ? 'units' : 'days'} from ${String(least)} to ${String(most)}${key === 'auditDays' ? ', or 0 for ever' : ''}.`,
    );
  }
  await context.db.transaction(async (tx) => {
    const { before, now } = await saveSettings(tx, merchantId, settings);
    const changed = Object.entries(now).filter(
      ([key, value]) => before[key as keyof MerchantSettings] !== value,
    );
    if (changed.length === 0) return;
    const subject = { kind: 'merchant', id: merchantId };
    await writeAudit(tx, [
      {
        merchantId,
        at: context.clock.now(),
        actor: input.actor,
        action: 'settings.saved',
        subject,
        cause: subject,
        data: Object.fromEntries(changed),
      },
    ]);
  });
  context.afterCommit(merchantId);
  return { status: 'done' };
}
