/** Bugs that somebody could make any day. Each is caught by some seed. */
export type Mutant = {
  readonly name: string;
  /** What is wrong then. */
  readonly what: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
};

const LEDGER = 'prisma/migrations/20261124000900_cheaper_posts/migration.sql';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'form-ships-again',
    what: 'the key of a shipping form is not looked up',
    file: 'app/operations/fulfillment/ship-fulfillment-order.ts',
    find: 'if (earlier !== null) {',
    replace: 'if (earlier !== null && Number.isNaN(0)) {',
  },
  {
    name: 'adjusted-twice',
    what: 'the key of an adjustment is another with every press',
    file: 'app/operations/stock/adjust-stock.ts',
    find: 'key: `adjust:${input.idempotencyKey}`,',
    replace: 'key: `adjust:${input.idempotencyKey}:${String(Math.random())}`,',
  },
  {
    name: 'no-audit',
    what: 'an adjustment leaves no record of who and why',
    file: 'app/operations/stock/adjust-stock.ts',
    find: `if (result?.outcome === 'done') {`,
    replace: `if (result?.outcome === 'done' && change > 99) {`,
  },
  {
    name: 'leases-never-end',
    what: 'jobs of a worker that died are not taken back',
    file: 'app/store/job-claims.ts',
    find: `WHERE state = 'running' AND lease_until < now()`,
    replace: `WHERE state = 'running' AND lease_until < now() - interval '1 year'`,
  },
  {
    name: 'short-for-ever',
    what: 'orders that wait for stock are not woken when it comes',
    file: 'app/store/short-lines.ts',
    find: 'WHERE item_id = ANY($2::uuid[]) AND merchant_id = $1 AND short_quantity > 0',
    replace: 'WHERE item_id = ANY($2::uuid[]) AND merchant_id = $1 AND short_quantity > 999',
  },
  {
    name: 'units-kept',
    what: 'units of a cancelled order are free again, and still counted as its own',
    file: 'app/operations/orders/stock-work.ts',
    find: 'work.allocationChanges.push({ id: allocation.id, shipped: 0, released: quantity });',
    replace: 'if (quantity > 99) work.allocationChanges.push();',
  },
  {
    name: 'poll-looks-ahead',
    what: 'polling for orders leaves out the last minute before the poll',
    file: 'app/operations/sync/poll-orders.ts',
    find: 'connection.ordersSeenUntil.getTime() - OVERLAP_MS',
    replace: 'connection.ordersSeenUntil.getTime() + 120_000',
  },
  {
    name: 'expired-is-revoked',
    what: 'a token that ran out is not renewed',
    file: 'app/shopify.server.ts',
    find: 'if (statusOf(problem) !== 401) throw problem;',
    replace: 'if (statusOf(problem) !== 999) throw problem;',
  },
  {
    name: 'no-guard',
    what: 'taking more than there is fails with an error instead of being refused',
    file: LEDGER,
    find: 'IF NOT p_partial AND EXISTS (',
    replace: 'IF false AND EXISTS (',
  },
  {
    name: 'rises-untold',
    what: 'the ledger tells channels of units that go, and not of those that come',
    file: LEDGER,
    find: 'WHERE c.available <> 0 ORDER BY pub.id',
    replace: 'WHERE c.available < 0 ORDER BY pub.id',
  },
  {
    name: 'twin-not-seen',
    what: 'a post whose twin has committed is posted again',
    file: LEDGER,
    find: 'WHERE m.merchant_id = p_merchant AND m.idempotency_key = i.key OFFSET 0) m ON true;',
    replace: `WHERE m.merchant_id = p_merchant AND m.idempotency_key = i.key || '?' OFFSET 0) m ON true;`,
  },
  {
    name: 'old-reading-wins',
    what: 'an order read before is taken over one read after',
    file: 'app/operations/orders/take-orders.ts',
    find: 'return stored !== undefined && incoming.version < stored.version;',
    replace: 'return stored !== undefined && incoming.version > stored.version;',
  },
];
