/**
 * The product as real processes, with credentials chosen by the test, between its two sandbox
 * stores and proxies that can turn hostile: they repeat to the caller whatever it sent.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { type AppProcess, appEnvironment, startApp } from '../demo/app-process';
import { prepareMerchant } from '../demo/install';
import { newSettings } from '../demo/settings';
import { createWorld } from '../demo/world';
import { resultsFolder, smallCatalog } from '../support/far-side';
import { freePort } from '../support/free-port';

export type Hostility = { readonly status: number; readonly as: 'json' | 'html' } | 'hang' | null;

export type Proxy = {
  readonly url: string;
  /** What every request gets from now on; null: what the store behind answers. */
  become(hostility: Hostility): void;
  /** Requests that got something else than the store's answer. */
  readonly mistreated: () => number;
  /** Everything that looked like a credential in any request. */
  readonly seen: ReadonlySet<string>;
  close(): Promise<void>;
};

/** Every credential the application is given, none of a shape that a filter could know. */
export function plantCredentials() {
  const canary = (what: string) => `canary${what}${randomBytes(12).toString('hex')}`;
  return {
    apiSecret: canary('shopify'),
    encryptionKey: randomBytes(32).toString('base64'),
    databasePassword: canary('database'),
    metricsToken: canary('metrics'),
    wooCredentials: {
      consumerKey: `ck_${randomBytes(20).toString('hex')}`,
      consumerSecret: `cs_${randomBytes(20).toString('hex')}`,
    },
  };
}

export type Planted = ReturnType<typeof plantCredentials>;
export type SecurityWorld = Awaited<ReturnType<typeof startSecurityWorld>>;

/** Starts all of it and connects both stores. Close it after the last test. */
export async function startSecurityWorld(options: {
  readonly name: string;
  readonly databaseUrl: string;
  readonly planted?: Planted;
  readonly extra?: Readonly<Record<string, string>>;
}) {
  const planted = options.planted ?? plantCredentials();
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${String(port)}`;
  const settings = {
    ...(await newSettings()),
    ports: { app: port, shopify: 0, woocommerce: 0, control: 0 },
    shopifyApiSecret: planted.apiSecret,
    encryptionKey: planted.encryptionKey,
    wooCredentials: planted.wooCredentials,
    restored: null,
  };
  const products = smallCatalog();
  const world = await createWorld(settings, appUrl, { products, weeksOfOrders: 0 });
  const shopify = await startProxy(world.shopify.url);
  const woo = await startProxy(world.woo.url);
  // Over http a store checks signatures of the address it believes to have.
  world.woo.state.url = woo.url;
  const urls = { databaseUrl: options.databaseUrl, appUrl, shopifyUrl: world.shopify.url };
  const environment = {
    ...appEnvironment(settings, urls),
    SHOPIFY_SIM_URL: shopify.url,
    ...options.extra,
  };
  mkdirSync(resultsFolder, { recursive: true });
  const logFile = path.join(resultsFolder, `${options.name}.log`);
  writeFileSync(logFile, '');
  const processes: AppProcess[] = [];
  const close = async () => {
    await Promise.all(processes.map((app) => app.stop()));
    await Promise.all([shopify.close(), woo.close(), world.close()]);
  };
  try {
    processes.push(await startApp({ port, environment, logFile }));
    const seenByMerchant = { shop: world.shop, woo: { ...world.woo, url: woo.url } };
    await prepareMerchant({
      ...{ appUrl, databaseUrl: options.databaseUrl },
      ...{ world: seenByMerchant, say: () => undefined },
    });
  } catch (problem) {
    await close();
    throw problem;
  }
  return {
    ...{ appUrl, world, planted, shopify, woo, close },
    logText: () => readFileSync(logFile, 'utf8'),
    /** A second web process, as in production: it calls nobody. */
    async startProduction(): Promise<string> {
      const app = await startApp({
        port: await freePort(),
        role: 'web',
        alone: true,
        environment: { ...environment, NODE_ENV: 'production' },
        logFile,
      });
      processes.push(app);
      return app.url;
    },
  };
}

type Claims = Record<string, string | number | undefined>;

/** A token like the admin's but for what is changed; `undefined` takes a claim away. */
export function forgeToken(
  one: SecurityWorld,
  claims: Claims,
  how: { secret?: string; alg?: string; sign?: boolean } = {},
): string {
  const { domain, apiKey } = one.world.shop.state;
  const now = Math.floor(Date.now() / 1000);
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const full = {
    ...{ iss: `https://${domain}/admin`, dest: `https://${domain}`, aud: apiKey, sub: '1' },
    ...{
      exp: now + 60,
      nbf: now - 5,
      iat: now - 5,
      jti: randomUUID(),
      sid: randomUUID(),
      ...claims,
    },
  };
  const text = `${encode({ alg: how.alg ?? 'HS256', typ: 'JWT' })}.${encode(full)}`;
  if (how.sign === false) return `${text}.`;
  const digest = how.alg === 'HS512' ? 'sha512' : 'sha256';
  const secret = how.secret ?? one.planted.apiSecret;
  return `${text}.${createHmac(digest, secret).update(text).digest('base64url')}`;
}

