import { guardApiCall } from '../core';
import type { SandboxReply, SandboxRequest } from '../core';
import { authenticate, cannotView } from './authenticate';
import { playInterludes } from './interludes';
import { currencySymbol } from './product-bodies';
import { noRoute, pickFields, refuse, reply } from './replies';
import type { Body } from './replies';
import {
  ORDER_STATUSES,
  createFulfillment,
  createNote,
  createOrder,
  createRefund,
  createTracking,
  listFulfillments,
  listNotes,
  listOrders,
  listRefunds,
  listTrackings,
  removeOrder,
  updateOrder,
  withOrder,
} from './serve-orders';
import {
  batchProducts,
  createProduct,
  getProduct,
  getVariation,
  isBody,
  listAllVariations,
  listProducts,
  listVariations,
  updateProduct,
} from './serve-products';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  updateWebhook,
} from './serve-webhooks';
import { orderBody } from './order-bodies';
import type { Order, StoreState } from './state';

type Call = {
  readonly state: StoreState;
  readonly request: SandboxRequest;
  readonly body: Body;
  /** The numbers in the path, in order. */
  readonly ids: readonly number[];
  readonly force: boolean;
};
type Route = {
  readonly method: string;
  readonly path: RegExp;
  readonly serve: (call: Call) => SandboxReply;
};

const route = (method: string, path: string, serve: Route['serve']): Route => ({
  method,
  path: new RegExp(`^${path.replaceAll('<id>', '(\\d+)')}$`),
  serve,
});

const onOrder =
  (act: (call: Call, order: Order) => SandboxReply): Route['serve'] =>
  (call) =>
    withOrder(call.state, call.ids[0] ?? 0, (order) => act(call, order));

const WC = '/wp-json/wc/v3';
const ROUTES: readonly Route[] = [
  route('GET', `${WC}/products`, ({ state, request }) => listProducts(state, request)),
  route('POST', `${WC}/products`, ({ state, body }) => createProduct(state, body)),
  route('POST', `${WC}/products/batch`, ({ state, body }) => batchProducts(state, body, null)),
  route('GET', `${WC}/products/<id>`, ({ state, ids }) => getProduct(state, ids[0] ?? 0)),
  route('PUT', `${WC}/products/<id>`, ({ state, ids, body }) =>
    updateProduct(state, ids[0] ?? 0, body, null),
  ),
  route('GET', `${WC}/products/<id>/variations`, ({ state, request, ids }) =>
    listVariations(state, request, ids[0] ?? 0),
  ),
  route('POST', `${WC}/products/<id>/variations`, ({ state, ids, body }) =>
    createProduct(state, body, ids[0] ?? 0),
  ),
  route('POST', `${WC}/products/<id>/variations/batch`, ({ state, ids, body }) =>
    batchProducts(state, body, ids[0] ?? 0),
  ),
  route('GET', `${WC}/products/<id>/variations/<id>`, ({ state, ids }) =>
    getVariation(state, ids[0] ?? 0, ids[1] ?? 0),
  ),
  route('PUT', `${WC}/products/<id>/variations/<id>`, ({ state, ids, body }) =>
    updateProduct(state, ids[1] ?? 0, body, ids[0] ?? 0),
  ),
  route('GET', `${WC}/variations`, ({ state, request }) => listAllVariations(state, request)),
  route('GET', `${WC}/orders`, ({ state, request }) => listOrders(state, request)),
  route('POST', `${WC}/orders`, ({ state, body }) => createOrder(state, body)),
  route('GET', `${WC}/orders/statuses`, () =>
    reply(
      200,
      Object.entries(ORDER_STATUSES).map(([slug, name]) => ({ slug, name })),
    ),
  ),
  route(
    'GET',
    `${WC}/orders/<id>`,
    onOrder(({ state }, order) => reply(200, orderBody(state, order))),
  ),
  route(
    'PUT',
    `${WC}/orders/<id>`,
    onOrder(({ state, body }, order) => updateOrder(state, order, body)),
  ),
  route(
    'DELETE',
    `${WC}/orders/<id>`,
    onOrder(({ state, force }, order) => removeOrder(state, order, force)),
  ),
  route(
    'GET',
    `${WC}/orders/<id>/refunds`,
    onOrder(({ state, request }, order) => listRefunds(state, request, order)),
  ),
  route(
    'POST',
    `${WC}/orders/<id>/refunds`,
    onOrder(({ state, body }, order) => createRefund(state, order, body)),
  ),
  route(
    'GET',
    `${WC}/orders/<id>/notes`,
    onOrder(({ state, request }, order) => listNotes(state, order, request.query.get('type'))),
  ),
  route(
    'POST',
    `${WC}/orders/<id>/notes`,
    onOrder(({ state, body }, order) => createNote(state, order, body)),
  ),
  route(
    'GET',
    `${WC}/orders/<id>/fulfillments`,
    onOrder(({ state }, order) => listFulfillments(state, order)),
  ),
  route(
    'POST',
    `${WC}/orders/<id>/fulfillments`,
    onOrder(({ state, body }, order) => createFulfillment(state, order, body)),
  ),
  route(
    'GET',
    '/wp-json/wc-shipment-tracking/v3/orders/<id>/shipment-trackings',
    onOrder(({ state }, order) => listTrackings(state, order)),
  ),
  route(
    'POST',
    '/wp-json/wc-shipment-tracking/v3/orders/<id>/shipment-trackings',
    onOrder(({ state, body }, order) => createTracking(state, order, body)),
  ),
  route('GET', `${WC}/webhooks`, ({ state, request }) => listWebhooks(state, request)),
  route('POST', `${WC}/webhooks`, ({ state, body }) => createWebhook(state, body)),
  route('GET', `${WC}/webhooks/<id>`, ({ state, ids }) => getWebhook(state, ids[0] ?? 0)),
  route('PUT', `${WC}/webhooks/<id>`, ({ state, ids, body }) =>
    updateWebhook(state, ids[0] ?? 0, body),
  ),
  route('DELETE', `${WC}/webhooks/<id>`, ({ state, ids, force }) =>
    deleteWebhook(state, ids[0] ?? 0, force),
  ),
  route('GET', `${WC}/system_status`, ({ state }) => reply(200, systemStatus(state))),
  route('GET', `${WC}/settings/products/woocommerce_weight_unit`, ({ state }) =>
    reply(200, setting('woocommerce_weight_unit', 'Weight unit', state.weightUnit)),
  ),
  route('GET', `${WC}/settings/general/woocommerce_currency`, ({ state }) =>
    reply(200, setting('woocommerce_currency', 'Currency', state.currency)),
  ),
];

