import type { CancelState } from '../domain/orders/order-status';
import type { Queryable } from '../platform/database';

export type CancelToReport = {
  readonly id: string;
  readonly externalRef: string;
  readonly cancelState: CancelState;
  readonly cancelReason: string | null;
  readonly connection: {
    readonly id: string;
    readonly merchantId: string;
    readonly kind: string;
    readonly account: string;
    readonly credentials: string | null;
  };
};

export async function findCancelToReport(
  q: Queryable,
  merchantId: string,
  orderId: string,
): Promise<CancelToReport | null> {
  return q.maybeOne<CancelToReport>(
    `SELECT o.id, o.external_ref AS "externalRef", o.cancel_state AS "cancelState",
        o.cancel_reason AS "cancelReason",
        jsonb_build_object('id', c.id, 'merchantId', c.merchant_id, 'kind', c.kind,
          'account', c.account, 'credentials', c.credentials) AS connection
       FROM customer_order o JOIN connection c ON c.id = o.connection_id
      WHERE o.merchant_id = $1 AND o.id = $2`,
    [merchantId, orderId],
  );
}

/** A cancellation that was waiting is settled once; a late second answer changes nothing. */
export async function settleCancel(
  q: Queryable,
  merchantId: string,
  orderId: string,
  state: 'confirmed' | 'refused',
): Promise<void> {
  await q.query(
    `UPDATE customer_order SET cancel_state = $3, updated_at = now()
      WHERE merchant_id = $1 AND id = $2 AND cancel_state = 'pending'`,
    [merchantId, orderId, state],
  );
}
