/** The network of a simulated world: calls reach the sandboxes directly, and may go wrong. */
import { createRequire } from 'node:module';
import type { SandboxReply, SandboxRequest } from '../../sandbox/core';
import type { Scheduler } from './scheduler';
import { inProcess } from './virtual-time';

/** How a call can go wrong. The first ones are played by the sandbox, the others on the way. */
export const CALL_FAULTS = [
  'throttle',
  'serverError',
  'htmlAnswer',
  'emptyAnswer',
  'errorAfter',
  'unauthorized',
  'cutAnswer',
  'timeoutBefore',
  'timeoutAfter',
] as const;
export type CallFault = (typeof CALL_FAULTS)[number];

export type FarSide = {
  readonly name: string;
  handle(request: SandboxRequest): Promise<SandboxReply>;
  /** Makes the next call go wrong in this way. */
  play(fault: CallFault): void;
};

export type Network = {
  /** Null: nobody lives there. */
  farSideOf(host: string): FarSide | null;
  /** Whether the call about to be made goes wrong. */
  drawFault(side: FarSide, isWrite: boolean): CallFault | null;
};

type Call = {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Never came, as far as the caller can tell. */
class NoAnswer extends Error {
  readonly code = 'ECONNABORTED';
}

const TIMEOUT_MS_MIN = 15_000;
const TIMEOUT_MS_SPREAD = 30_000;

let current: { scheduler: Scheduler; network: Network } | null = null;

export function gateHttp(scheduler: Scheduler, network: Network): { close(): void } {
  current = { scheduler, network };
  return {
    close() {
      current = null;
    },
  };
}

/** Load before the libraries: they keep what they find. */
export function installHttp(): void {
  const realFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    if (current === null || inProcess.getStore() === undefined) return realFetch(input, init);
    const url = input instanceof Request ? input.url : String(input);
    const headers = Object.fromEntries(new Headers(init?.headers).entries());
    const body = textOf(init?.body);
    try {
      const reply = await callOut({ url, method: init?.method ?? 'GET', headers, body });
      const { status, headers: replyHeaders = {} } = reply;
      return new Response(bodyOf(reply), {
        status,
        headers: { ...replyHeaders },
      });
    } catch (problem) {
      // What fetch says of a network that failed.
      throw problem instanceof NoAnswer ? new TypeError('fetch failed') : problem;
    }
  };
  // The vendor's WooCommerce client sends with axios, and its own copy of it.
  const require = createRequire(import.meta.url);
  const client = createRequire(require.resolve('@woocommerce/woocommerce-rest-api'));
  const axios = client('axios') as Axios;
  const realAdapter = axios.defaults.adapter;
  axios.defaults.adapter = async (config: AxiosConfig) => {
    if (current === null || inProcess.getStore() === undefined) {
      return axios.getAdapter(realAdapter)(config);
    }
    const headers = Object.fromEntries(
      Object.entries(config.headers.toJSON()).map(([name, value]) => [
        name.toLowerCase(),
        String(value),
      ]),
    );
    if (config.auth !== undefined) {
      const pair = `${config.auth.username}:${config.auth.password}`;
      headers['authorization'] = `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    const reply = await callOut({
      url: axios.getUri(config),
      method: (config.method ?? 'get').toUpperCase(),
      headers,
      body: textOf(config.data),
    });
    const { status, headers: replyHeaders = {} } = reply;
    return {
      data: bodyOf(reply) ?? '',
      status,
      statusText: '',
      headers: { ...replyHeaders },
      config,
      request: {},
    };
  };
}

/** Whatever ours send is text, or the form of a token. */
function textOf(body: unknown): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new Error('The simulated network carries text alone.');
}

type AxiosConfig = {
  readonly method?: string;
  readonly data?: unknown;
  readonly auth?: { readonly username: string; readonly password: string };
  readonly headers: { toJSON(): Record<string, unknown> };
};
type AxiosAdapter = (config: AxiosConfig) => Promise<unknown>;
type Axios = {
  readonly defaults: { adapter: unknown };
  getUri(config: AxiosConfig): string;
  getAdapter(adapter: unknown): AxiosAdapter;
};

function bodyOf({ status, body }: SandboxReply): string | null {
  if (status === 204 || status === 304) return null;
  return body.toString();
}

async function callOut(call: Call): Promise<SandboxReply> {
  const world = current;
  const node = inProcess.getStore();
  if (world === null || node === undefined) throw new Error('Nobody is calling.');
  const url = new URL(call.url);
  const side = world.network.farSideOf(url.hostname);
  if (side === null) throw new Error(`The simulated world has no ${url.hostname}.`);
  const request: SandboxRequest = {
    method: call.method,
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: { ...call.headers, 'x-sim-shop': url.hostname },
    rawBody: Buffer.from(call.body),
  };
  const label = `${side.name} ${call.method} ${describe(url, call.body)}`;
  const answer = await new Promise<SandboxReply | null>((resolve, reject) => {
    world.scheduler.wait({
      label,
      node,
      line: null,
      go: () => answerUnderFault(world, side, request).then(resolve, reject),
    });
  });
  if (answer !== null) return answer;
  const waitMs = TIMEOUT_MS_MIN + Math.random() * TIMEOUT_MS_SPREAD;
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  throw new NoAnswer('timeout exceeded');
}

/** Null: no answer comes. */
async function answerUnderFault(
  { scheduler, network }: { scheduler: Scheduler; network: Network },
  side: FarSide,
  request: SandboxRequest,
): Promise<SandboxReply | null> {
  const fault = network.drawFault(side, isWrite(request));
  if (fault === null) return side.handle(request);
  scheduler.note(`  … ${side.name}: ${fault}`);
  if (fault === 'timeoutBefore') return null;
  if (fault === 'timeoutAfter') {
    await side.handle(request);
    return null;
  }
  if (fault === 'cutAnswer') {
    const reply = await side.handle(request);
    const body = reply.body.toString();
    return { ...reply, body: body.slice(0, Math.floor(body.length / 2)) };
  }
  side.play(fault);
  return side.handle(request);
}

/** Whether the call changes something on the far side. */
function isWrite({ method, path, rawBody }: SandboxRequest): boolean {
  return path.endsWith('/graphql.json')
    ? rawBody.includes('mutation ')
    : !path.startsWith('/admin/oauth/') && method !== 'GET';
}

function describe(url: URL, body: string): string {
  const operation = /(?:query|mutation)\s+(\w+)/.exec(body)?.[1];
  return operation ?? `${url.pathname}${body === '' ? '' : ` ${body.slice(0, 60)}`}`;
}
