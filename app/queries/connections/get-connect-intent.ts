import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';

export type ConnectIntentView = {
  readonly storeUrl: string;
  /**
   * `waiting`: nobody has answered in the store. `checking`: keys came and are being proven.
   * `expired`: nobody answered in time.
   */
  readonly state: 'waiting' | 'checking' | 'connected' | 'failed' | 'expired';
  readonly problem: string | null;
  readonly connection: { readonly id: string; readonly name: string } | null;
};

/** How far asking a store for keys has come; null when it is not this merchant's. */
export async function getConnectIntent(
  prisma: Prisma,
  merchantId: string,
  intentId: string,
  now: Date,
): Promise<ConnectIntentView | null> {
  if (!isId(intentId)) return null;
  const intent = await prisma.connectIntent.findFirst({ where: { id: intentId, merchantId } });
  if (intent === null) return null;
  const { storeUrl, problem, connectionId, usedAt, expiresAt } = intent;
  const connection =
    connectionId === null
      ? null
      : await prisma.connection.findFirst({
          where: { id: connectionId, merchantId },
          select: { id: true, name: true },
        });
  const state =
    connection !== null
      ? 'connected'
      : problem !== null
        ? 'failed'
        : usedAt !== null
          ? 'checking'
          : expiresAt <= now
            ? 'expired'
            : 'waiting';
  return { storeUrl, state, problem, connection };
}
