import { useMerchant } from '../frame/merchant-context';
import { formatAgo, formatMoment } from '../words/dates';

/** A point in time in the merchant's zone. */
export function Moment({ at }: { readonly at: Date }) {
  const { timezone, now } = useMerchant();
  return (
    <time className="cd-moment" dateTime={at.toISOString()}>
      {formatMoment(at, timezone, now)}
    </time>
  );
}

/** How long ago, with the exact time to hover over. */
export function Ago({ at }: { readonly at: Date }) {
  const { timezone, now } = useMerchant();
  return (
    <time className="cd-moment" dateTime={at.toISOString()} title={formatMoment(at, timezone, now)}>
      {formatAgo(at, now)}
    </time>
  );
}
