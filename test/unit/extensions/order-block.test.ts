/** Goal: the merchant reads in the block what the app answered, in every case, and nothing else. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../../support/chromium';
import { type AppAnswer, ORDER_REF, answer, bundleBlock, openBlock } from './block-page';

/** What Shopify accepts as the script of one extension. */
const BUNDLE_BYTES_MAX = 64 * 1024;

const SENT = {
  id: 'f1',
  locationName: 'Brooklyn',
  units: 2,
  trackingCompany: 'UPS',
  trackingNumber: '1Z999',
  trackingUrl: 'https://ups.example/1Z999',
  shippedAt: '2026-11-21T10:00:00.000Z',
  reportState: 'acknowledged',
  reportDetail: null,
  acknowledgedAt: '2026-11-21T10:00:02.000Z',
};
const ORDER = {
  id: '0199aaaa-0000-7000-8000-000000000001',
  name: '#1001',
  status: 'partially_shipped',
  unitsOrdered: 5,
  unitsShipped: 2,
  unitsShort: 1,
  unitsUnmatched: 0,
  sentence: 'Brooklyn and Reno together have everything; no single location does.',
  locations: [
    { name: 'Brooklyn', toShip: 0, shipped: 2 },
    { name: 'Reno', toShip: 1, shipped: 0 },
  ],
  fulfillments: [SENT],
};
const UNKNOWN = { type: 'about:blank', status: 404, code: 'order_unknown', title: 'Not here' };

const chromium = await findChromium();

