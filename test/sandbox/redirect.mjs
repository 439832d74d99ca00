/**
 * Preload for the app in development, in tests and in the demo:
 *   SHOPIFY_SIM_URL=http://127.0.0.1:4000 node --import ./test/sandbox/redirect.mjs app/main.mjs
 * Every call to <shop>.myshopify.com goes to the sandbox with an x-sim-shop header; calls to
 * loopback pass; anything else is refused. It covers fetch and undici, which share one global
 * dispatcher; node:http is not touched.
 */
import { Agent, setGlobalDispatcher } from 'undici';

const sandbox = process.env.SHOPIFY_SIM_URL;

if (process.env.NODE_ENV === 'production') {
  throw new Error('test/sandbox/redirect.mjs must not be loaded in production');
}
if (sandbox !== undefined && sandbox !== '') {
  setGlobalDispatcher(redirectingAgent(new URL(sandbox).origin));
}

function redirectingAgent(sandboxOrigin) {
  const agent = new Agent();
  const dispatch = agent.dispatch.bind(agent);
  agent.dispatch = (options, handler) => {
    const target = new URL(String(options.origin));
    if (target.hostname.endsWith('.myshopify.com')) {
      return dispatch(
        {
          ...options,
          origin: sandboxOrigin,
          headers: withShop(options.headers, target.hostname),
        },
        handler,
      );
    }
    if (isLoopback(target.hostname)) return dispatch(options, handler);
    throw new Error(`the sandbox refuses a call to ${target.origin}`);
  };
  return agent;
}

function isLoopback(hostname) {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname);
}

/** undici passes headers as an object, a flat list of names and values, or an iterable. */
function withShop(headers, shop) {
  const added = { 'x-sim-shop': shop };
  if (headers === undefined || headers === null) return added;
  if (Array.isArray(headers) && !Array.isArray(headers[0])) {
    return withoutHost([...headers, 'x-sim-shop', shop]);
  }
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return {
    ...Object.fromEntries(entries.filter(([name]) => name.toLowerCase() !== 'host')),
    ...added,
  };
}

function withoutHost(flat) {
  const kept = [];
  for (let index = 0; index < flat.length; index += 2) {
    if (String(flat[index]).toLowerCase() !== 'host') kept.push(flat[index], flat[index + 1]);
  }
  return kept;
}
