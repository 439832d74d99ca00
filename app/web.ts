/** The web process: static files, then the Remix application, over plain HTTP behind a proxy. */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import compression from 'compression';
import express, { type NextFunction, type Request, type Response } from 'express';
import { bodyRefusedResponse } from './platform/http';
import type { Log } from './platform/log';
import { redactText } from './platform/redaction';
import type { ServeWebhook } from './webhooks/inbound/serve-webhooks';

export type WebSettings = {
  readonly build: ServerBuild;
  /** Answers stores' messages before anything else is looked at. */
  readonly webhooks: ServeWebhook;
  /** Where `remix vite:build` put the client's files. */
  readonly clientFolder: string;
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  readonly production: boolean;
  /** Told of every answer: for metrics. */
  readonly onAnswer?: (method: string, status: number, seconds: number) => void;
  /** Tests wait for less. */
  readonly patience?: Patience;
};

/** How long a client may take, in milliseconds, so that a slow one does not hold a connection. */
export type Patience = {
  readonly headersMs: number;
  /** Headers and body together. */
  readonly requestMs: number;
  /** With nothing sent either way: one that does not read its answer is cut off. */
  readonly idleMs: number;
  readonly checkEveryMs: number;
};

export type WebServer = {
  /** Of this machine, with the port that was really taken. */
  readonly url: string;
  /** Accepts nothing new, lets requests under way end until the deadline, then cuts the rest. */
  close(deadlineMs: number): Promise<void>;
};

const HASHED_FILES_MAX_AGE = '1y';
const OTHER_FILES_MAX_AGE = '1h';
/** Longer than the usual proxy keeps an idle connection, so that it is the proxy that closes. */
const KEEP_ALIVE_MS = 65_000;
/** Live pages are told something every twenty seconds, so they are never idle for so long. */
export const PATIENCE: Patience = {
  headersMs: 20_000,
  requestMs: 60_000,
  idleMs: 120_000,
  checkEveryMs: 5_000,
};
const FRAMED_BY_NOBODY = "frame-ancestors 'none';";
const HEADERS_BYTES_MAX = 16 * 1024;
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS'];
/** More than twice the largest form; what is larger is refused before anything looks at it. */
const FORM_BYTES_MAX = 1024 * 1024;
/** Where files come, piece by piece, under a limit of their own. */
const FILES_AT = '/app/inventory/import';
/** By Node's codes; all else was not HTTP. */
const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};
/** A proxy in front is expected to be on this machine or in the private network. */
const TRUSTED_PROXIES = ['loopback', 'linklocal', 'uniquelocal'];

/** Resolves when the port is open; rejects when it cannot be. */
export async function startWebServer(settings: WebSettings): Promise<WebServer> {
  const patience = settings.patience ?? PATIENCE;
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: patience.headersMs,
      requestTimeout: patience.requestMs,
      connectionsCheckingInterval: patience.checkEveryMs,
      maxHeaderSize: HEADERS_BYTES_MAX,
    },
    createApp(settings),
  );
  server.timeout = patience.idleMs;
  server.on('clientError', (problem: NodeJS.ErrnoException, socket) => {
    const status = CLIENT_ERRORS[problem.code ?? ''] ?? '400 Bad Request';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, settings.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const shown = settings.host === '0.0.0.0' ? '127.0.0.1' : settings.host;
  return {
    url: `http://${shown}:${String(port)}`,
    close: (deadlineMs) => closeServer(server, deadlineMs),
  };
}

function createApp(settings: WebSettings) {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', TRUSTED_PROXIES);
  app.use(noteAnswers(settings));
  app.use(securityHeaders);
  app.get('/health', sayAlive);
  app.use(settings.webhooks);
  app.use(compression());
  const assets = path.join(settings.clientFolder, 'assets');
  // Their names change with their content.
  app.use('/assets', express.static(assets, { immutable: true, maxAge: HASHED_FILES_MAX_AGE }));
  app.use('/assets', (_request, response) => {
    response.status(404).type('text').send('Not found');
  });
  app.use(express.static(settings.clientFolder, { maxAge: OTHER_FILES_MAX_AGE, index: false }));
  app.use(keepPrivate);
  app.use(refuseOtherMethods);
  app.use(refuseLargeForms);
  const mode = settings.production ? 'production' : 'development';
  const handle = createRequestHandler({ build: settings.build, mode });
  // It rejects never: what fails in it goes to `next`.
  app.all('*', (request, response, next) => void handle(request, response, next));
  app.use(answerError(settings.log));
  return app;
}

/**
 * The process answers. Nothing else is asked, so that a database outage restarts nobody, and no
 * page's machinery is woken: what watches a process asks all day.
 */
function sayAlive(_request: Request, response: Response): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Security-Policy', FRAMED_BY_NOBODY);
  response.type('text').send('ok\n');
}

