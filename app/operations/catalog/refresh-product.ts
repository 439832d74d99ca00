import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import type { StoredConnection } from '../../store/connections';
import { retireListings } from '../../store/gone-listings';
import type { OperationContext } from '../context';
import { importListings } from './import-listings';
import { noteGone } from './retire-listings';

/**
 * Takes all listings of a product that changed in its channel into the catalogue. What is gone is
 * sold no more.
 */
export async function refreshProduct(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  productRef: string,
): Promise<Outcome<string>> {
  const read = await channel.getProductListings(productRef);
  if (read.status !== 'done' && read.status !== 'duplicate') return read;
  const importing = {
    merchantId: connection.merchantId,
    connectionId: connection.id,
    createsItems: channel.capabilities.multiLocation,
    newLocationIds: [],
  };
  const now = context.clock.now();
  const { unmatched, gone } = await context.db.transaction(async (tx) => {
    const imported = await importListings(tx, importing, read.value, now);
    const present = read.value.map((listing) => listing.ref);
    const { merchantId, id } = connection;
    const retired = await retireListings(tx, merchantId, id, { productRef, present }, now);
    await noteGone(tx, connection, retired, now);
    return { unmatched: imported.unmatched, gone: retired.length };
  });
  context.afterCommit(connection.merchantId);
  if (read.value.length === 0) return { status: 'done', value: 'The channel no longer has it.' };
  const matched = unmatched === 0 ? 'Taken into the catalogue.' : 'Waits to be matched.';
  return {
    status: 'done',
    value: gone === 0 ? matched : `${matched} Not sold any more: ${String(gone)}.`,
  };
}
