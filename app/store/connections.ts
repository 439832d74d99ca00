import type { Oversell, StockPolicy } from '../domain/stock/stock-policy';
import type { Queryable } from '../platform/database';

export type ConnectionStatus = 'connected' | 'needs_attention' | 'disconnected';

export type StoredConnection = {
  readonly id: string;
  readonly merchantId: string;
  readonly kind: string;
  readonly account: string;
  readonly name: string;
  readonly status: ConnectionStatus;
  readonly statusReason: string | null;
  /** Sealed. */
  readonly credentials: string | null;
  /** Sealed. */
  readonly webhookSecret: string | null;
  readonly bufferUnits: number;
  readonly sharePercent: number;
  readonly capUnits: number | null;
  readonly oversell: Oversell;
  readonly brakePercent: number;
  /** Since when the brake holds its push. */
  readonly brakedAt: Date | null;
  /** A person has said "go live". Numbers are sent once its orders are imported, too: `isLive`. */
  readonly publishing: boolean;
  /** When its orders had been read; null = not yet, or not again since it was disconnected. */
  readonly importedAt: Date | null;
  readonly ordersSeenUntil: Date | null;
  readonly listingsSeenUntil: Date | null;
  readonly webhooksCheckedAt: Date | null;
  readonly createdAt: Date;
};

/** Its numbers are sent: somebody said so, its orders are known, and it accepts us. */
export function isLive(
  connection: Pick<StoredConnection, 'publishing' | 'importedAt' | 'status'>,
): boolean {
  return (
    connection.publishing && connection.importedAt !== null && connection.status === 'connected'
  );
}

/** The same in SQL, of connection `c`. */
export const IS_LIVE = `c.publishing AND c.imported_at IS NOT NULL AND c.status = 'connected'`;

const COLUMNS = `id, merchant_id AS "merchantId", kind, account, name, status,
  status_reason AS "statusReason", credentials, webhook_secret AS "webhookSecret",
  buffer_units AS "bufferUnits", share_percent AS "sharePercent", cap_units AS "capUnits", oversell,
  brake_percent AS "brakePercent", braked_at AS "brakedAt", publishing, imported_at AS "importedAt",
  orders_seen_until AS "ordersSeenUntil", listings_seen_until AS "listingsSeenUntil",
  webhooks_checked_at AS "webhooksCheckedAt",
  created_at AS "createdAt"`;

/** The merchant's connection, or null: also for another merchant's id. */
export async function findConnection(
  q: Queryable,
  merchantId: string,
  connectionId: string,
): Promise<StoredConnection | null> {
  return q.maybeOne<StoredConnection>(
    `SELECT ${COLUMNS} FROM connection WHERE id = $2 AND merchant_id = $1`,
    [merchantId, connectionId],
  );
}

/** Whoever's it is: for work that a connection itself started (webhooks, jobs). */
export async function findConnectionById(
  q: Queryable,
  connectionId: string,
): Promise<StoredConnection | null> {
  return q.maybeOne<StoredConnection>(`SELECT ${COLUMNS} FROM connection WHERE id = $1`, [
    connectionId,
  ]);
}

export async function findConnectionByAccount(
  q: Queryable,
  kind: string,
  account: string,
): Promise<StoredConnection | null> {
  return q.maybeOne<StoredConnection>(
    `SELECT ${COLUMNS} FROM connection WHERE kind = $1 AND account = $2`,
    [kind, account],
  );
}

export async function listConnected(q: Queryable): Promise<readonly StoredConnection[]> {
  const { rows } = await q.query<StoredConnection>(
    `SELECT ${COLUMNS} FROM connection WHERE status <> 'disconnected' ORDER BY id`,
  );
  return rows;
}

/**
 * When those of these connections were made that are not disconnected. They stay so until the
 * transaction ends as far as an erasure goes, which `lockConnectionsOf`; nothing else waits.
 */
export async function keepOpenConnections(
  q: Queryable,
  merchantId: string,
  connectionIds: readonly string[],
): Promise<Map<string, Date>> {
  const { rows } = await q.query<{ id: string; createdAt: Date }>(
    `SELECT id, created_at AS "createdAt" FROM connection
      WHERE merchant_id = $1 AND id = ANY($2::uuid[]) AND status <> 'disconnected'
      ORDER BY id FOR KEY SHARE`,
    [merchantId, connectionIds],
    { name: 'keep_connections' },
  );
  return new Map(rows.map((row) => [row.id, row.createdAt]));
}

/**
 * Locks all connections of a merchant against everything that takes orders or messages in, and
 * waits for what of that is under way. Answers those that are not disconnected.
 */
export async function lockConnectionsOf(
  q: Queryable,
  merchantId: string,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string; status: ConnectionStatus }>(
    `SELECT id, status FROM connection WHERE merchant_id = $1 ORDER BY id FOR UPDATE`,
    [merchantId],
  );
  return rows.filter(({ status }) => status !== 'disconnected').map(({ id }) => id);
}

