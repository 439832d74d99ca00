import type { Queryable } from '../platform/database';

/** A store that was asked to grant us keys. */
export type ConnectIntent = {
  readonly id: string;
  readonly merchantId: string;
  readonly storeUrl: string;
  readonly name: string | null;
  readonly createdBy: string;
  /** Sealed keys, from when they came until they were proven. */
  readonly credentials: string | null;
};

const COLUMNS = `id, merchant_id AS "merchantId", store_url AS "storeUrl", name,
  created_by AS "createdBy", credentials`;

export async function insertIntent(
  q: Queryable,
  intent: {
    readonly id: string;
    readonly merchantId: string;
    readonly storeUrl: string;
    readonly name: string | null;
    readonly stateHash: string;
    readonly createdBy: string;
    readonly createdAt: Date;
    readonly expiresAt: Date;
  },
): Promise<void> {
  await q.query(
    `INSERT INTO connect_intent (id, merchant_id, kind, store_url, name, state_hash, created_by,
        created_at, expires_at)
     VALUES ($1, $2, 'woocommerce', $3, $4, $5, $6, $7, $8)`,
    [
      intent.id,
      intent.merchantId,
      intent.storeUrl,
      intent.name,
      intent.stateHash,
      intent.createdBy,
      intent.createdAt,
      intent.expiresAt,
    ],
  );
}

/**
 * Uses up the intent of this state; null when there is none, it has been used, or it is too late.
 * Of two answers at once only one gets it.
 */
export async function spendIntent(
  q: Queryable,
  stateHash: string,
  now: Date,
): Promise<ConnectIntent | null> {
  return q.maybeOne<ConnectIntent>(
    `UPDATE connect_intent SET used_at = $2
      WHERE state_hash = $1 AND used_at IS NULL AND expires_at > $2 RETURNING ${COLUMNS}`,
    [stateHash, now],
  );
}

export async function keepGrantedKeys(q: Queryable, id: string, sealed: string): Promise<void> {
  await q.query(`UPDATE connect_intent SET credentials = $2 WHERE id = $1`, [id, sealed]);
}

export async function findIntent(q: Queryable, id: string): Promise<ConnectIntent | null> {
  return q.maybeOne<ConnectIntent>(`SELECT ${COLUMNS} FROM connect_intent WHERE id = $1`, [id]);
}

/** Forgets the keys of intents of a merchant, whatever becomes of them. */
export async function forgetGrantedKeys(q: Queryable, merchantId: string): Promise<void> {
  await q.query(
    `UPDATE connect_intent SET credentials = NULL
      WHERE merchant_id = $1 AND credentials IS NOT NULL`,
    [merchantId],
  );
}

/** Ends intents whose keys came before this moment and were never proven. Answers how many. */
export async function endForgottenIntents(q: Queryable, before: Date): Promise<number> {
  const { rowCount } = await q.query(
    `UPDATE connect_intent SET credentials = NULL, problem = CASE WHEN connection_id IS NULL
          THEN COALESCE(problem, 'The store did not answer in time. Connect it again.') END
      WHERE credentials IS NOT NULL AND COALESCE(used_at, created_at) < $1`,
    [before],
  );
  return rowCount;
}

/** What became of it; the keys are forgotten here, whichever way it ended. */
export async function closeIntent(
  q: Queryable,
  id: string,
  end: { readonly connectionId: string | null; readonly problem: string | null },
): Promise<void> {
  await q.query(
    `UPDATE connect_intent SET credentials = NULL, connection_id = $2, problem = $3 WHERE id = $1`,
    [id, end.connectionId, end.problem],
  );
}
