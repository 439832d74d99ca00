import type { ChannelConnector } from '../../contracts/channel';

const DAY_MS = 24 * 3_600_000;
/** A day less than the channel says: its clock and its idea of a day are its own. */
const MARGIN_DAYS = 1;
const LONG_AGO = new Date(0);

/** Orders placed before this may be hidden by their channel: not finding one says nothing. */
export function visibleSince(channel: ChannelConnector, now: Date): Date {
  const days = channel.capabilities.ordersVisibleDays;
  return days === null ? LONG_AGO : new Date(now.getTime() - (days - MARGIN_DAYS) * DAY_MS);
}
