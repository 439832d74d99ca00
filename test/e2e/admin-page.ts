/** The app as a merchant sees it: in Chromium, inside the frame of the store's admin. */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import { launchChromium } from '../support/chromium';
import { type Crossdock, resultsFolder } from '../support/far-side';
import { SHOP_DOMAIN } from '../demo/world';

/** What a person's browser says; the one of a headless Chromium is taken for a robot's. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const WAIT_MS = 60_000;
/** Said of any page on a machine that is busy enough. */
const TOLD_OF_SLOWNESS = /preloaded using link preload but not used within a few seconds/;
export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 375, height: 760 };

export type AdminPage = {
  readonly page: Page;
  /** The app's own document. */
  readonly app: FrameLocator;
  /** Opens a path of the app inside the admin, and waits until its heading and data are there. */
  open(appPath: string): Promise<void>;
  /** Follows a link of the app's navigation in the admin. */
  go(label: string): Promise<void>;
  /** The text of the app's page as it is now. */
  text(): Promise<string>;
  shoot(name: string): Promise<void>;
  /** What the browser's console complained of since the page was opened. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
};

export type Chromium = {
  openAdmin(crossdock: Crossdock, size?: { width: number; height: number }): Promise<AdminPage>;
};

const browsers: Browser[] = [];
// Registered while the test file is read: from inside a hook it would never be called.
afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
});

/** One browser for a test file; each page has a fresh context. Ended after the last test. */
export async function startChromium(): Promise<Chromium> {
  const browser = await launchChromium();
  browsers.push(browser);
  return {
    async openAdmin(crossdock, size = DESK) {
      const opened = await openContext(browser, size);
      return adminPage(crossdock, opened.context, opened.page);
    },
  };
}

async function openContext(browser: Browser, size: { width: number; height: number }) {
  const phone = size.width < 500;
  const context = await browser.newContext({
    userAgent: USER_AGENT,
    viewport: size,
    locale: 'en-US',
    ...(phone ? { hasTouch: true, deviceScaleFactor: 2 } : {}),
  });
  context.setDefaultTimeout(WAIT_MS);
  return { context, page: await context.newPage() };
}

function adminPage(crossdock: Crossdock, context: BrowserContext, page: Page): AdminPage {
  const complaints: string[] = [];
  page.on('console', (message) => {
    const ours =
      !message.location().url.endsWith('axe.min.js') && !TOLD_OF_SLOWNESS.test(message.text());
    if (ours && (message.type() === 'error' || message.type() === 'warning')) {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (problem) => complaints.push(`thrown: ${problem.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const app = page.frameLocator('#app');
  return {
    page,
    app,
    complaints,
    async open(appPath) {
      await page.goto(crossdock.world.shopify.adminUrl(SHOP_DOMAIN, appPath));
      await settled(app);
    },
    async go(label) {
      // Shopify's admin leads to an app's home by the name of the app.
      const name = label === 'Home' ? 'Crossdock' : label;
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
      await app.getByRole('heading', { level: 1, name: label }).waitFor();
    },
    text: () => app.locator('body').innerText(),
    async shoot(name) {
      // Nobody looks at them there, and each takes its time.
      if (process.env['CI'] === 'true') return;
      mkdirSync(resultsFolder, { recursive: true });
      const { width } = page.viewportSize() ?? DESK;
      await page.screenshot({ path: path.join(resultsFolder, `${name}-${String(width)}.png`) });
    },
    close: () => context.close(),
  };
}

/** The heading is there, and React has taken the page over: the navigation has been told. */
async function settled(app: FrameLocator): Promise<void> {
  await app.getByRole('heading', { level: 1 }).first().waitFor();
  await app.locator('body').evaluate(
    () =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (document.readyState === 'complete' && '__remixRouter' in window) resolve();
          else setTimeout(look, 20);
        };
        look();
      }),
  );
}

/** Waits until the element is there, and says so in words when it is not. */
export async function seen(locator: Locator, what: string, withinMs = WAIT_MS): Promise<void> {
  await locator
    .first()
    .waitFor({ state: 'visible', timeout: withinMs })
    .catch(() => {
      throw new Error(`Not seen in time: ${what}.`);
    });
}

/**
 * Waits until what slides or fades has come to rest; what turns for ever does not count. Longer
 * than one look, since a dialog begins to move a moment after it is there.
 */
export async function atRest(admin: AdminPage): Promise<void> {
  await admin.app.locator('body').evaluate(
    () =>
      new Promise<void>((resolve) => {
        let still = 0;
        const look = () => {
          const moving = document
            .getAnimations()
            .some(
              ({ playState, effect }) =>
                playState === 'running' &&
                Number.isFinite(Number(effect?.getComputedTiming().endTime)),
            );
          still = moving ? 0 : still + 1;
          if (still === 6) resolve();
          else setTimeout(look, 50);
        };
        look();
      }),
  );
}

/** The dialog that is open. */
export function dialogOf(admin: AdminPage): Locator {
  return admin.app.getByRole('dialog');
}

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

type AxeFinding = {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
};

/** Serious and critical findings of axe-core in the app's document, in a line each. */
export async function accessibilityProblems(admin: AdminPage): Promise<string[]> {
  const frame = admin.page.frame({ url: /\/app/ });
  if (frame === null) throw new Error('The app is not in the frame.');
  await frame.addScriptTag({ path: axePath });
  const findings = await frame.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(on: Document, how: object): Promise<{ violations: readonly unknown[] }> };
    };
    return (await axe.run(document, { iframes: false })).violations;
  });
  return (findings as readonly AxeFinding[])
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
}

/** The whole page must never scroll sideways: neither the admin's document nor the app's. */
export async function expectNoSidewaysScroll(admin: AdminPage): Promise<void> {
  const overflow = await admin.app.locator('html').evaluate((html) => {
    const wide = html.scrollWidth - html.clientWidth;
    const culprit = [...document.querySelectorAll('main *')].find(
      (element) => element.getBoundingClientRect().right > html.clientWidth + 1,
    );
    return wide > 0 ? `${String(wide)} px, first ${culprit?.outerHTML.slice(0, 200) ?? ''}` : '';
  });
  expect(overflow).toBe('');
}
