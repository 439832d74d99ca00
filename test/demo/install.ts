import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxShop } from '../sandbox/shopify/shop';

const BROWSER = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
const IMPORT_MS_MAX = 180_000;

/** Does what a merchant's browser does: every request carries a fresh session token. */
export function merchantBrowser(appUrl: string, shop: SandboxShop) {
  return async (path: string, form?: Readonly<Record<string, string>>): Promise<Response> => {
    const answer = await fetch(`${appUrl}${path}`, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { authorization: `Bearer ${shop.idToken()}`, 'user-agent': BROWSER },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    if (answer.status >= 400) {
      throw new Error(`${path} answered ${String(answer.status)}: ${await answer.text()}`);
    }
    return answer;
  };
}

/** Waits until a fact holds, asking again and again; throws with the sentence given. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + IMPORT_MS_MAX;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It took too long: ${what}.`);
    await sleep(150);
  }
}
