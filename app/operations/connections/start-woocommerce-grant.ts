import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from '../../domain/shared/actor';
import { newId } from '../../platform/ids';
import { writeAudit } from '../../store/audit';
import { insertIntent } from '../../store/connect-intents';
import { findConnectionByAccount } from '../../store/connections';
import { type OperationContext, type Refused, refused } from '../context';

/** How long a person has to sign in to their store and approve. */
const OPEN_MS = 30 * 60_000;
const NAME_LENGTH_MAX = 80;

/**
 * What is kept of a state: the state itself only ever leaves in the address of the store's page.
 */
export function hashOfState(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}

/**
 * Asks a WooCommerce store for keys: answers the address of the store's own page where its owner
 * approves. The store's answer is not signed, so it is believed only with the one-time state that
 * goes along here.
 */
export async function startWooCommerceGrant(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    /** The Shopify shop whose admin the person comes back to. */
    readonly shop: string;
    readonly storeUrl: string;
    readonly name: string | null;
    readonly actor: Actor;
  },
): Promise<
  { readonly status: 'done'; readonly intentId: string; readonly goTo: string } | Refused
> {
  const { merchantId, shop } = input;
  const checked = await context.stores.checkUrl(input.storeUrl);
  if (!checked.ok) return refused('validation', checked.message);
  const known = await findConnectionByAccount(context.db, 'woocommerce', checked.url);
  // Whether another account has the store is told only to who has proven that it is theirs.
  if (known?.merchantId === merchantId && known.status === 'connected') {
    return refused('conflict', 'This store is connected already.');
  }
  const looked = await context.stores.look(checked.url);
  if (!looked.ok) return refused('validation', looked.message);
  const intentId = newId();
  const state = randomBytes(32).toString('base64url');
  const goTo = context.stores.grantUrl(checked.url, { state, shop, intentId });
  if (goTo === null) {
    return refused(
      'unavailable',
      'Stores answer this only to an app reached by https. Enter keys by hand instead.',
    );
  }
  const now = context.clock.now();
  await context.db.transaction(async (tx) => {
    await insertIntent(tx, {
      id: intentId,
      merchantId,
      storeUrl: checked.url,
      name: input.name?.trim().slice(0, NAME_LENGTH_MAX) ?? null,
      stateHash: hashOfState(state),
      createdBy: input.actor.id,
      createdAt: now,
      expiresAt: new Date(now.getTime() + OPEN_MS),
    });
    await writeAudit(tx, [
      {
        merchantId,
        at: now,
        actor: input.actor,
        action: 'connection.access_asked',
        subject: { kind: 'connect_intent', id: intentId },
        cause: { kind: 'connect_intent', id: intentId },
        data: { store: checked.url },
      },
    ]);
  });
  return { status: 'done', intentId, goTo };
}
