/**
 * The number a channel should show: what its feeding locations have available, less the units the
 * channel's policy withholds. Never below zero.
 */
export function publishQuantity(
  availableByLocation: readonly number[],
  bufferUnits: number,
): number {
  const available = availableByLocation.reduce((sum, units) => sum + units, 0);
  return Math.max(0, available - Math.max(0, bufferUnits));
}

/** A late message about a number we set ourselves: by value, and only for a while. */
export function isEcho(
  claimed: number,
  sent: {
    readonly quantity: number | null;
    readonly previous: number | null;
    readonly at: Date | null;
  },
  now: Date,
): boolean {
  if (sent.at === null || now.getTime() - sent.at.getTime() > ECHO_WINDOW_MS) return false;
  return claimed === sent.quantity || claimed === sent.previous;
}

/**
 * Shopify may deliver late; two minutes covers its first retries, and reconciling covers the rest.
 */
export const ECHO_WINDOW_MS = 120_000;
