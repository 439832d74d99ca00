import { systemActor } from '../../domain/shared/actor';
import type { Queryable } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import {
  type ConnectIntent,
  closeIntent,
  findIntent,
  keepGrantedKeys,
  spendIntent,
} from '../../store/connect-intents';
import { type NewJob, enqueueJobs } from '../../store/jobs';
import { findConnectionByAccount } from '../../store/connections';
import type { OperationContext, Refused } from '../context';
import { connectWooCommerce } from './connect-woocommerce';
import { hashOfState } from './start-woocommerce-grant';

/**
 * Takes the keys a store posts after its owner approved. They are kept, sealed, and answered for
 * at once: the store holds one of its few workers until then, and may have none left to answer
 * the call that proves the keys. False for anything that nobody here has asked for.
 */
export async function takeWooCommerceGrant(
  context: OperationContext,
  body: unknown,
): Promise<boolean> {
  const grant = context.stores.readGrant(body);
  if (grant === null) return false;
  const now = context.clock.now();
  const merchantId = await context.db.transaction(async (tx) => {
    const intent = await spendIntent(tx, hashOfState(grant.state), now);
    if (intent === null) return null;
    if (!grant.mayWrite) {
      await end(context, tx, intent, {
        problem: 'The store granted keys that may only read. Connect again and allow both.',
      });
      return intent.merchantId;
    }
    const keys = JSON.stringify({
      consumerKey: grant.consumerKey,
      consumerSecret: grant.consumerSecret,
    });
    await keepGrantedKeys(tx, intent.id, context.secrets.seal(keys, `intent:${intent.id}`));
    await enqueueJobs(tx, [finishJob(intent)]);
    return intent.merchantId;
  });
  if (merchantId !== null) context.afterCommit(merchantId);
  return merchantId !== null;
}

function finishJob(intent: ConnectIntent): NewJob {
  return {
    kind: 'finish-grant',
    merchantId: intent.merchantId,
    payload: { intentId: intent.id },
    serialKey: `grant:${intent.id}`,
    causeKind: 'connect_intent',
    causeId: intent.id,
  };
}

export type GrantFinished =
  | { readonly status: 'done'; readonly detail: string }
  | { readonly status: 'again'; readonly reason: string };

/**
 * Proves granted keys by a call to the address the merchant typed, and connects the store.
 * `again`: the store does not answer; `lastTry` makes that an end, too.
 */
export async function finishWooCommerceGrant(
  context: OperationContext,
  input: { readonly intentId: string; readonly lastTry: boolean },
): Promise<GrantFinished> {
  const intent = await findIntent(context.db, input.intentId);
  if (intent === null || intent.credentials === null) {
    return { status: 'done', detail: 'ended before' };
  }
  const opened = context.secrets.open(intent.credentials, `intent:${intent.id}`);
  const keys = JSON.parse(opened) as { consumerKey: string; consumerSecret: string };
  const connected = await connectWooCommerce(context, {
    merchantId: intent.merchantId,
    storeUrl: intent.storeUrl,
    name: intent.name,
    ...keys,
    actor: { kind: 'staff', id: intent.createdBy },
  });
  if (connected.status === 'refused' && connected.code === 'unavailable' && !input.lastTry) {
    return { status: 'again', reason: connected.message };
  }
  const outcome =
    connected.status === 'done'
      ? { connectionId: connected.connectionId }
      : await outcomeOf(context, intent, connected);
  await context.db.transaction((tx) => end(context, tx, intent, outcome));
  context.afterCommit(intent.merchantId);
  return { status: 'done', detail: connected.status === 'done' ? 'connected' : connected.message };
}

async function outcomeOf(
  context: OperationContext,
  intent: ConnectIntent,
  { code, message }: Refused,
): Promise<{ readonly connectionId: string } | { readonly problem: string }> {
  if (code === 'unauthorized') {
    const problem =
      'The keys that came are not of the store at this address, so they were thrown away.';
    return { problem };
  }
  // An earlier try may have connected it and not lived to say so.
  const known = await findConnectionByAccount(context.db, 'woocommerce', intent.storeUrl);
  const ours = known?.merchantId === intent.merchantId && known.status === 'connected';
  return ours ? { connectionId: known.id } : { problem: message };
}

async function end(
  context: OperationContext,
  tx: Queryable,
  intent: ConnectIntent,
  outcome: { readonly connectionId?: string; readonly problem?: string },
): Promise<void> {
  const { connectionId = null, problem = null } = outcome;
  await closeIntent(tx, intent.id, { connectionId, problem });
  if (problem === null) return;
  await writeAudit(tx, [
    {
      merchantId: intent.merchantId,
      at: context.clock.now(),
      actor: systemActor('connect'),
      action: 'connection.access_not_given',
      subject: { kind: 'connect_intent', id: intent.id },
      cause: { kind: 'connect_intent', id: intent.id },
      data: { store: intent.storeUrl, detail: problem },
    },
  ]);
}