/**
 * Framing is left to the pages: Shopify's admin frames the app, and each document names who may.
 */
function securityHeaders(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin');
  response.setHeader('Permissions-Policy', 'geolocation=(), microphone=(), payment=(), usb=()');
  response.setHeader('Strict-Transport-Security', 'max-age=31536000');
  next();
}

/**
 * What the application answers belongs to one merchant: no browser or proxy keeps it, and nothing
 * but the pages that say so is framed. Decided as the answer begins, when it is known what it says.
 */
function keepPrivate(_request: Request, response: Response, next: NextFunction): void {
  const begin = response.writeHead.bind(response) as (...given: unknown[]) => Response;
  response.writeHead = ((...given: unknown[]) => {
    if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
    const [status] = given;
    const redirects = typeof status === 'number' && status >= 300 && status < 400;
    if (!redirects && !response.hasHeader('Content-Security-Policy')) {
      response.setHeader('Content-Security-Policy', FRAMED_BY_NOBODY);
    }
    return begin(...given);
  }) as typeof response.writeHead;
  next();
}

/** Pages are read and forms are sent; nothing here means anything else. */
function refuseOtherMethods(request: Request, response: Response, next: NextFunction): void {
  if (METHODS.includes(request.method)) next();
  else response.status(405).set('Allow', METHODS.join(', ')).type('text').send('Not allowed');
}

/** The others are counted as they are read. */
function refuseLargeForms(request: Request, response: Response, next: NextFunction): void {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared <= FORM_BYTES_MAX || isFiles(request.path)) return next();
  const refusal = bodyRefusedResponse('too_large');
  response.status(refusal.status).set(Object.fromEntries(refusal.headers));
  void refusal.text().then((text) => response.send(text));
}

/** Also as the page's own script asks for it. */
function isFiles(pathname: string): boolean {
  return pathname === FILES_AT || pathname === `${FILES_AT}.data`;
}

/** One line per answer: no body, no header, and of the query only that there was one. */
function noteAnswers({ log, onAnswer }: WebSettings) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    response.once('close', () => {
      const ms = performance.now() - startedAt;
      const { statusCode: status } = response;
      onAnswer?.(request.method, status, ms / 1_000);
      const [pathname, query] = request.originalUrl.split('?', 2);
      const fields = {
        method: request.method,
        path: redactText(pathname ?? ''),
        query: query !== undefined,
        status,
        ms: Math.round(ms * 10) / 10,
        complete: response.writableFinished,
      };
      if (status >= 500) log.error(fields, 'answered');
      else if (isRoutine(request)) log.debug(fields, 'answered');
      else log.info(fields, 'answered');
    });
    next();
  };
}

/** Asked for all day by machines, and of no interest when they went well. */
function isRoutine(request: Request): boolean {
  return /^\/(?:assets|health|metrics|webhooks)(?:\/|$)/.test(request.path);
}

/** What even Remix could not answer. Express knows an error handler by its four arguments. */
function answerError(log: Log) {
  return (problem: unknown, request: Request, response: Response, next: NextFunction): void => {
    const status = statusOf(problem);
    // A sender that went away, or whose address cannot be read, is not our error.
    if (!request.destroyed && status >= 500) {
      log.error({ err: problem, path: redactText(request.path) }, 'a request failed');
    }
    if (response.headersSent) next(problem);
    else {
      const said = status >= 500 ? 'Something went wrong.' : 'Bad request';
      response.status(status).type('text').send(said);
    }
  };
}

/** What Express blames on the sender keeps its status; an address that is none is theirs, too. */
function statusOf(problem: unknown): number {
  const { status, code } = problem as { readonly status?: unknown; readonly code?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) return status;
  return code === 'ERR_INVALID_URL' ? 400 : 500;
}

async function closeServer(
  server: Server<typeof IncomingMessage, typeof ServerResponse>,
  deadlineMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearTimeout(timer);
}
