/** Which location ships what, as a channel that keeps locations of its own is told. */
import type { ChannelWork } from '../contracts/channel';
import type { Queryable } from '../platform/database';
import { type NewJob, enqueueJobs } from './jobs';

/** Told after numbers are: a late word about the place costs nobody a sale. */
const TELL_PRIORITY = 150;
/**
 * Shopify routes an order itself right after it was placed; one telling answers both. Soon, because
 * until then Shopify has the units taken from other places than we have.
 */
const GATHER_MS = 500;

export type OrderKey = { readonly orderId: string; readonly connectionId: string };

/**
 * Tells an order's channel where it ships from, or looks at what somebody moved there to
 * `movedTo` (the channel's location). One at a time per order and with the reports of its
 * parcels, so that none of them crosses another. `now`: what changes within a moment of it is told
 * together; absent = at once.
 */
export function moveWorkJob(
  merchantId: string,
  order: OrderKey,
  movedTo: string | null,
  now: Date | null,
): NewJob {
  const about = movedTo === null ? order.orderId : `${order.orderId} to ${movedTo}`;
  return {
    kind: 'move-work',
    merchantId,
    connectionId: order.connectionId,
    payload: { merchantId, orderId: order.orderId, movedTo },
    serialKey: `report:${order.orderId}`,
    dedupeKey: `move-work:${about}`,
    priority: TELL_PRIORITY,
    runAt: now === null ? null : new Date(now.getTime() + GATHER_MS),
    causeKind: 'order',
    causeId: order.orderId,
  };
}

/** Enqueues the telling for orders whose channel has more than one location to choose from. */
export async function enqueueMoveWork(
  q: Queryable,
  merchantId: string,
  orders: readonly OrderKey[],
): Promise<void> {
  if (orders.length === 0) return;
  const several = await connectionsOfSeveralPlaces(q, merchantId, [
    ...new Set(orders.map(({ connectionId }) => connectionId)),
  ]);
  await enqueueJobs(
    q,
    orders
      .filter(({ connectionId }) => several.has(connectionId))
      .map((order) => moveWorkJob(merchantId, order, null, null)),
  );
}

export async function connectionsOfSeveralPlaces(
  q: Queryable,
  merchantId: string,
  connectionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await q.query<{ id: string }>(
    `SELECT connection_id AS id FROM connection_location
      WHERE merchant_id = $1 AND connection_id = ANY($2::uuid[]) AND external_ref <> ''
      GROUP BY connection_id HAVING count(*) > 1`,
    [merchantId, connectionIds],
    { name: 'connections_of_several_places' },
  );
  return new Set(rows.map(({ id }) => id));
}

/** Null for an order we have not seen (yet). */
export async function findOrderId(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  orderRef: string,
): Promise<string | null> {
  const row = await q.maybeOne<{ id: string }>(
    `SELECT id FROM customer_order
      WHERE merchant_id = $1 AND connection_id = $2 AND external_ref = $3`,
    [merchantId, connectionId, orderRef],
  );
  return row?.id ?? null;
}

/** Fulfillments of an order that its channel did not accept, oldest first. */
export async function refusedReports(
  q: Queryable,
  connectionId: string,
  orderRef: string,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string }>(
    `SELECT f.id FROM fulfillment f JOIN customer_order o ON o.id = f.order_id
      WHERE o.connection_id = $1 AND o.external_ref = $2 AND f.report_state = 'refused'
      ORDER BY f.shipped_at, f.id`,
    [connectionId, orderRef],
  );
  return rows.map(({ id }) => id);
}

export type WorkToTell = {
  readonly orderId: string;
  readonly orderRef: string;
  readonly connectionId: string;
  /** What is promised and not shipped, in the channel's own lines and locations. */
  readonly work: readonly ChannelWork[];
};

type OpenRow = {
  /** The channel's line. */
  readonly lineRef: string;
  /** The line that is promised: the same one, or a component of it. */
  readonly lineId: string;
  /** Units of it that make one of the channel's line. */
  readonly units: number;
  readonly locationRef: string;
  readonly quantity: number;
};

