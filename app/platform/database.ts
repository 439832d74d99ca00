/**
 * The one way to PostgreSQL: a pool, plain SQL with parameters, and transactions that are repeated
 * when the server says they may be.
 *
 * Values: timestamptz is a Date, int8 a number (an unsafe one throws), numeric a text (cast sums
 * with ::bigint), date a text, jsonb parsed. Parameters: Dates go as UTC; an array is a PostgreSQL
 * array, so JSON is passed as text (JSON.stringify) and cast with ::jsonb.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Listen, createListener } from './database-listener';
import { postgresTypes, toParameter } from './postgres-types';

const POOL_MAX_DEFAULT = 10;
const CONNECT_TIMEOUT_MS = 10_000;
/** No statement of the product takes half a minute; one that does is stuck. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** A transaction left open by a crashed caller must not hold its locks for long. */
const IDLE_TRANSACTION_TIMEOUT_MS = 60_000;
/** Deadlocks come in bursts under contention; beyond this many the caller should hear of it. */
const TRANSACTION_RETRIES_DEFAULT = 5;
const RETRY_WAIT_MS_BASE = 5;

/** serialization_failure and deadlock_detected: nothing was done, the same may be tried again. */
const REPEATABLE_CODES = new Set(['40001', '40P01']);

export type QueryOptions = {
  /** Prepares the statement once per connection under this name; for statements run all day. */
  readonly name?: string;
};

/** What both the pool and a transaction can do. `Row` is the caller's claim, not checked. */
export type Queryable = {
  query<Row extends object>(
    text: string,
    params?: readonly unknown[],
    options?: QueryOptions,
  ): Promise<QueryAnswer<Row>>;
  /** The only row. Throws when there is none, or more than one: that is a bug. */
  one<Row extends object>(text: string, params?: readonly unknown[]): Promise<Row>;
  /** The only row, or null. Throws when there is more than one. */
  maybeOne<Row extends object>(text: string, params?: readonly unknown[]): Promise<Row | null>;
};

export type QueryAnswer<Row> = {
  readonly rows: Row[];
  /** Rows returned or changed; 0 where the statement has no such number. */
  readonly rowCount: number;
};

/** Inside `transaction`. */
export type Transaction = Queryable & { readonly inTransaction: true };

export type TransactionOptions = {
  /** How often the whole function may be run again after a deadlock or serialization failure. */
  readonly retries?: number;
  readonly isolation?: 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';
  readonly readOnly?: boolean;
};

export type Database = Queryable & {
  readonly pool: pg.Pool;
  /**
   * Runs the function in a transaction, committed when it resolves and rolled back when it
   * rejects. The function may run several times, so it must have no effect outside `tx`.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Calls back on every NOTIFY of the channel; Listen says what happens on a lost connection. */
  readonly listen: Listen;
  /** Waits for queries under way, then ends all connections. */
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** Connections at most. */
  readonly max?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  /** Told about errors of idle connections, which the pool replaces by itself. */
  readonly onError?: (problem: Error) => void;
};

/** Connects on first use; a server that is down shows at the first query. */
export function createDatabase(url: string, options: DatabaseOptions = {}): Database {
  const onError = options.onError ?? (() => undefined);
  const connection = {
    connectionString: url,
    application_name: options.applicationName ?? 'crossdock',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: postgresTypes,
  };
  const pool = new pg.Pool({
    ...connection,
    max: options.max ?? POOL_MAX_DEFAULT,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
  });
  pool.on('error', onError);
  // A connection lost while it is lent out says so twice: to its query, which rejects, and to its
  // listeners. Without one, a server that restarts would end every process that is in a
  // transaction.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const listener = createListener(() => new pg.Client(connection), onError);

  return {
    ...queryable(pool),
    pool,
    transaction: (work, transactionOptions = {}) => repeatable(pool, work, transactionOptions),
    listen: listener.listen,
    async close() {
      await listener.close();
      await pool.end();
    },
  };
}

/** Whether an error is PostgreSQL's, with this SQLSTATE (and from this constraint). */
export function isPostgresError(problem: unknown, code: string, constraint?: string): boolean {
  return (
    problem instanceof pg.DatabaseError &&
    problem.code === code &&
    (constraint === undefined || problem.constraint === constraint)
  );
}

function queryable(runner: pg.Pool | pg.PoolClient): Queryable {
  const query: Queryable['query'] = async <Row extends object>(
    text: string,
    params: readonly unknown[] = [],
    options: QueryOptions = {},
  ) => {
    const answer = await runner.query<Row>({ text, values: params.map(toParameter), ...options });
    return { rows: answer.rows, rowCount: answer.rowCount ?? 0 };
  };
  const maybeOne = async <Row extends object>(text: string, params: readonly unknown[] = []) => {
    const { rows } = await query<Row>(text, params);
    if (rows.length > 1) throw new Error(`Expected one row, got ${String(rows.length)}: ${text}`);
    return rows[0] ?? null;
  };
  return {
    query,
    maybeOne,
    async one<Row extends object>(text: string, params: readonly unknown[] = []) {
      const row = await maybeOne<Row>(text, params);
      if (row === null) throw new Error(`Expected one row, got none: ${text}`);
      return row;
    },
  };
}

async function repeatable<T>(
  pool: pg.Pool,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const retries = options.retries ?? TRANSACTION_RETRIES_DEFAULT;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once(pool, work, options);
    } catch (problem) {
      if (attempt >= retries || !mayRepeat(problem)) throw problem;
      // Random, so that two that collided do not collide again.
      await sleep(RETRY_WAIT_MS_BASE * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

async function once<T>(
  pool: pg.Pool,
  work: (tx: Transaction) => Promise<T>,
  { isolation, readOnly }: TransactionOptions,
): Promise<T> {
  const client = await pool.connect();
  const begin = ['BEGIN'];
  if (isolation !== undefined) begin.push(`ISOLATION LEVEL ${isolation}`);
  if (readOnly === true) begin.push('READ ONLY');
  try {
    await client.query(begin.join(' '));
    const value = await work({ ...queryable(client), inTransaction: true });
    await commit(client);
    client.release();
    return value;
  } catch (problem) {
    // A connection that cannot even roll back is broken, and is closed instead of reused.
    const broken = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    );
    client.release(broken);
    throw problem;
  }
}

/**
 * COMMIT of a transaction in which a statement failed answers ROLLBACK without an error. That
 * happens when the work swallowed the failure; reporting success would lose its writes silently.
 */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') {
    throw new Error('The transaction was rolled back: a failed statement in it was ignored.');
  }
}

function mayRepeat(problem: unknown): boolean {
  return problem instanceof pg.DatabaseError && REPEATABLE_CODES.has(problem.code ?? '');
}
