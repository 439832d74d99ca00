/**
 * What WooCommerce has no counterpart for; the capabilities say so too. Its status `on-hold` is
 * none: setting it mails the customer that payment is awaited.
 */
import type { ChannelConnector } from '../app/contracts/channel';
import type { Outcome } from '../app/contracts/outcome';

const cannot = (what: string): Outcome<never> => ({
  status: 'refused',
  reason: { code: 'permanent', message: `WooCommerce cannot be told of ${what}` },
});

export const notOffered: Pick<
  ChannelConnector,
  'holdOrder' | 'releaseHolds' | 'orderOfWork' | 'readWork' | 'moveWork'
> = {
  holdOrder: () => Promise.resolve(cannot('a hold')),
  releaseHolds: () => Promise.resolve(cannot('a hold')),
  orderOfWork: () => Promise.resolve({ status: 'done', value: null }),
  readWork: () => Promise.resolve({ status: 'done', value: [] }),
  moveWork: () => Promise.resolve(cannot('a route')),
};
