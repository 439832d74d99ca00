/** The HTTP shapes every edge shares: bounded bodies in, JSON and problem details out. */

/** Why a request body was not read. */
export type BodyRefusal = 'too_large' | 'interrupted';

export type BodyOutcome =
  | { readonly status: 'read'; readonly bytes: Buffer }
  | { readonly status: 'refused'; readonly reason: BodyRefusal };

type BodySource = {
  readonly headers: { get(name: string): string | null | undefined };
  readonly body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null;
};

/**
 * The sender of a longer body than allowed is listened to for this much more, and nothing of it is
 * kept: to stop listening cuts the connection, and the sender would never read why.
 */
const DRAIN_BYTES_MAX = 16 * 1024 * 1024;

/**
 * The raw bytes of a request, never holding more than `maxBytes` of them. A declared length over
 * the limit is refused unread; an undeclared one when the sender has come to an end, or to the
 * end of our patience.
 */
export async function readBodyLimited(
  request: BodySource | Request,
  maxBytes: number,
): Promise<BodyOutcome> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBytes) return { status: 'refused', reason: 'too_large' };
  if (request.body === null) return { status: 'read', bytes: Buffer.alloc(0) };

  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (size > maxBytes + DRAIN_BYTES_MAX) break;
    }
  } catch {
    return { status: 'refused', reason: 'interrupted' };
  }
  if (size > maxBytes) return { status: 'refused', reason: 'too_large' };
  return { status: 'read', bytes: Buffer.concat(chunks) };
}

/** JSON from bytes, or undefined when they are not JSON in UTF-8. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}

export function jsonResponse(
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...headers,
    },
  });
}

/** Problem details (RFC 9457). `code` is ours: stable, for programs; `title` is for people. */
export type Problem = {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  /** Which parts of the request are wrong, by JSON pointer or field name. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
};

export function problemResponse(
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return jsonResponse({ type: 'about:blank', ...problem }, problem.status, {
    'content-type': 'application/problem+json; charset=utf-8',
    ...headers,
  });
}

/** The answer to a refused body. */
export function bodyRefusedResponse(reason: BodyRefusal): Response {
  return reason === 'too_large'
    ? problemResponse({ status: 413, code: 'body_too_large', title: 'The body is too large' })
    : problemResponse({ status: 400, code: 'body_interrupted', title: 'The body ended early' });
}
