/** Whether Shopify sells variants beyond their number: a setting of each variant. */
import type { ExternalRef, IdempotencyKey, Outcome } from '../../../contracts/outcome';
import { type AdminApi, done, INPUT_LIST_MAX, isDone, refused } from './client';
import { SetInventoryPolicy } from './operations/admin.generated';

type Parts = { readonly api: AdminApi; readonly now: () => Date };

type Entry = {
  readonly listingRef: ExternalRef;
  readonly productRef: ExternalRef;
  readonly allowed: boolean;
};

/** The write may be repeated, so one that got no answer is asked for again this late. */
const AGAIN_MS = 2_000;

/**
 * One outcome per entry, in order. Shopify takes the variants of one product at a time; a variant
 * it does not know is `refused` alone, the others of its product are set.
 */
export async function setBackorders(
  parts: Parts,
  entries: readonly Entry[],
  key: IdempotencyKey,
): Promise<readonly Outcome<null>[]> {
  const outcomes = new Map<Entry, Outcome<null>>();
  for (const group of groupsOf(entries)) {
    const told = await setOfProduct(parts, group, key);
    group.forEach((entry, index) => outcomes.set(entry, told[index] ?? refused('permanent', '')));
  }
  return entries.map((entry) => outcomes.get(entry) ?? refused('permanent', 'Not asked for.'));
}

function groupsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const byProduct = new Map<ExternalRef, Entry[]>();
  for (const entry of entries) {
    const group = byProduct.get(entry.productRef);
    if (group === undefined) byProduct.set(entry.productRef, [entry]);
    else group.push(entry);
  }
  return [...byProduct.values()].flatMap((group) => {
    const chunks = Math.ceil(group.length / INPUT_LIST_MAX);
    return Array.from({ length: chunks }, (_, index) =>
      group.slice(index * INPUT_LIST_MAX, (index + 1) * INPUT_LIST_MAX),
    );
  });
}

async function setOfProduct(
  { api, now }: Parts,
  group: readonly Entry[],
  key: IdempotencyKey,
): Promise<readonly Outcome<null>[]> {
  const answer = await api.write(
    SetInventoryPolicy,
    {
      product: group[0]?.productRef ?? '',
      variants: group.map(({ listingRef, allowed }) => ({
        id: listingRef,
        inventoryPolicy: allowed ? ('CONTINUE' as const) : ('DENY' as const),
      })),
    },
    key,
  );
  if (!isDone(answer)) {
    const retryAt = new Date(now().getTime() + AGAIN_MS);
    const { status } = answer;
    const outcome: Outcome<null> =
      status === 'unknown' ? { status: 'retry_later', retryAt, message: answer.message } : answer;
    return group.map(() => outcome);
  }
  const errors = answer.value.productVariantsBulkUpdate?.userErrors ?? [];
  const updated = new Set(
    (answer.value.productVariantsBulkUpdate?.productVariants ?? []).map(({ id }) => id),
  );
  return group.map(({ listingRef }, index) => {
    const own = errors.find(({ field }) => field?.[1] === String(index));
    // An error of no variant in particular stands for all that were not updated.
    const error = own ?? (updated.has(listingRef) ? undefined : errors[0]);
    if (error === undefined) return done(null);
    const gone =
      error.code === 'PRODUCT_DOES_NOT_EXIST' || error.code?.endsWith('VARIANT_DOES_NOT_EXIST');
    return refused(gone === true ? 'not_found' : 'validation', error.message);
  });
}
