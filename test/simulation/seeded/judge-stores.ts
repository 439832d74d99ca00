/** What the two stores have, beside what Crossdock has of it. */
import type { Judged } from './judged';
import type { SimWorld } from './world';

type Wanted = {
  readonly ref: string;
  readonly sku: string;
  /** Units the store wants in all, and of these not given back. */
  readonly ordered: number;
  readonly current: number;
  readonly cancelled: boolean;
  readonly gone: boolean;
};

function wantedOf({ shop, woo }: SimWorld): readonly Wanted[] {
  const shopLines = [...shop.state.orders.values()].flatMap((order) =>
    order.lines.map((line) => ({
      ref: order.id,
      sku: line.sku,
      ordered: line.quantity,
      current: line.currentQuantity,
      cancelled: order.cancelledAt !== null,
      gone: false,
    })),
  );
  const wooLines = [...woo.state.orders.values()].flatMap((order) =>
    order.lines.map((line) => ({
      ref: String(order.id),
      sku: line.sku,
      ordered: line.quantity,
      current:
        line.quantity -
        order.refunds
          .flatMap((refund) => refund.lines)
          .filter(({ line: refunded }) => refunded.id === line.id)
          .reduce((sum, { quantity }) => sum + quantity, 0),
      cancelled: ['cancelled', 'failed', 'refunded'].includes(order.status),
      gone: order.status === 'trash',
    })),
  );
  return [...shopLines, ...wooLines];
}

type StoredLine = {
  readonly ref: string;
  readonly sku: string;
  readonly status: string;
  readonly cancelState: string | null;
  readonly open: number;
  readonly shipped: number;
};

/** Every order of the stores is here, each of its units promised, shipped, or short. */
export async function orderProblems({ db, world }: Judged): Promise<string[]> {
  const { rows } = await db.query<StoredLine>(
    `SELECT o.external_ref AS ref, l.sku, o.status, o.cancel_state AS "cancelState",
        sum(l.allocated_quantity + l.short_quantity)::int AS open,
        sum(l.shipped_quantity)::int AS shipped
       FROM customer_order o JOIN order_line l ON l.order_id = o.id
      GROUP BY o.id, l.sku`,
  );
  const stored = new Map(rows.map((row) => [`${row.ref} ${row.sku}`, row]));
  const wanted = new Map<string, Wanted>();
  for (const line of wantedOf(world)) {
    const key = `${line.ref} ${line.sku}`;
    const same = wanted.get(key);
    wanted.set(key, {
      ...line,
      ordered: line.ordered + (same?.ordered ?? 0),
      current: line.current + (same?.current ?? 0),
    });
  }
  const problems = [...wanted].flatMap(([key, line]) => lineProblem(line, stored.get(key)));
  for (const [key, { open }] of stored) {
    if (open > 0 && !wanted.has(key)) problems.push(`${key} is still promised; no store has it`);
  }
  return problems;
}

function lineProblem(wanted: Wanted, line: StoredLine | undefined): string[] {
  const { ref, sku } = wanted;
  if (line === undefined) {
    // What was over before it was ever seen need not have been taken in.
    return wanted.gone || wanted.cancelled || wanted.current === 0
      ? []
      : [`order ${ref} lacks ${sku}`];
  }
  if (wanted.gone || wanted.cancelled) {
    return line.open === 0 ? [] : [`order ${ref} is over, but ${String(line.open)} ${sku} wait`];
  }
  if (line.status === 'cancelled' && line.cancelState !== 'refused' && wanted.current > 0) {
    return [`order ${ref} is cancelled here, and not in its store`];
  }
  const least = Math.max(0, wanted.current - line.shipped);
  const most = Math.max(least, Math.min(wanted.current, wanted.ordered - line.shipped));
  return line.open >= least && line.open <= most
    ? []
    : [
        `order ${ref}, ${sku}: ${String(line.open)} promised or short and ${String(line.shipped)} ` +
          `shipped of ${String(wanted.current)}`,
      ];
}

type Parcel = {
  readonly number: string;
  readonly state: string;
  readonly ref: string;
  readonly detail: string | null;
};

/** Every parcel of ours reached its store once; or a person sees why not. */
export async function parcelProblems({ db, world }: Judged): Promise<string[]> {
  const { rows } = await db.query<Parcel>(
    `SELECT f.tracking_number AS number, f.report_state AS state, f.report_detail AS detail,
        o.external_ref AS ref
       FROM fulfillment f JOIN customer_order o ON o.id = f.order_id
      WHERE f.origin = 'crossdock'`,
  );
  const told = trackingNumbersOf(world);
  const over = new Set(
    wantedOf(world)
      .filter(({ cancelled, gone, current }) => cancelled || gone || current === 0)
      .map(({ ref }) => ref),
  );
  const existing = new Set(wantedOf(world).map(({ ref }) => ref));
  return rows.flatMap(({ number, state, ref, detail }) => {
    const times = told.filter((one) => one === number).length;
    if (times === 1) return state === 'refused' ? [`${number} arrived, but says refused`] : [];
    if (times > 1) return [`${number} reached its store ${String(times)} times`];
    const excused = (over.has(ref) || !existing.has(ref)) && state !== 'pending';
    return excused ? [] : [`${number} (${state} ${detail ?? ''}) never reached its store`];
  });
}

function trackingNumbersOf({ shop, woo }: SimWorld): readonly string[] {
  const numbers = [
    ...[...shop.state.fulfillments.values()].flatMap((one) => one.trackingNumbers),
    ...[...woo.state.orders.values()].flatMap((order) =>
      order.fulfillments.map(({ meta }) =>
        String(meta.find(({ key }) => key === '_tracking_number')?.value),
      ),
    ),
  ];
  return numbers.flatMap((number) => number.split(/[,\s]+/));
}

/** Each store shows what the ledger has for it. */
export async function numberProblems({ db, world, merchant }: Judged): Promise<string[]> {
  const { rows } = await db.query<{ sku: string; location: string; available: number }>(
    `SELECT i.sku, lo.name AS location, l.available FROM stock_level l
       JOIN item i ON i.id = l.item_id JOIN location lo ON lo.id = l.location_id
      WHERE l.merchant_id = $1`,
    [merchant.merchantId],
  );
  const { buffer } = await db.one<{ buffer: number }>(
    `SELECT buffer_units AS buffer FROM connection WHERE id = $1`,
    [merchant.wooId],
  );
  const problems = rows.flatMap(({ sku, location, available }) => {
    const shown = world.shop.available(sku, location);
    return shown === available
      ? []
      : [`Shopify shows ${String(shown)} ${sku} in ${location}, not ${String(available)}`];
  });
  for (const { sku, stockQuantity } of world.woo.state.products.values()) {
    const sum = rows
      .filter((row) => row.sku === sku)
      .reduce((units, { available }) => units + available, 0);
    const wanted = Math.max(0, sum - buffer);
    if (stockQuantity !== wanted) {
      problems.push(`WooCommerce shows ${String(stockQuantity)} ${sku}, not ${String(wanted)}`);
    }
  }
  return problems;
}
