import type { ChannelSignal } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import { writeAudit } from '../../store/audit';
import { type StoredConnection, setConnectionStatus } from '../../store/connections';
import { emptyBodies, redactCustomers, redactedOrderRefs } from '../../store/customer-data';
import { type ReceivedEvent, markEvents } from '../../store/inbox';
import { deleteSessionsOfShop } from '../../store/merchants';
import type { OperationContext } from '../context';

type AccountConcerns = Extract<ChannelSignal['concerns'], { readonly kind: 'account' }>;

/**
 * The account itself changed: uninstalled, or a privacy request came. Customer data is what an
 * order's shipping needs; a redaction empties it and says so in the audit trail.
 */
export async function takeAccountSignal(
  context: OperationContext,
  connection: StoredConnection,
  concerns: AccountConcerns,
  events: readonly ReceivedEvent[],
): Promise<Outcome<string>> {
  const { merchantId, id } = connection;
  if (concerns.change === 'uninstalled' && (await stillInstalled(context, connection))) {
    await markEvents(
      context.db,
      events.map((event) => event.id),
      'ignored',
      'The app is installed again since.',
      null,
    );
    return { status: 'done', value: 'installed again' };
  }
  await context.db.transaction(async (tx) => {
    let data: Readonly<Record<string, unknown>> = {};
    if (concerns.change === 'uninstalled') {
      await setConnectionStatus(tx, id, 'disconnected', 'The app was uninstalled in Shopify.');
      await deleteSessionsOfShop(tx, connection.account);
    }
    if (concerns.change === 'redact') {
      const refs = await redactedOrderRefs(
        tx,
        events.map((event) => event.id),
      );
      data = { orders: await redactCustomers(tx, merchantId, id, refs) };
      // The request names the buyer, too.
      await emptyBodies(
        tx,
        merchantId,
        events.map((event) => event.id),
      );
    }
    await writeAudit(tx, [
      {
        merchantId,
        at: context.clock.now(),
        actor: { kind: 'channel', id },
        action: `account.${concerns.change}`,
        subject: { kind: 'connection', id },
        cause:
          events[0] === undefined
            ? { kind: 'connection', id }
            : { kind: 'inbox_event', id: events[0].id },
        data,
      },
    ]);
    await markEvents(
      tx,
      events.map((event) => event.id),
      'processed',
      null,
      null,
    );
  });
  return { status: 'done', value: concerns.change };
}

/** A message of an uninstallation can be hours late: the shop may have come back meanwhile. */
async function stillInstalled(
  context: OperationContext,
  connection: StoredConnection,
): Promise<boolean> {
  if (connection.status === 'disconnected') return false;
  const channel = await context.channelFor(connection);
  const answer = await channel.identify();
  return answer.status === 'done' || answer.status === 'duplicate';
}
