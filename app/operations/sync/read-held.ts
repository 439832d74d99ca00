import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import type { HeldNumber } from '../../domain/stock/explain-difference';
import type { ComparedNumber } from '../../store/compared-numbers';

type Asked = Pick<ComparedNumber, 'listingRef' | 'stockRef' | 'locationRef'>;

/** What the channel holds for each of these numbers: a look-up over one read of it. */
export async function readHeld(
  channel: ChannelConnector,
  numbers: readonly Asked[],
): Promise<Outcome<(number: Asked) => HeldNumber>> {
  const listings = new Map(numbers.map(({ listingRef, stockRef }) => [listingRef, stockRef]));
  const read = await channel.readStock(
    [...listings].map(([listingRef, stockRef]) => ({ listingRef, stockRef })),
  );
  if (read.status !== 'done' && read.status !== 'duplicate') return read;
  const known = new Set(read.value.map((level) => level.stockRef));
  const levels = new Map(
    read.value.map((level) => [`${level.stockRef} ${level.locationRef}`, level.available]),
  );
  return {
    status: 'done',
    value: ({ stockRef, locationRef }) => {
      const available = levels.get(`${stockRef} ${locationRef}`);
      if (available === null) return { kind: 'untracked' };
      if (available !== undefined) return { kind: 'holds', quantity: available };
      return { kind: known.has(stockRef) ? 'absent' : 'gone' };
    },
  };
}
