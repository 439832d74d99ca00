import type { Tracking } from '../../store/fulfillments';

const TEXT_LENGTH_MAX = 255;
const URL_LENGTH_MAX = 2048;

/** What is wrong with tracking data a person typed, or null. All of it is optional. */
export function trackingProblem(tracking: Tracking): string | null {
  if ((tracking.company?.length ?? 0) > TEXT_LENGTH_MAX) return 'The carrier is too long.';
  if ((tracking.number?.length ?? 0) > TEXT_LENGTH_MAX) return 'The tracking number is too long.';
  if (tracking.url === null) return null;
  if (tracking.url.length > URL_LENGTH_MAX) return 'The tracking link is too long.';
  return isWebAddress(tracking.url) ? null : 'The tracking link must start with https://.';
}

/**
 * The tracking of a parcel that the channel learns of together with earlier ones: every number, in
 * the one field there is, behind the carrier and link of the parcel that has a number of its own.
 */
export function joinTracking(own: Tracking, earlier: readonly Tracking[]): Tracking {
  const [first] = earlier;
  if (first === undefined) return own;
  const named = own.number === null ? first : own;
  const numbers = [own, ...earlier].flatMap(({ number }) => (number === null ? [] : [number]));
  return {
    company: named.company ?? own.company,
    number: [...new Set(numbers)].join(', '),
    url: named.url ?? own.url,
  };
}

function isWebAddress(text: string): boolean {
  try {
    return ['https:', 'http:'].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}