/**
 * Null when there is no such order. Kits are told in whole kits: as many as every component has at
 * a location. Locations the channel does not know are left out.
 */
export async function findWorkToTell(
  q: Queryable,
  merchantId: string,
  orderId: string,
): Promise<WorkToTell | null> {
  const order = await q.maybeOne<Omit<WorkToTell, 'work'>>(
    `SELECT id AS "orderId", external_ref AS "orderRef", connection_id AS "connectionId"
       FROM customer_order WHERE merchant_id = $1 AND id = $2`,
    [merchantId, orderId],
  );
  if (order === null) return null;
  const { rows } = await q.query<OpenRow>(
    `SELECT COALESCE(p.external_ref, l.external_ref) AS "lineRef", l.id AS "lineId",
        CASE WHEN p.id IS NULL THEN 1 ELSE COALESCE(l.units_per_parent, 1) END AS units,
        cl.external_ref AS "locationRef", sum(a.quantity)::int AS quantity
       FROM allocation a
       JOIN order_line l ON l.id = a.order_line_id
       LEFT JOIN order_line p ON p.id = l.parent_line_id
       JOIN connection_location cl
         ON cl.connection_id = $2 AND cl.location_id = a.location_id AND cl.external_ref <> ''
      WHERE l.order_id = $1 AND a.quantity > 0
      GROUP BY p.id, p.external_ref, l.id, cl.external_ref
      ORDER BY 1, 4, 2`,
    [orderId, order.connectionId],
  );
  const components = await q.query<{ lineRef: string; count: number }>(
    `SELECT p.external_ref AS "lineRef", count(*)::int AS count
       FROM order_line l JOIN order_line p ON p.id = l.parent_line_id
      WHERE l.order_id = $1 GROUP BY p.external_ref`,
    [orderId],
  );
  const kits = new Map(components.rows.map(({ lineRef, count }) => [lineRef, count]));
  return { ...order, work: wholeUnits(rows, kits) };
}

/** Per channel line and location: the fewest whole units its components make there. */
function wholeUnits(
  rows: readonly OpenRow[],
  kits: ReadonlyMap<string, number>,
): readonly ChannelWork[] {
  const places = new Map<string, { row: OpenRow; made: number[] }>();
  for (const row of rows) {
    const key = `${row.lineRef} ${row.locationRef}`;
    const place = places.get(key) ?? { row, made: [] };
    place.made.push(Math.floor(row.quantity / row.units));
    places.set(key, place);
  }
  return [...places.values()].flatMap(({ row: { lineRef, locationRef }, made }) => {
    const complete = made.length === (kits.get(lineRef) ?? 1);
    const quantity = complete ? Math.min(...made) : 0;
    return quantity > 0 ? [{ lineRef, locationRef, quantity }] : [];
  });
}

/** Whether the channel is about to be told of a newer routing of ours. */
export async function isToBeTold(q: Queryable, orderId: string): Promise<boolean> {
  const row = await q.one<{ waits: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM job
       WHERE dedupe_key = $1 AND state IN ('queued', 'running')) AS waits`,
    [`move-work:${orderId}`],
  );
  return row.waits;
}

/** What was last noted about the order's place in its channel; null = nothing ever. */
export async function lastWorkNote(
  q: Queryable,
  merchantId: string,
  orderId: string,
): Promise<{ readonly action: string; readonly message: string | null } | null> {
  return q.maybeOne<{ action: string; message: string | null }>(
    `SELECT action, data->>'message' AS message FROM audit_record
      WHERE merchant_id = $1 AND subject_id = $2
        AND action IN ('order.work_told', 'order.work_refused', 'order.work_differs')
      ORDER BY at DESC, id DESC LIMIT 1`,
    [merchantId, orderId],
  );
}

/** Our location behind one of the channel's; null when it is not mapped. */
export async function findLocationByRef(
  q: Queryable,
  connectionId: string,
  locationRef: string,
): Promise<string | null> {
  const row = await q.maybeOne<{ id: string }>(
    `SELECT location_id AS id FROM connection_location
      WHERE connection_id = $1 AND external_ref = $2 LIMIT 1`,
    [connectionId, locationRef],
  );
  return row?.id ?? null;
}
