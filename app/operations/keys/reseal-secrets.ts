import type { Queryable } from '../../platform/database';
import { type SecretBox, SecretUnreadable } from '../../platform/secrets';
import {
  SEALED_PLACES,
  type SealedPlace,
  type SealedSecret,
  countByKey,
  findSealedWithOthers,
  replaceSealed,
} from '../../store/sealed-secrets';

/** Collected data of a buyer can have some megabytes; tokens have a few hundred bytes. */
const BATCH_MAX = 100;

export type ResealedPlace = {
  /** As `table.column`. */
  readonly place: string;
  readonly resealed: number;
  /** Sealed with a key that is not listed, or changed since: ids of their rows. */
  readonly unreadable: readonly string[];
};

export type SealedCount = {
  readonly place: string;
  readonly keyId: string;
  readonly count: number;
};

/**
 * Seals every secret that an earlier key has sealed anew with the current one. Each batch is a
 * statement of its own, and what is done is not done again: it may be interrupted and repeated.
 * Secrets that cannot be opened stay as they are.
 */
export async function resealSecrets(
  q: Queryable,
  secrets: SecretBox,
  batchMax = BATCH_MAX,
): Promise<readonly ResealedPlace[]> {
  const done: ResealedPlace[] = [];
  for (const place of SEALED_PLACES) done.push(await resealPlace(q, secrets, place, batchMax));
  return done;
}

/** How many secrets there are, by place and by the key that sealed them. */
export async function countSealed(q: Queryable): Promise<readonly SealedCount[]> {
  const counts: SealedCount[] = [];
  for (const place of SEALED_PLACES) {
    for (const [keyId, count] of await countByKey(q, place)) {
      counts.push({ place: nameOf(place), keyId, count });
    }
  }
  return counts;
}

async function resealPlace(
  q: Queryable,
  secrets: SecretBox,
  place: SealedPlace,
  batchMax: number,
): Promise<ResealedPlace> {
  const unreadable: string[] = [];
  let resealed = 0;
  let after: string | null = null;
  for (;;) {
    const batch: readonly SealedSecret[] = await findSealedWithOthers(
      q,
      place,
      secrets.currentKeyId,
      after,
      batchMax,
    );
    const ready = batch.flatMap((secret) => {
      const again = sealAgain(secrets, place, secret);
      if (again === null) unreadable.push(secret.id);
      return again === null ? [] : [{ ...secret, resealed: again }];
    });
    if (ready.length > 0) resealed += await replaceSealed(q, place, ready);
    after = batch.at(-1)?.id ?? null;
    if (after === null) return { place: nameOf(place), resealed, unreadable };
  }
}

function sealAgain(secrets: SecretBox, place: SealedPlace, one: SealedSecret): string | null {
  const context = place.contextOf(one.id);
  try {
    return secrets.sealSecret(secrets.openSecret(one.sealed, context), context);
  } catch (problem) {
    if (problem instanceof SecretUnreadable) return null;
    throw problem;
  }
}

function nameOf({ table, column }: SealedPlace): string {
  return `${table}.${column}`;
}
