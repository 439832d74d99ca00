import { useMerchant } from '../frame/merchant-context';
import { formatAgo, formatMoment } from '../words/dates';

type MomentProps = {
  readonly at: Date;
  /** "today" instead of "Today": the words stand inside a sentence. */
  readonly inSentence?: boolean;
};

/** A point in time in the merchant's zone. */
export function Moment({ at, inSentence = false }: MomentProps) {
  const { timezone, now } = useMerchant();
  const words = formatMoment(at, timezone, now);
  return (
    <time className="cd-moment" dateTime={at.toISOString()}>
      {inSentence ? words.replace(/^(?:Today|Yesterday)/, (day) => day.toLowerCase()) : words}
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
