/** Shopify's global id: gid://shopify/<Type>/<digits>. */
export const gid = (type: string, digits: string): string => `gid://shopify/${type}/${digits}`;

/** The digits at the end of a global id; an inventory level's keeps its item in the query part. */
export const digitsOf = (id: string): string => id.split('?')[0]?.split('/').pop() ?? '';

export const typeOf = (id: string): string => id.split('/')[3] ?? '';

/**
 * JSON with whole numbers of any size: Shopify's REST ids may exceed 2^53, so they are held as
 * BigInt and written as plain digits.
 */
export function toJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return JSON.stringify(restTime(value));
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${toJson(field)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Times in REST bodies have no milliseconds. */
export const restTime = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');