/** Sends bytes as they are and answers what came back, however the other side ends. */
export function raw(at: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(at);
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = net.connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('latin1').on('data', (piece: string) => (said += piece));
    socket.on('close', () => resolve(said)).on('error', reject);
  });
}

const SECRET_NAMES = /token|authorization|secret|consumer_key|signature|hmac/i;
const HANG_MS = 1_000;

async function startProxy(target: string): Promise<Proxy> {
  let hostility: Hostility = null;
  let mistreated = 0;
  const seen = new Set<string>();
  const server = http.createServer((incoming, outgoing) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      const body = Buffer.concat(pieces);
      remember(seen, incoming, body.toString());
      if (hostility === null) forward(target, incoming, body, outgoing);
      else {
        mistreated += 1;
        mistreat(hostility, incoming, body.toString(), outgoing);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    become(next) {
      hostility = next;
    },
    mistreated: () => mistreated,
    seen,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(
  target: string,
  incoming: http.IncomingMessage,
  body: Buffer,
  outgoing: http.ServerResponse,
): void {
  const { method = 'GET', headers, url = '/' } = incoming;
  const { host: _host, ...kept } = headers;
  const length = { 'content-length': String(body.byteLength) };
  const onward = http.request(
    new URL(url, target),
    { method, headers: { ...kept, ...(body.byteLength > 0 ? length : {}) } },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on('error', () => outgoing.destroy());
  onward.end(body);
}

/** A careless far side: its error pages show the whole request. */
function mistreat(
  hostility: Exclude<Hostility, null>,
  incoming: http.IncomingMessage,
  body: string,
  outgoing: http.ServerResponse,
): void {
  if (hostility === 'hang') {
    setTimeout(() => outgoing.destroy(), HANG_MS);
    return;
  }
  const { url, rawHeaders } = incoming;
  const all = JSON.stringify({ url, rawHeaders, body });
  const text =
    hostility.as === 'html'
      ? `<html><h1>Error</h1><pre>${all}</pre></html>`
      : JSON.stringify({
          ...{ code: 'echo', message: all, error: all, error_description: all },
          errors: [{ message: all }],
        });
  const type = hostility.as === 'html' ? 'text/html' : 'application/json';
  outgoing.writeHead(hostility.status, { 'content-type': type });
  outgoing.end(text);
}

function remember(seen: Set<string>, incoming: http.IncomingMessage, body: string): void {
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (!SECRET_NAMES.test(name) || typeof value !== 'string') continue;
    seen.add(value.replace(/^(?:Bearer|Basic) /, ''));
  }
  const query = new URL(incoming.url ?? '/', 'http://x.test').searchParams;
  const form = body.startsWith('{') ? [] : [...new URLSearchParams(body)];
  for (const [name, value] of [...query, ...form, ...fieldsOf(body)]) {
    if (!SECRET_NAMES.test(name) || value.length < 16 || value.startsWith('urn:')) continue;
    seen.add(value);
  }
}

function fieldsOf(body: string): readonly (readonly [string, string])[] {
  const fields = body.matchAll(/"([a-z_]*(?:token|secret)[a-z_]*)":"([^"]{16,})"/gi);
  return [...fields].map(([, name, value]) => [name ?? '', value ?? ''] as const);
}
