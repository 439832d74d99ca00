/** What this connector does not do yet; its capabilities say so too. */
import type { ChannelConnector } from '../app/contracts/channel';
import type { Outcome } from '../app/contracts/outcome';

const cannot = (what: string): Outcome<never> => ({
  status: 'refused',
  reason: { code: 'permanent', message: `WooCommerce cannot be ${what} from here` },
});

export const notOffered: Pick<
  ChannelConnector,
  | 'getProductListings'
  | 'listListingsChangedSince'
  | 'holdOrder'
  | 'releaseHolds'
  | 'orderOfWork'
  | 'readWork'
  | 'moveWork'
  | 'annotateOrder'
  | 'setBackorders'
  | 'checkSubscription'
> = {
  getProductListings: () => Promise.resolve(cannot('asked for a product')),
  listListingsChangedSince: () => Promise.resolve(cannot('asked for changes')),
  holdOrder: () => Promise.resolve(cannot('told of a hold')),
  releaseHolds: () => Promise.resolve(cannot('told of a hold')),
  orderOfWork: () => Promise.resolve({ status: 'done', value: null }),
  readWork: () => Promise.resolve({ status: 'done', value: [] }),
  moveWork: () => Promise.resolve(cannot('told of a route')),
  annotateOrder: () => Promise.resolve(cannot('told of a note')),
  setBackorders: (entries) => Promise.resolve(entries.map(() => cannot('told of backorders'))),
  checkSubscription: () => Promise.resolve({ status: 'done', value: { revived: 0 } }),
};
