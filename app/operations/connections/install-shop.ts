import { newId } from '../../platform/ids';
import { systemActor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { findConnectionByAccount, saveConnection } from '../../store/connections';
import { enqueueJobs, type NewJob } from '../../store/jobs';
import { insertMerchant } from '../../store/merchants';
import type { OperationContext } from '../context';

/**
 * A shop has (re)installed the app: makes its merchant and connection, or revives them, and starts
 * the import. Bears repeating: Shopify's library calls it after every token exchange.
 */
export async function installShop(
  context: OperationContext,
  input: {
    readonly shop: string;
    readonly name: string;
    readonly currency: string;
    readonly timezone: string;
  },
): Promise<{
  readonly merchantId: string;
  readonly connectionId: string;
  readonly isNew: boolean;
}> {
  const installed = await context.db.transaction(async (tx) => {
    // Two tabs opened at once exchange two tokens; the second waits here and finds the first's
    // rows.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
      `install:${input.shop}`,
    ]);
    const known = await findConnectionByAccount(tx, 'shopify', input.shop);
    if (known !== null && known.status === 'connected') {
      return { merchantId: known.merchantId, connectionId: known.id, isNew: false };
    }
    const now = context.clock.now();
    const merchantId = known?.merchantId ?? newId();
    if (known === null) await insertMerchant(tx, { id: merchantId, ...input }, now);
    const connection = await saveConnection(tx, {
      id: known?.id ?? newId(),
      merchantId,
      kind: 'shopify',
      account: input.shop,
      name: input.name,
      credentials: null,
      webhookSecret: null,
    });
    await writeAudit(tx, [
      {
        merchantId,
        at: now,
        actor: systemActor('install'),
        action: known === null ? 'connection.connected' : 'connection.reconnected',
        subject: { kind: 'connection', id: connection.id },
        cause: { kind: 'connection', id: connection.id },
        data: { kind: 'shopify', account: input.shop },
      },
    ]);
    await enqueueJobs(tx, [importJob(merchantId, connection.id)]);
    return { merchantId, connectionId: connection.id, isNew: true };
  });
  if (installed.isNew) context.afterCommit(installed.merchantId);
  return installed;
}

/** Reads a connection's locations and listings; the first time its orders, too. */
export function importJob(
  merchantId: string,
  connectionId: string,
  kind: 'import-catalog' | 'refresh-catalog' = 'import-catalog',
): NewJob {
  return {
    kind,
    merchantId,
    connectionId,
    payload: { connectionId },
    serialKey: `import:${connectionId}`,
    dedupeKey: `${kind}:${connectionId}`,
    causeKind: 'connection',
    causeId: connectionId,
  };
}
