/** Every place of the database that holds sealed secrets, for sealing them anew. */
import type { Queryable } from '../platform/database';

/** Names of tables and columns are ours, never from outside. */
export type SealedPlace = {
  readonly table: 'session' | 'connection' | 'connect_intent' | 'privacy_request';
  readonly column: string;
  /** What a secret in this row is bound to: the same text its owner seals it with. */
  contextOf(id: string): string;
};

export const SEALED_PLACES: readonly SealedPlace[] = [
  {
    table: 'session',
    column: 'access_token',
    contextOf: (id) => `session:${id}:accessToken`,
  },
  {
    table: 'session',
    column: 'refresh_token',
    contextOf: (id) => `session:${id}:refreshToken`,
  },
  { table: 'connection', column: 'credentials', contextOf: (id) => `connection:${id}` },
  { table: 'connection', column: 'webhook_secret', contextOf: (id) => `webhook:${id}` },
  { table: 'connect_intent', column: 'credentials', contextOf: (id) => `intent:${id}` },
  { table: 'privacy_request', column: 'export', contextOf: (id) => `privacy_request:${id}` },
];

export type SealedSecret = { readonly id: string; readonly sealed: string };

/** Secrets of a place that another key has sealed, after this id, in the order of ids. */
export async function findSealedWithOthers(
  q: Queryable,
  { table, column }: SealedPlace,
  keyId: string,
  after: string | null,
  limit: number,
): Promise<readonly SealedSecret[]> {
  const { rows } = await q.query<SealedSecret>(
    `SELECT id::text AS id, ${column} AS sealed FROM ${table}
      WHERE ${column} IS NOT NULL AND split_part(${column}, '.', 2) <> $1
        AND ($2::text IS NULL OR id > ($2::text)::${idType(table)})
      ORDER BY ${table}.id LIMIT $3`,
    [keyId, after, limit],
  );
  return rows;
}

/**
 * Puts newly sealed texts where the old ones are. A secret that was replaced since it was read
 * keeps its newer text. Answers how many were put.
 */
export async function replaceSealed(
  q: Queryable,
  { table, column }: SealedPlace,
  secrets: readonly (SealedSecret & { readonly resealed: string })[],
): Promise<number> {
  const { rowCount } = await q.query(
    `UPDATE ${table} t SET ${column} = s.resealed
       FROM unnest($1::text[], $2::text[], $3::text[]) AS s(id, sealed, resealed)
      WHERE t.id = s.id::${idType(table)} AND t.${column} = s.sealed`,
    [
      secrets.map(({ id }) => id),
      secrets.map(({ sealed }) => sealed),
      secrets.map(({ resealed }) => resealed),
    ],
  );
  return rowCount;
}

/** How many secrets of a place each key has sealed, by the key's id. */
export async function countByKey(
  q: Queryable,
  { table, column }: SealedPlace,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await q.query<{ key: string; count: number }>(
    `SELECT split_part(${column}, '.', 2) AS key, count(*) AS count FROM ${table}
      WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 1`,
  );
  return new Map(rows.map(({ key, count }) => [key, count]));
}

function idType(table: SealedPlace['table']): string {
  return table === 'session' ? 'text' : 'uuid';
}
