/** Requests under privacy law: that they came, and that they were carried out. */
import type { Queryable } from '../platform/database';
import { newId } from '../platform/ids';

export type PrivacyKind = 'customer_data' | 'customer_redact' | 'shop_redact';

/** Figures only: what was done stays on record without whom it was about. */
export type PrivacySummary = { readonly orders: number; readonly messages: number };

export type NewPrivacyRequest = {
  readonly merchantId: string;
  readonly connectionId: string;
  readonly kind: PrivacyKind;
  readonly externalRef: string;
  readonly customerRef: string | null;
  readonly orderRefs: readonly string[];
  readonly receivedAt: Date;
};

/** The row of this request, made now or by an earlier message about it; locked. */
export async function openPrivacyRequest(
  q: Queryable,
  request: NewPrivacyRequest,
): Promise<{ readonly id: string; readonly summary: PrivacySummary | null }> {
  return q.one<{ id: string; summary: PrivacySummary | null }>(
    `INSERT INTO privacy_request (id, merchant_id, connection_id, kind, external_ref, customer_ref,
        order_refs, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7::text[], $8)
     ON CONFLICT (connection_id, kind, external_ref) DO UPDATE SET state = privacy_request.state
     RETURNING id, summary`,
    [
      newId(),
      request.merchantId,
      request.connectionId,
      request.kind,
      request.externalRef,
      request.customerRef,
      request.orderRefs,
      request.receivedAt,
    ],
  );
}

/** `sealedExport`: null where there is nothing to hand out. */
export async function closePrivacyRequest(
  q: Queryable,
  id: string,
  done: {
    readonly summary: PrivacySummary;
    readonly sealedExport: string | null;
    readonly at: Date;
  },
): Promise<void> {
  await q.query(
    `UPDATE privacy_request SET state = 'done', summary = $2::jsonb, export = $3, done_at = $4
      WHERE id = $1`,
    [id, JSON.stringify(done.summary), done.sealedExport, done.at],
  );
}

/**
 * An erasure also erases what was collected about the buyer for an earlier request, and with whom
 * the requests dealt: those that name the buyer or one of the orders. Null: all of the merchant.
 */
export async function forgetCustomerOfRequests(
  q: Queryable,
  merchantId: string,
  customer: { readonly ref: string | null; readonly orderRefs: readonly string[] } | null,
): Promise<void> {
  await q.query(
    `UPDATE privacy_request SET export = NULL, customer_ref = NULL, order_refs = '{}'
      WHERE merchant_id = $1
        AND ($2::boolean OR customer_ref = $3::text OR order_refs && $4::text[])`,
    [merchantId, customer === null, customer?.ref ?? null, customer?.orderRefs ?? []],
  );
}

/** Deletes collected data that was ready since before then. Answers how many. */
export async function deleteOldExports(q: Queryable, before: Date): Promise<number> {
  const { rowCount } = await q.query(
    `UPDATE privacy_request SET export = NULL WHERE export IS NOT NULL AND done_at < $1`,
    [before],
  );
  return rowCount;
}

export async function disconnectedAtOf(q: Queryable, connectionId: string): Promise<Date | null> {
  const row = await q.maybeOne<{ at: Date | null }>(
    `SELECT disconnected_at AS at FROM connection WHERE id = $1`,
    [connectionId],
  );
  return row?.at ?? null;
}
