import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import type { StoredConnection } from '../../store/connections';
import type { OperationContext } from '../context';
import { importListings } from './import-listings';

/** Takes all listings of a product that changed in its channel into the catalogue. */
export async function refreshProduct(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  productRef: string,
): Promise<Outcome<string>> {
  const read = await channel.getProductListings(productRef);
  if (read.status !== 'done' && read.status !== 'duplicate') return read;
  if (read.value.length === 0) return { status: 'done', value: 'The channel no longer has it.' };
  const importing = {
    merchantId: connection.merchantId,
    connectionId: connection.id,
    createsItems: channel.capabilities.multiLocation,
    newLocationIds: [],
  };
  const imported = await context.db.transaction((tx) =>
    importListings(tx, importing, read.value, context.clock.now()),
  );
  context.afterCommit(connection.merchantId);
  return {
    status: 'done',
    value: imported.unmatched === 0 ? 'Taken into the catalogue.' : 'Waits to be matched.',
  };
}
