import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Clock } from './clock';
import type { Faults, RequestFault } from './faults';
import type { Journal } from './journal';
import type { Transmit } from './webhook-sender';

/** A request as a simulated system sees it: the body is raw bytes, read in full. */
export type SandboxRequest = {
  readonly method: string;
  /** Path without the query string. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: Buffer;
};

export type SandboxReply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
};

export type SandboxServer = { readonly url: string; readonly port: number; close(): Promise<void> };

/** Who the request is for, and what it asks: decides faults and the journal line. */
export type RequestSubject = { readonly account: string; readonly operation: string | null };

export type ApiGuard = {
  readonly system: string;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly journal: Journal;
  /** The system's own way to say "too many calls". */
  throttled(): SandboxReply;
  unauthorized(): SandboxReply;
};

export const json = (status: number, value: unknown, headers = {}): SandboxReply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
});

export const html = (status: number, body: string, headers = {}): SandboxReply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body,
});

/** Leave the caller waiting; the connection is cut when the server closes. */
export const HANG: SandboxReply = { status: -1, body: '' };

/** A system that is called without a network, by a world that decides what comes when. */
export type Unserved = {
  /** What it takes for its own address. */
  readonly url: string;
  readonly transmit: Transmit;
};

const BODY_BYTES_MAX = 20_000_000;

/**
 * Serves one handler on loopback. An exception in the handler is a bug of the sandbox: it is
 * answered with 500 and its message in plain text, so a test sees the reason at once.
 */
export async function serveOnLoopback(
  handler: (request: SandboxRequest) => SandboxReply | Promise<SandboxReply>,
  port = 0,
): Promise<SandboxServer> {
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing, handler);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** On loopback, or nowhere: then only whoever holds the handler can call it. */
export async function serveOrNot(
  handler: (request: SandboxRequest) => SandboxReply | Promise<SandboxReply>,
  where: { readonly port?: number | undefined; readonly unserved?: Unserved | undefined },
): Promise<Pick<SandboxServer, 'url' | 'close'>> {
  if (where.unserved === undefined) return serveOnLoopback(handler, where.port);
  return { url: where.unserved.url, close: () => Promise.resolve() };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handler: (request: SandboxRequest) => SandboxReply | Promise<SandboxReply>,
): Promise<void> {
  try {
    const reply = await handler(await readRequest(incoming));
    if (reply === HANG) return;
    outgoing.writeHead(reply.status, reply.headers ?? {});
    outgoing.end(reply.body);
  } catch (error) {
    if (outgoing.headersSent) return;
    outgoing.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
    outgoing.end(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

async function readRequest(incoming: IncomingMessage): Promise<SandboxRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new Error('request body over 20 MB');
    chunks.push(chunk);
  }
  const url = new URL(incoming.url ?? '/', 'http://sandbox');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers,
    rawBody: Buffer.concat(chunks),
  };
}

/**
 * Runs an API call under the account's faults and records it in the journal. `act` is not called
 * where the fault says nothing happened, and is called where the fault strikes afterwards.
 */
export async function guardApiCall(
  guard: ApiGuard,
  request: SandboxRequest,
  subject: RequestSubject,
  act: () => SandboxReply | Promise<SandboxReply>,
): Promise<SandboxReply> {
  const label = `${request.method} ${request.path} ${subject.operation ?? ''}`;
  const struck = guard.faults.forRequest(subject.account, label);
  if (struck?.fault === 'slow') await guard.clock.sleep(struck.setting.milliseconds);
  const reply = await underFault(guard, struck?.fault ?? null, act);
  guard.journal.record({
    system: guard.system,
    account: subject.account,
    method: request.method,
    path: request.path + (request.query.size > 0 ? `?${request.query.toString()}` : ''),
    operation: subject.operation,
    headers: request.headers,
    body: request.rawBody.toString('utf8'),
    status: reply === HANG ? null : reply.status,
    fault: struck?.fault ?? null,
    answer: reply.body.toString(),
  });
  return reply;
}

async function underFault(
  guard: ApiGuard,
  fault: RequestFault | null,
  act: () => SandboxReply | Promise<SandboxReply>,
): Promise<SandboxReply> {
  switch (fault) {
    case 'throttle':
      return guard.throttled();
    case 'unauthorized':
      return guard.unauthorized();
    case 'frozen':
      return json(402, { errors: 'Payment Required' });
    case 'forbidden':
      return json(403, { errors: 'Forbidden' });
    case 'locked':
      return json(423, { errors: 'Locked' });
    case 'serverError':
      return json(500, { errors: 'Internal Server Error' });
    case 'htmlAnswer':
      return html(200, '<!doctype html><title>Be right back</title><h1>Be right back</h1>');
    case 'emptyAnswer':
      return { status: 200, body: '' };
    case 'hangBefore':
      return HANG;
    case 'hangAfter':
      await act();
      return HANG;
    case 'errorAfter':
      await act();
      return json(500, { errors: 'Internal Server Error' });
    case 'slow':
    case null:
      return act();
  }
}
