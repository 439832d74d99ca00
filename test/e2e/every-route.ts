/** Every page and every form of the app, filled in with one merchant's ids, for walking them. */
import { readdirSync } from 'node:fs';

export type Ids = {
  readonly merchant: string;
  readonly order: string;
  readonly item: string;
  readonly location: string;
  readonly shopify: string;
  readonly woo: string;
  readonly work: string;
  readonly allocation: string;
  readonly listing: string;
  readonly job: string;
  readonly event: string;
  readonly count: string;
  readonly countLine: string;
  readonly bulk: string;
  readonly run: string;
  readonly finding: string;
  readonly privacy: string;
  readonly intent: string;
};

type Route = {
  /** A page of one thing, which others must not find. */
  readonly about?: (ids: Ids) => string;
  /** What follows from one thing: others find nothing in it. */
  readonly empty?: (ids: Ids) => string;
  readonly list?: string;
};

/** By route file. */
export const ROUTES: Readonly<Record<string, Route>> = {
  'app._index.tsx': { list: '/app' },
  'app.activity._index.tsx': { list: '/app/activity' },
  'app.activity.effects.$causeId.ts': { empty: (ids) => `/app/activity/effects/${ids.event}` },
  'app.activity.export.ts': { list: '/app/activity/export' },
  'app.activity.messages.$eventId.tsx': { about: (ids) => `/app/activity/messages/${ids.event}` },
  'app.bulk-actions.$actionId.tsx': { about: (ids) => `/app/bulk-actions/${ids.bulk}` },
  'app.bulk-actions.$actionId_.export.ts': {
    about: (ids) => `/app/bulk-actions/${ids.bulk}/export`,
  },
  'app.catalog._index.tsx': { list: '/app/catalog?view=all' },
  'app.channels.$connectionId.tsx': { about: (ids) => `/app/channels/${ids.woo}` },
  'app.channels.$connectionId_.numbers.tsx': {
    about: (ids) => `/app/channels/${ids.shopify}/numbers?view=all`,
  },
  'app.channels.$connectionId_.numbers[.]csv.ts': {
    about: (ids) => `/app/channels/${ids.shopify}/numbers.csv`,
  },
  'app.channels._index.tsx': { list: '/app/channels' },
  'app.channels.connect.$intentId.tsx': { about: (ids) => `/app/channels/connect/${ids.intent}` },
  'app.extension.order.ts': { list: '/app/extension/order' },
  'app.inventory.$itemId.tsx': { about: (ids) => `/app/inventory/${ids.item}` },
  'app.inventory._index.tsx': { list: '/app/inventory' },
  'app.inventory.counts.$countId.tsx': { about: (ids) => `/app/inventory/counts/${ids.count}` },
  'app.inventory.counts.$countId_.lines.ts': {
    about: (ids) => `/app/inventory/counts/${ids.count}/lines`,
  },
  'app.inventory.counts._index.tsx': { list: '/app/inventory/counts' },
  'app.inventory.export.ts': { list: '/app/inventory/export' },
  'app.inventory.import.tsx': { list: '/app/inventory/import' },
  'app.items.ts': { list: '/app/items?q=' },
  'app.jobs.tsx': { list: '/app/jobs?view=done' },
  'app.live.ts': {},
  'app.locations.$locationId.tsx': { about: (ids) => `/app/locations/${ids.location}` },
  'app.locations._index.tsx': { list: '/app/locations' },
  'app.orders.$orderId.tsx': { about: (ids) => `/app/orders/${ids.order}` },
  'app.orders.$orderId_.reroute.ts': {},
  'app.orders._index.tsx': { list: '/app/orders' },
  'app.orders.count.ts': { list: '/app/orders/count' },
  'app.orders.export.ts': { list: '/app/orders/export' },
  'app.privacy.$requestId.ts': { about: (ids) => `/app/privacy/${ids.privacy}` },
  'app.reconciliation.$runId.tsx': { about: (ids) => `/app/reconciliation/${ids.run}` },
  'app.reconciliation.$runId_.export.ts': {
    about: (ids) => `/app/reconciliation/${ids.run}/export`,
  },
  'app.reconciliation._index.tsx': { list: '/app/reconciliation' },
  'app.settings.tsx': { list: '/app/settings' },
};

/** Route files of the app's pages as they are. `app.tsx` is the frame, `app.$` is nowhere. */
export function routeFiles(): readonly string[] {
  return readdirSync(new URL('../../app/routes', import.meta.url))
    .filter((file) => file.startsWith('app.') && !['app.tsx', 'app.$.tsx'].includes(file))
    .sort();
}