export type NewConnection = {
  readonly id: string;
  readonly merchantId: string;
  readonly kind: string;
  readonly account: string;
  readonly name: string;
  readonly credentials: string | null;
  readonly webhookSecret: string | null;
};

/**
 * Makes the connection, or revives the one of the same account. Its history before this moment
 * stays history: created_at moves only for a new row.
 */
export async function saveConnection(
  q: Queryable,
  connection: NewConnection,
): Promise<{ readonly id: string }> {
  return q.one<{ id: string }>(
    `INSERT INTO connection (id, merchant_id, kind, account, name, credentials, webhook_secret)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (kind, account) DO UPDATE SET name = excluded.name, status = 'connected',
       status_reason = NULL, disconnected_at = NULL,
       credentials = COALESCE(excluded.credentials, connection.credentials),
       webhook_secret = COALESCE(excluded.webhook_secret, connection.webhook_secret)
     RETURNING id`,
    [
      connection.id,
      connection.merchantId,
      connection.kind,
      connection.account,
      connection.name,
      connection.credentials,
      connection.webhookSecret,
    ],
  );
}

/**
 * Changes the standing of a connection. A disconnected one forgets its credentials, and that its
 * orders are known; that it was live it remembers, and is live again once they have been read.
 * What still ran when it was disconnected, and is refused now, needs nobody's attention.
 */
export async function setConnectionStatus(
  q: Queryable,
  connectionId: string,
  status: ConnectionStatus,
  reason: string | null,
): Promise<boolean> {
  const { rowCount } = await q.query(
    `UPDATE connection SET status = $2, status_reason = $3,
        disconnected_at = CASE WHEN $2 = 'disconnected' THEN now() END,
        imported_at = CASE WHEN $2 <> 'disconnected' THEN imported_at END,
        credentials = CASE WHEN $2 = 'disconnected' THEN NULL ELSE credentials END,
        webhook_secret = CASE WHEN $2 = 'disconnected' THEN NULL ELSE webhook_secret END
      WHERE id = $1 AND (status, status_reason) IS DISTINCT FROM ($2, $3)
        AND NOT (status = 'disconnected' AND $2 = 'needs_attention')`,
    [connectionId, status, reason],
  );
  return rowCount > 0;
}

/** Notes what a connection last said no to; shown with its health. */
export async function noteConnectionError(
  q: Queryable,
  connectionId: string,
  message: string,
): Promise<void> {
  await q.query(`UPDATE connection SET last_error = $2, last_error_at = now() WHERE id = $1`, [
    connectionId,
    message.slice(0, 500),
  ]);
}

export async function setOrdersSeenUntil(
  q: Queryable,
  connectionId: string,
  until: Date,
): Promise<void> {
  await q.query(
    `UPDATE connection SET orders_seen_until = GREATEST(orders_seen_until, $2) WHERE id = $1`,
    [connectionId, until],
  );
}

/** All listings changed up to then have been read. */
export async function setListingsSeenUntil(
  q: Queryable,
  connectionId: string,
  until: Date,
): Promise<void> {
  await q.query(
    `UPDATE connection SET listings_seen_until = GREATEST(listings_seen_until, $2) WHERE id = $1`,
    [connectionId, until],
  );
}

/** The channel's webhooks were all in order then; null = they have yet to be made. */
export async function setWebhooksChecked(
  q: Queryable,
  connectionId: string,
  at: Date | null,
): Promise<void> {
  await q.query(`UPDATE connection SET webhooks_checked_at = $2 WHERE id = $1`, [connectionId, at]);
}

/** Its orders are known: numbers sent from now on take them into account. */
export async function setImported(q: Queryable, connectionId: string): Promise<void> {
  await q.query(
    `UPDATE connection SET imported_at = now() WHERE id = $1 AND status <> 'disconnected'`,
    [connectionId],
  );
}

/** Whether its numbers are sent, as a person said. Nothing is braked while none is. */
export async function setPublishing(
  q: Queryable,
  connectionId: string,
  publishing: boolean,
): Promise<void> {
  await q.query(
    `UPDATE connection SET publishing = $2, braked_at = NULL, braked_detail = NULL WHERE id = $1`,
    [connectionId, publishing],
  );
}

export async function savePolicy(
  q: Queryable,
  connectionId: string,
  policy: StockPolicy & { readonly brakePercent: number },
): Promise<void> {
  await q.query(
    `UPDATE connection SET buffer_units = $2, share_percent = $3, cap_units = $4, oversell = $5,
        brake_percent = $6 WHERE id = $1`,
    [
      connectionId,
      policy.bufferUnits,
      policy.sharePercent,
      policy.capUnits,
      policy.oversell,
      policy.brakePercent,
    ],
  );
}
