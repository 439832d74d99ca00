/** A page in Chromium that plays the admin around the order block. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page, Route } from 'playwright-core';
import { build } from 'vite';

const folder = path.join(import.meta.dirname, '../../../extensions/order-routing-block');
/** The app's address, against which the admin resolves the block's requests. */
const APP = 'https://crossdock.example';
export const ORDER_REF = 'gid://shopify/Order/6001';

/** The extension as one classic script whose default export is the global `orderBlock`. */
export async function bundleBlock(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    root: folder,
    build: {
      write: false,
      minify: 'esbuild',
      target: 'es2022',
      lib: {
        entry: path.join(folder, 'src', 'order-block.tsx'),
        formats: ['iife'],
        name: 'orderBlock',
      },
    },
  });
  const output = Array.isArray(built) ? built[0]?.output : 'output' in built ? built.output : [];
  const code = output?.[0]?.code;
  if (code === undefined) throw new Error('The block was not bundled.');
  return code;
}

export type AppAnswer = (route: Route) => Promise<void>;

/** An answer of the app in JSON. */
export function answer(status: number, body: unknown): AppAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (route) => route.fulfill({ status, body: text, contentType: 'application/json' });
}

export type BlockPage = {
  readonly page: Page;
  /** Requests the block sent to the app. */
  readonly asked: { readonly url: string; readonly authorization: string | undefined }[];
  /** What scripts of strangers would have done, and errors on the page. */
  readonly problems: string[];
  /** The text the merchant reads, blanks folded. */
  text(): Promise<string>;
};

/** Shows the block for ORDER_REF; the n-th request gets the n-th answer, then the last one. */
export async function openBlock(
  browser: Browser,
  bundle: string,
  answers: readonly AppAnswer[],
  token: string | null = 'token-of-the-admin',
): Promise<BlockPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const asked: BlockPage['asked'] = [];
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('dialog', (dialog) => {
    problems.push(dialog.message());
    void dialog.dismiss();
  });
  await page.route('**/*', async (route) => {
    const request = route.request();
    if (request.url() === `${APP}/`) {
      await route.fulfill({ contentType: 'text/html', body: '<!doctype html><body></body>' });
      return;
    }
    asked.push({ url: request.url(), authorization: request.headers()['authorization'] });
    const next = answers[Math.min(asked.length, answers.length) - 1];
    await (next === undefined ? route.abort() : next(route));
  });
  await page.goto(`${APP}/`);
  const file = readFileSync(path.join(folder, 'locales', 'en.default.json'), 'utf8');
  const texts: unknown = JSON.parse(file);
  await page.evaluate(playAdmin, { texts, token, orderRef: ORDER_REF });
  await page.evaluate(`${bundle}\n;orderBlock();`);
  return {
    page,
    asked,
    problems,
    text: async () => (await page.locator('body').innerText()).replaceAll(/\s+/g, ' ').trim(),
  };
}

/** Runs in the page. A text that is missing, or lacks a value, is an error. */
function playAdmin(setting: { texts: unknown; token: string | null; orderRef: string }): void {
  type Values = Readonly<Record<string, string | number>>;
  const translate = (key: string, values: Values = {}) => {
    let found = setting.texts;
    for (const part of key.split('.')) found = (found as Record<string, unknown>)[part];
    if (typeof found === 'object' && found !== null) {
      const form = new Intl.PluralRules('en').select(Number(values['count']));
      found = (found as Record<string, unknown>)[form];
    }
    if (typeof found !== 'string') throw new Error(`There is no text ${key}.`);
    return found.replaceAll(/\{\{(\w+)\}\}/g, (_match, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${key} lacks ${name}.`);
      return String(value);
    });
  };
  Object.assign(globalThis, {
    shopify: {
      data: { selected: [{ id: setting.orderRef }] },
      auth: { idToken: () => Promise.resolve(setting.token) },
      i18n: {
        translate,
        formatDate: (date: Date) => date.toISOString().slice(0, 10),
      },
    },
  });
}
