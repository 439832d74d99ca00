import type { SandboxReply } from '../core';

export type Body = Record<string, unknown>;

/** JSON as PHP's encoder writes it: slashes escaped, everything beyond ASCII as \uXXXX. */
export function phpJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u007f-\uffff]/g, (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
}

export function wordpressError(
  code: string,
  message: string,
  status: number,
  data: Body = {},
): Body {
  return { code, message, data: { status, ...data } };
}

export function reply(
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): SandboxReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
    body: phpJson(value),
  };
}

export function refuse(
  code: string,
  message: string,
  status: number,
  data: Body = {},
): SandboxReply {
  return reply(status, wordpressError(code, message, status, data));
}

export const noRoute = (): SandboxReply =>
  refuse('rest_no_route', 'No route was found matching the URL and request method.', 404);

export const invalidId = (code: string, status = 404): SandboxReply =>
  refuse(code, 'Invalid ID.', status);

export function invalidParam(name: string, message: string): SandboxReply {
  return refuse('rest_invalid_param', `Invalid parameter(s): ${name}`, 400, {
    params: { [name]: message },
    details: { [name]: { code: 'rest_invalid_type', message, data: { param: name } } },
  });
}

/** `_fields=a,b.c` keeps the named top-level fields. */
export function pickFields(value: unknown, fields: string | null): unknown {
  if (fields === null || fields === '') return value;
  if (Array.isArray(value)) return value.map((entry: unknown) => pickFields(entry, fields));
  if (typeof value !== 'object' || value === null) return value;
  const wanted = new Set(fields.split(',').map((field) => field.trim().split('.')[0]));
  return Object.fromEntries(Object.entries(value).filter(([name]) => wanted.has(name)));
}

/** Dates without a zone, as WordPress writes them; the store's zone is UTC. */
export const wordpressDate = (date: Date | null): string | null =>
  date === null ? null : date.toISOString().slice(0, 19);
