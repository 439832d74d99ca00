/** What this connector does not do yet; its capabilities say so too. */
import type { ChannelConnector } from '../../../contracts/channel';

export const notOffered: Pick<ChannelConnector, 'checkSubscription'> = {
  checkSubscription: () => Promise.resolve({ status: 'done', value: { revived: 0 } }),
};
