import type { Queryable } from '../platform/database';

/** What a channel was last known to hold for a listing; null = not known. */
export type KnownNumber = {
  readonly listingRef: string;
  readonly locationRef: string;
  readonly known: number | null;
};

/** The numbers of those of the listings that are matched and tracked. */
export async function knownNumbers(
  q: Queryable,
  connectionId: string,
  listingRefs: readonly string[],
): Promise<readonly KnownNumber[]> {
  const { rows } = await q.query<KnownNumber>(
    `SELECT li.external_ref AS "listingRef", p.location_ref AS "locationRef",
        p.known_quantity AS known
       FROM listing li JOIN publication p ON p.listing_id = li.id
      WHERE li.connection_id = $1 AND li.external_ref = ANY($2::text[])
        AND li.item_id IS NOT NULL AND li.tracked`,
    [connectionId, listingRefs],
  );
  return rows;
}
