import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import type { StoredConnection } from '../../store/connections';
import type { OperationContext } from '../context';
import { importListings } from './import-listings';

/** Reads one listing that is new to us (or has no number yet) and takes it into the catalogue. */
export async function refreshListing(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  listingRef: string,
): Promise<Outcome<string>> {
  const read = await channel.getListing(listingRef);
  if (read.status !== 'done' && read.status !== 'duplicate') return read;
  const listing = read.value;
  if (listing === null) return { status: 'done', value: 'The channel no longer has it.' };
  const importing = {
    merchantId: connection.merchantId,
    connectionId: connection.id,
    createsItems: channel.capabilities.multiLocation,
    newLocationIds: [],
  };
  const imported = await context.db.transaction((tx) =>
    importListings(tx, importing, [listing], context.clock.now()),
  );
  context.afterCommit(connection.merchantId);
  return {
    status: 'done',
    value: imported.unmatched === 0 ? 'Taken into the catalogue.' : 'Waits to be matched.',
  };
}