describe.skipIf(chromium.status === 'missing')('the order block', () => {
  let browser: Browser;
  let bundle: string;

  beforeAll(async () => {
    [browser, bundle] = await Promise.all([launchChromium(), bundleBlock()]);
  });

  afterAll(() => browser.close());

  const show = (answers: readonly AppAnswer[], token?: string | null) =>
    openBlock(browser, bundle, answers, token);

  it('is small enough for Shopify', () => {
    expect(Buffer.byteLength(bundle)).toBeLessThan(BUNDLE_BYTES_MAX);
  });

  it('says that it is asking, then shows where the order stands', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { page, asked, problems, text } = await show([
      async (route) => {
        await held;
        await answer(200, ORDER)(route);
      },
    ]);
    expect(await page.locator('s-admin-block').getAttribute('heading')).toBe('Crossdock routing');
    expect(await page.locator('s-spinner').getAttribute('accessibilitylabel')).toBe(
      'Asking Crossdock about this order',
    );
    release();
    await page.locator('s-badge').first().waitFor();
    expect(await page.locator('s-spinner').count()).toBe(0);
    expect(await text()).toBe(
      'Partly shipped1 unit short' +
        'Brooklyn and Reno together have everything; no single location does.' +
        'LocationsBrooklyn 2 units shippedReno 1 unit to ship' +
        'Shipped so far2026-11-21: 2 units from BrooklynUPS 1Z999Shopify knows' +
        'Open in Crossdock',
    );
    const link = page.locator('s-link');
    expect(await link.nth(0).getAttribute('href')).toBe(SENT.trackingUrl);
    expect(await link.nth(1).getAttribute('href')).toBe(`app:app/orders/${ORDER.id}`);
    expect(asked).toEqual([
      {
        url: `https://crossdock.example/app/extension/order?ref=${encodeURIComponent(ORDER_REF)}`,
        authorization: 'Bearer token-of-the-admin',
      },
    ]);
    const elements = await page.evaluate(() =>
      [...document.body.querySelectorAll('*')].map(({ localName }) => localName),
    );
    expect(elements.filter((element) => !element.startsWith('s-'))).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each([
    ['pending', 'Telling Shopify', false],
    ['acknowledged', 'Shopify knows', false],
    ['refused', 'Shopify refused it', true],
    ['unknown', 'No answer from Shopify yet', true],
    ['not_needed', 'Entered in Shopify', false],
    ['of_tomorrow', 'Not known whether Shopify knows', false],
  ])('says what Shopify made of a departure: %s', async (reportState, words, explained) => {
    const sent = { ...SENT, trackingUrl: null, reportState, reportDetail: 'The order is closed' };
    const { page, text, problems } = await show([answer(200, { ...ORDER, fulfillments: [sent] })]);
    await page.getByText(words, { exact: true }).waitFor();
    expect((await text()).includes('The order is closed')).toBe(explained);
    expect(problems).toEqual([]);
  });

  it('shows an order that is cancelled, not routed, without tracking, or of a later version', async () => {
    const cancelled = await show([answer(200, { ...ORDER, status: 'cancelled', locations: [] })]);
    await cancelled.page.getByText('Nothing more ships from it').waitFor();
    expect(await cancelled.text()).not.toMatch(/short|together/);

    const fresh = { ...ORDER, status: 'of_tomorrow', unitsShort: 0, unitsUnmatched: 2 };
    const sent = { ...SENT, trackingCompany: null, trackingNumber: null, trackingUrl: null };
    const odd = await show([
      answer(200, { ...fresh, sentence: null, fulfillments: [sent], added: 'later' }),
    ]);
    await odd.page.getByText('has not chosen a location').waitFor();
    expect(await odd.text()).toContain('2 units of products Crossdock does not track');
    expect(await odd.text()).toContain('Status not known here');
    expect(await odd.text()).toContain('Without tracking');
    expect([...cancelled.problems, ...odd.problems]).toEqual([]);
  });

  it('says when Crossdock does not have the order, and asks again when told to', async () => {
    const { page, asked, text } = await show([answer(404, UNKNOWN), answer(200, ORDER)]);
    await page.getByText('Crossdock does not have this order yet').waitFor();
    expect(await text()).not.toContain('Open in Crossdock');
    await page.locator('s-button').click();
    await page.getByText('Brooklyn and Reno together').waitFor();
    expect(asked.length).toBe(2);
  });

  it.each<[string, AppAnswer]>([
    ['an error', answer(500, { code: 'broken' })],
    ['a page instead of an answer', answer(200, '<!doctype html><p>Sign in')],
    ['a 404 about something else', answer(404, '<!doctype html><p>Not found')],
    ['an order in another shape', answer(200, { ...ORDER, locations: [{ name: 7 }] })],
    ['a number that is none', answer(200, { ...ORDER, unitsShort: -1 })],
    ['nothing', (route) => route.abort()],
  ])('says that it could not ask when the app answers %s', async (_what, given) => {
    const { page, problems, text } = await show([given, answer(200, ORDER)]);
    const banner = page.locator('s-banner');
    await banner.waitFor();
    expect(await banner.getAttribute('tone')).toBe('critical');
    expect(await banner.getAttribute('heading')).toBe('The order could not be shown');
    expect(await text()).toContain('Crossdock did not answer');
    await page.locator('s-button').click();
    await page.getByText('Brooklyn and Reno together').waitFor();
    expect(problems).toEqual([]);
  });

  it('asks the merchant to open the app when the token is missing or refused', async () => {
    const refused = await show([answer(401, '')]);
    await refused.page.getByText('could not confirm who you are').waitFor();
    expect(await refused.page.locator('s-link').getAttribute('href')).toBe('app:app');
    const missing = await show([answer(200, ORDER)], null);
    await missing.page.getByText('could not confirm who you are').waitFor();
    expect(missing.asked).toEqual([]);
  });

  it('shows texts of strangers as text', async () => {
    const script = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    const { page, problems, text } = await show([
      answer(200, {
        ...ORDER,
        id: '../../evil?x=1',
        sentence: script,
        locations: [{ name: script, toShip: 1, shipped: 0 }],
        fulfillments: [
          {
            ...SENT,
            locationName: script,
            trackingNumber: script,
            trackingUrl: 'javascript:alert(3)',
            reportState: 'refused',
            reportDetail: script,
          },
        ],
      }),
    ]);
    await page.getByText('Locations').waitFor();
    expect((await text()).split(script).length - 1).toBe(5);
    expect(await page.locator('img, script, [href^="javascript"]').count()).toBe(0);
    expect(await page.locator('s-link').getAttribute('href')).toBe(
      'app:app/orders/..%2F..%2Fevil%3Fx%3D1',
    );
    expect(problems).toEqual([]);
  });
});
