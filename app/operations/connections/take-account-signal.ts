import type { ChannelSignal } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import type { Transaction } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import { type StoredConnection, setConnectionStatus } from '../../store/connections';
import { readPrivacyMessages } from '../../store/customer-data';
import { type ReceivedEvent, markEvents } from '../../store/inbox';
import { deleteSessionsOfShop, renewSessionsOfShop } from '../../store/merchants';
import type { OperationContext } from '../context';
import { carryOutRequest } from '../privacy/carry-out-request';
import { checkAccess } from './check-access';

type AccountConcerns = Extract<ChannelSignal['concerns'], { readonly kind: 'account' }>;

/** The account itself changed: the app was removed, its access changed, or privacy is asked for. */
export async function takeAccountSignal(
  context: OperationContext,
  connection: StoredConnection,
  concerns: AccountConcerns,
  events: readonly ReceivedEvent[],
): Promise<Outcome<string>> {
  if (concerns.change === 'scopes') return takeScopes(context, connection, events);
  const erasesShop = events.some((event) => event.topic === 'shop/redact');
  if (concerns.change === 'uninstalled' || erasesShop) {
    const standing = await whetherInstalled(context, connection);
    if (standing.status === 'retry_later') return standing;
    if (standing.value === 'installed') {
      const stale = events.filter(
        ({ topic }) => concerns.change === 'uninstalled' || topic === 'shop/redact',
      );
      await mark(context, stale, 'ignored', 'The app is installed again since.');
      const others = events.filter((event) => !stale.includes(event));
      if (others.length > 0) await settle(context, connection, concerns, others, false);
      return { status: 'done', value: 'installed again' };
    }
  }
  await settle(
    context,
    connection,
    concerns,
    events,
    concerns.change === 'uninstalled' || erasesShop,
  );
  return { status: 'done', value: concerns.change };
}

/** All of it or nothing: what was asked is done, said in the audit trail, and off the list. */
async function settle(
  context: OperationContext,
  connection: StoredConnection,
  concerns: AccountConcerns,
  events: readonly ReceivedEvent[],
  isGone: boolean,
): Promise<void> {
  const ids = events.map((event) => event.id);
  await context.db.transaction(async (tx) => {
    if (isGone && connection.status !== 'disconnected') {
      const reason = 'The app was uninstalled in Shopify.';
      await setConnectionStatus(tx, connection.id, 'disconnected', reason);
      await deleteSessionsOfShop(tx, connection.account);
    }
    if (concerns.change === 'uninstalled')
      await noteChange(context, tx, connection, concerns, events);
    else {
      for (const message of await readPrivacyMessages(tx, ids)) {
        await carryOutRequest(context, tx, connection, message);
      }
    }
    await markEvents(tx, ids, 'processed', null, null);
  });
}

/**
 * What the app may do was changed. The token is renewed, since it carries what was granted when it
 * was made, and the channel is asked what is missing now.
 */
async function takeScopes(
  context: OperationContext,
  connection: StoredConnection,
  events: readonly ReceivedEvent[],
): Promise<Outcome<string>> {
  if (connection.status === 'disconnected') {
    await mark(context, events, 'ignored', 'The channel is disconnected.');
    return { status: 'done', value: 'disconnected' };
  }
  await renewSessionsOfShop(context.db, connection.account);
  const access = await checkAccess(context, connection);
  if (access.status !== 'done' && access.status !== 'duplicate') return access;
  await context.db.transaction(async (tx) => {
    await noteChange(context, tx, connection, { kind: 'account', change: 'scopes' }, events);
    const missing = access.value.join(', ');
    const detail = missing === '' ? 'Nothing is missing.' : `Missing: ${missing}.`;
    const ids = events.map((event) => event.id);
    await markEvents(tx, ids, 'processed', detail, null);
  });
  return { status: 'done', value: 'scopes' };
}

async function noteChange(
  context: OperationContext,
  tx: Transaction,
  { merchantId, id }: StoredConnection,
  { change }: AccountConcerns,
  events: readonly ReceivedEvent[],
): Promise<void> {
  const [first] = events;
  await writeAudit(tx, [
    {
      merchantId,
      at: context.clock.now(),
      actor: { kind: 'channel', id },
      action: `account.${change}`,
      subject: { kind: 'connection', id },
      cause:
        first === undefined ? { kind: 'connection', id } : { kind: 'inbox_event', id: first.id },
      data: {},
    },
  ]);
}

/**
 * A message of an uninstallation can be hours late: the shop may have come back meanwhile. A shop
 * that does not answer, or is frozen or locked, is asked again; nothing is erased on a guess.
 */
async function whetherInstalled(
  context: OperationContext,
  connection: StoredConnection,
): Promise<
  | { readonly status: 'done'; readonly value: 'installed' | 'gone' }
  | Extract<Outcome<never>, { readonly status: 'retry_later' }>
> {
  if (connection.status === 'disconnected') return { status: 'done', value: 'gone' };
  const channel = await context.channelFor(connection);
  const answer = await channel.identify();
  if (answer.status === 'done' || answer.status === 'duplicate') {
    return { status: 'done', value: 'installed' };
  }
  if (answer.status === 'refused' && answer.reason.revoked === true) {
    return { status: 'done', value: 'gone' };
  }
  const retryAt =
    answer.status === 'retry_later'
      ? answer.retryAt
      : new Date(context.clock.now().getTime() + ASK_AGAIN_MS);
  const message = answer.status === 'refused' ? answer.reason.message : answer.message;
  return { status: 'retry_later', retryAt, message };
}

const ASK_AGAIN_MS = 10_000;

async function mark(
  context: OperationContext,
  events: readonly ReceivedEvent[],
  state: 'processed' | 'ignored',
  detail: string,
): Promise<void> {
  const ids = events.map((event) => event.id);
  await markEvents(context.db, ids, state, detail, null);
}
