import type { Queryable } from '../../app/platform/database';

/** Those of the tables that say this anywhere, in whatever column, upper or lower case. */
export async function mentionedIn(
  q: Queryable,
  tables: readonly string[],
  text: string,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ name: string }>(
    tables
      .map(
        (name) => `SELECT '${name}' AS name WHERE EXISTS
          (SELECT 1 FROM ${name} t WHERE t::text ILIKE '%' || $1 || '%')`,
      )
      .join(' UNION ALL '),
    [text],
  );
  return rows.map(({ name }) => name);
}