/** Serves one request to the store: key, faults, journal, route. */
export async function serveApi(state: StoreState, request: SandboxRequest): Promise<SandboxReply> {
  if (state.movedTo !== null) {
    const query = request.query.size > 0 ? `?${request.query.toString()}` : '';
    const location = `${state.movedTo}${request.path}${query}`;
    return { status: 301, headers: { location }, body: '' };
  }
  if (request.path === '/' || request.path === '/wp-admin/') return storefront(state);
  if (/^\/wp-json\/?$/.test(request.path)) {
    return withFields(reply(200, index(state)), request.query.get('_fields'));
  }
  if (!request.path.startsWith('/wp-json/')) {
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not found</h1>' };
  }
  const guard = {
    system: 'woocommerce',
    clock: state.clock,
    faults: state.faults,
    journal: state.journal,
    throttled,
    unauthorized: cannotView,
  };
  const operation = `${request.method} ${request.path.replace(/^\/wp-json\/[^/]+\/v3\//, '')}`;
  playInterludes(state, operation);
  return guardApiCall(guard, request, { account: state.id, operation }, () => act(state, request));
}

/** WooCommerce itself limits nothing; this is what a host or proxy in front of it says. */
const throttled = (): SandboxReply => ({
  status: 429,
  headers: { 'content-type': 'text/html', 'retry-after': '2' },
  body: '<html><head><title>429 Too Many Requests</title></head></html>',
});

function act(state: StoreState, request: SandboxRequest): SandboxReply {
  const matching = ROUTES.filter(({ path }) => path.test(request.path));
  const chosen = matching.find(({ method }) => method === request.method);
  const absent = featureIsOff(state, request.path);
  if (!chosen || absent) return noRoute();
  const authenticated = authenticate(state, request);
  if (!authenticated.ok) return authenticated.reply;
  const body = parseBody(request);
  if (body === null) return refuse('rest_invalid_json', 'Invalid JSON body passed.', 400);
  const ids = (chosen.path.exec(request.path) ?? []).slice(1).map((id) => Number.parseInt(id, 10));
  const force = request.query.get('force') === 'true';
  const answer = chosen.serve({ state, request, body, ids, force });
  return withFields(answer, request.query.get('_fields'));
}

/** The routes of a feature that is off do not exist, whoever asks. */
function featureIsOff(state: StoreState, path: string): boolean {
  if (path === `${WC}/variations`) return !state.features.variationsList;
  if (path.endsWith('/fulfillments')) return !state.features.fulfillments;
  return path.endsWith('/shipment-trackings') && !state.features.shipmentTracking;
}

function parseBody(request: SandboxRequest): Body | null {
  if (request.rawBody.length === 0) return {};
  try {
    const value: unknown = JSON.parse(request.rawBody.toString('utf8'));
    return isBody(value) ? value : {};
  } catch {
    return null;
  }
}

function withFields(answer: SandboxReply, fields: string | null): SandboxReply {
  if (fields === null || answer.status >= 300) return answer;
  const picked = pickFields(JSON.parse(answer.body.toString()), fields);
  return reply(answer.status, picked, { ...answer.headers });
}

function index(state: StoreState): Body {
  const namespaces = ['wp/v2', 'wc/v3', 'wc/store/v1'];
  if (state.features.shipmentTracking) namespaces.push('wc-shipment-tracking/v3');
  return {
    name: state.name,
    description: '',
    url: state.url,
    home: state.url,
    gmt_offset: '0',
    timezone_string: 'UTC',
    namespaces,
    authentication: [],
    routes: {},
  };
}

function systemStatus(state: StoreState): Body {
  return {
    environment: { home_url: state.url, site_url: state.url, version: '10.5.0', wp_version: '6.9' },
    settings: {
      api_enabled: false,
      force_ssl: false,
      currency: state.currency,
      currency_symbol: currencySymbol(state.currency),
      currency_position: 'left',
      thousand_separator: ',',
      decimal_separator: '.',
      number_of_decimals: 2,
    },
  };
}

function setting(id: string, label: string, value: string): Body {
  return { id, label, description: '', type: 'select', default: value, tip: '', value };
}

function storefront(state: StoreState): SandboxReply {
  const title = state.name.replace(/[<>&]/g, '');
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html><title>${title}</title><h1>${title}</h1>`,
  };
}