export const key = 'walk-0123456789';

type Forms = readonly (readonly [path: string, form: Readonly<Record<string, string>>])[];

/** Forms that change the thing they name. */
export function formsAgainst(target: Ids): Forms {
  return [...orderForms(target), ...stockForms(target), ...channelForms(target)];
}

function orderForms(target: Ids): Forms {
  const order = `/app/orders/${target.order}`;
  const lines = JSON.stringify([{ allocationId: target.allocation, quantity: 1 }]);
  const work = target.work;
  const parcel = { company: 'UPS', number: '1Z', url: '', notify: 'no' };
  return [
    [order, { intent: 'hold', key, reason: 'merchant', note: 'walk' }],
    [order, { intent: 'annotate', key, note: 'walk', addTags: 'walk' }],
    [`${order}/reroute`, { intent: 'preview', work, target: '' }],
    [`${order}/reroute`, { intent: 'reroute', work, target: '', key, token: '0'.repeat(32) }],
    [
      '/app/orders?index',
      { key, ids: target.order, filter: '', kind: 'tag', tags: 'many', reason: '', note: '' },
    ],
    [`/app/bulk-actions/${target.bulk}`, { intent: 'undo', key }],
    [order, { intent: 'lift', key, holdId: '' }],
    [order, { intent: 'ship', key, fulfillmentOrderId: work, lines, ...parcel }],
    [order, { intent: 'cancel', key, reason: 'customer' }],
    [order, { intent: 'retry-report', fulfillmentId: work }],
    ['/app/jobs', { intent: 'replay-jobs', ids: target.job }],
    ['/app/jobs', { intent: 'replay-events', ids: target.event }],
  ];
}

function stockForms(target: Ids): Forms {
  const item = `/app/inventory/${target.item}`;
  const count = `/app/inventory/counts/${target.count}`;
  const place = {
    ...{ name: 'Walked', kind: 'own', priority: '5', address1: '', city: '', province: '' },
    ...{ zip: '', countryCode: 'US', latitude: '', longitude: '', feeds: '' },
  };
  return [
    [
      item,
      {
        ...{ intent: 'adjust', key, way: 'add', units: '7', reason: 'found', note: '' },
        locationId: target.location,
      },
    ],
    [item, { intent: 'set-kit', key, parts: '', writeOff: '' }],
    [count, { intent: 'set', key, lineId: target.countLine, counted: '4', seen: '' }],
    [count, { intent: 'scan', key, code: 'walk' }],
    [count, { intent: 'post', key, rest: 'leave' }],
    [count, { intent: 'undo', key }],
    [count, { intent: 'cancel', key }],
    [`/app/locations/${target.location}`, { intent: 'save', key, ...place }],
    [`/app/locations/${target.location}`, { intent: 'switch-off', key }],
  ];
}

function channelForms(target: Ids): Forms {
  const woo = `/app/channels/${target.woo}`;
  const { listing: listingIds, item: itemId } = target;
  const policy = { share: '90', buffer: '1', cap: '', oversell: 'never', brake: '30', from: '' };
  return [
    [`${woo}/numbers`, { intent: 'save-policy', key, ...policy }],
    [`${woo}/numbers`, { intent: 'pause', key }],
    [`${woo}/numbers`, { intent: 'go-live', key }],
    [`${woo}/numbers`, { intent: 'send-held', key }],
    ['/app/catalog?index', { intent: 'unlink', key, listingIds }],
    ['/app/catalog?index', { intent: 'link', key, listingIds, itemId }],
    ['/app/catalog?index', { intent: 'bring-back', key, listingIds }],
    ['/app/catalog?index', { intent: 'create', key, listingIds, locationId: target.location }],
    ['/app/catalog?index', { intent: 'accept', key, listingIds }],
    ['/app/catalog?index', { intent: 'accept-all', key, connectionId: target.woo }],
    ['/app/reconciliation?index', { intent: 'check', connectionId: target.woo }],
    ['/app/reconciliation?index', { intent: 'set-rule', connectionId: target.woo, rule: 'ask' }],
    [
      `/app/reconciliation/${target.run}`,
      { intent: 'choose', choice: 'leave', ids: target.finding },
    ],
    [woo, { intent: 'read-again', key }],
    [woo, { intent: 'disconnect', key }],
  ];
}
