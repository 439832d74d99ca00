import { randomBytes } from 'node:crypto';
import type { Actor } from '../../domain/shared/actor';
import { newId } from '../../platform/ids';
import { writeAudit } from '../../store/audit';
import {
  type ConnectionStatus,
  findConnectionByAccount,
  saveConnection,
  setWebhooksChecked,
} from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import { type OperationContext, type Refused, refused } from '../context';
import { importJob } from './install-shop';

export type ConnectWooCommerce = {
  readonly merchantId: string;
  readonly storeUrl: string;
  /** What people here call the store; its address when left out. */
  readonly name?: string | null;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly actor: Actor;
};

const KEY_LENGTH_MAX = 200;
const NAME_LENGTH_MAX = 80;

/**
 * Connects a WooCommerce store with a key pair its owner made. The keys are proven by a call
 * before they are kept; webhooks are registered before anything is read, so that nothing falls
 * between the two.
 */
export async function connectWooCommerce(
  context: OperationContext,
  input: ConnectWooCommerce,
): Promise<{ readonly status: 'done'; readonly connectionId: string } | Refused> {
  const consumerKey = input.consumerKey.trim();
  const consumerSecret = input.consumerSecret.trim();
  if (![consumerKey, consumerSecret].every((key) => key !== '' && key.length <= KEY_LENGTH_MAX)) {
    return refused('validation', 'Enter the consumer key and the consumer secret.');
  }
  const checked = await context.stores.checkUrl(input.storeUrl);
  if (!checked.ok) return refused('validation', checked.message);
  const known = await findConnectionByAccount(context.db, 'woocommerce', checked.url);
  const ours = known?.merchantId === input.merchantId ? known : null;
  if (ours?.status === 'connected') {
    return refused('conflict', 'This store is connected already.');
  }
  const id = ours?.id ?? newId();
  const secret = randomBytes(32).toString('base64url');
  const credentials = context.secrets.seal(
    JSON.stringify({ consumerKey, consumerSecret }),
    `connection:${id}`,
  );
  const access = {
    id,
    merchantId: input.merchantId,
    kind: 'woocommerce',
    account: checked.url,
    credentials,
  };
  const channel = await context.channelFor(access);
  const proven = await channel.identify();
  if (proven.status !== 'done' && proven.status !== 'duplicate') return sayWhy(proven);
  // Said only now, to who has shown that the store is theirs. A disconnected one is not taken over:
  // its orders and stock numbers are the other account's books.
  if (known !== null && ours === null) return refused('conflict', whoseItIs(known.status));
  // Kept before webhooks are registered: the store pings at once, and must find the connection.
  const raced = await context.db.transaction(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
      `connect:${checked.url}`,
    ]);
    // The same form sent twice: the second finds the first's connection, with the first's secrets.
    const first = await findConnectionByAccount(tx, 'woocommerce', checked.url);
    if ((first?.id ?? id) !== id || first?.status === 'connected') return true;
    await saveConnection(tx, {
      ...access,
      name: nameOf(input.name, proven.value.name),
      webhookSecret: context.secrets.seal(secret, `webhook:${id}`),
    });
    // Those of an earlier connection were taken off: that they are gone is no outage.
    await setWebhooksChecked(tx, id, null);
    await writeAudit(tx, [
      {
        merchantId: input.merchantId,
        at: context.clock.now(),
        actor: input.actor,
        action: ours === null ? 'connection.connected' : 'connection.reconnected',
        subject: { kind: 'connection', id },
        cause: { kind: 'connection', id },
        data: { kind: 'woocommerce', account: checked.url },
      },
    ]);
    await enqueueJobs(tx, [
      {
        kind: 'subscribe-webhooks',
        merchantId: input.merchantId,
        connectionId: id,
        payload: { connectionId: id, callbackUrl: context.stores.callbackUrl(id) },
        serialKey: `import:${id}`,
        causeKind: 'connection',
        causeId: id,
      },
      importJob(input.merchantId, id),
    ]);
    return false;
  });
  if (raced) return refused('conflict', 'This store is connected already.');
  context.afterCommit(input.merchantId);
  return { status: 'done', connectionId: id };
}

function whoseItIs(status: ConnectionStatus): string {
  return status === 'disconnected'
    ? 'This store was connected to another account before, and can be connected again only there.'
    : 'This store is connected to another account.';
}

function nameOf(given: string | null | undefined, own: string): string {
  const name = (given ?? '').trim().slice(0, NAME_LENGTH_MAX);
  return name === '' ? own : name;
}

function sayWhy(
  outcome:
    | {
        readonly status: 'refused';
        readonly reason: { readonly code: string; readonly message: string };
      }
    | { readonly status: 'retry_later' | 'unknown'; readonly message: string },
): Refused {
  if (outcome.status !== 'refused') {
    return refused('unavailable', `The store did not answer as expected: ${outcome.message}`);
  }
  return outcome.reason.code === 'unauthorized'
    ? refused('unauthorized', 'The store does not accept these keys.')
    : refused('validation', outcome.reason.message);
}
