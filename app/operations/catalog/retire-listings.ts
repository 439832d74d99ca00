import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import { writeAudit } from '../../store/audit';
import type { StoredConnection } from '../../store/connections';
import { type GoneListing, listingsNotSeenSince, retireListings } from '../../store/gone-listings';
import type { Transaction } from '../../platform/database';
import type { OperationContext } from '../context';
import { importListings } from './import-listings';

/** Asked for one by one after a whole reading; more than that waits for the next one. */
const LOOKED_FOR_MAX = 200;

/** Says in the audit trail which listings their channel no longer has. */
export async function noteGone(
  tx: Transaction,
  connection: StoredConnection,
  gone: readonly GoneListing[],
  now: Date,
): Promise<void> {
  const { merchantId, id } = connection;
  await writeAudit(
    tx,
    gone.map((listing) => ({
      merchantId,
      at: now,
      actor: { kind: 'channel', id },
      action: 'listing.gone',
      subject: { kind: 'listing', id: listing.id },
      cause: { kind: 'connection', id },
      data: { sku: listing.sku },
    })),
  );
}

/**
 * After the whole catalogue was read: listings it did not show are looked for by name, since a
 * page may have been missed, and those that are gone are taken out of sale. Answers how many.
 */
export async function retireUnseen(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  since: Date,
): Promise<Outcome<number>> {
  const { merchantId, id } = connection;
  const unseen = await listingsNotSeenSince(context.db, id, since, LOOKED_FOR_MAX);
  const gone: string[] = [];
  const importing = {
    merchantId,
    connectionId: id,
    createsItems: channel.capabilities.multiLocation,
    newLocationIds: [],
  };
  for (const ref of unseen) {
    const read = await channel.getListing(ref);
    if (read.status !== 'done' && read.status !== 'duplicate') return read;
    const listing = read.value;
    if (listing === null) gone.push(ref);
    else {
      await context.db.transaction((tx) =>
        importListings(tx, importing, [listing], context.clock.now()),
      );
    }
  }
  const now = context.clock.now();
  const retired = await context.db.transaction(async (tx) => {
    const rows = await retireListings(tx, merchantId, id, { refs: gone }, now);
    await noteGone(tx, connection, rows, now);
    return rows;
  });
  return { status: 'done', value: retired.length };
}
