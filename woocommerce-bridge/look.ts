import http from 'node:http';
import https from 'node:https';
import { parseJson } from './answers';
import { isRecord } from './read-body';
import { PRIVATE_CODE, isPrivateLiteral, publicLookup } from './transport';

export type StoreLook = { readonly ok: true } | { readonly ok: false; readonly message: string };

type Glance = {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
};

type Failed = { readonly failed: string };

const TIMEOUT_MS = 10_000;
/** The index of a site with many plugins, should it not know `_fields`, is about a megabyte. */
const BODY_BYTES_MAX = 4_000_000;

/**
 * Looks, without any key, whether a WooCommerce store answers at an address, so that a person
 * learns of a mistyped or outdated address before they approve anything. Redirects are told, not
 * followed: keys and webhooks belong to the address a store is really at.
 */
export async function lookAtStore(
  url: string,
  options: { readonly allowPrivate: boolean },
): Promise<StoreLook> {
  if (!options.allowPrivate && isPrivateLiteral(url)) {
    return no('This address leads into a private network.');
  }
  const glance = await glanceAt(`${url}/wp-json/?_fields=namespaces`, options.allowPrivate);
  return 'failed' in glance ? no(describeFailure(glance.failed)) : judge(url, glance);
}

function describeFailure(code: string): string {
  if (/CERT|SIGNATURE|TLS|SSL/.test(code)) {
    return `The certificate of this address is not one we can trust (${code}).`;
  }
  return code === PRIVATE_CODE
    ? 'This address leads into a private network.'
    : 'Nothing answers at this address.';
}

function judge(url: string, { status, location, text }: Glance): StoreLook {
  if (status >= 300 && status < 400) return no(movedTo(url, location));
  const body = parseJson(text);
  if (status === 200 && isRecord(body) && Array.isArray(body['namespaces'])) {
    return body['namespaces'].includes('wc/v3')
      ? { ok: true }
      : no('This is a WordPress site, but WooCommerce is not active on it.');
  }
  // Some sites show this list to nobody who is not signed in: the keys will tell.
  if (status === 401 || status === 403) return { ok: true };
  if (status >= 500 || status === 429) {
    return no(`The site does not work at the moment (${status}). Try again in a while.`);
  }
  return no(
    'There is no WooCommerce store at this address. If there is, set its permalinks ' +
      '(WordPress › Settings › Permalinks) to anything but Plain.',
  );
}

function movedTo(url: string, location: string | null): string {
  const moved = 'This address leads to another one.';
  if (location === null || !URL.canParse(location, url)) return moved;
  const to = new URL(location, url);
  const base = `${to.origin}${to.pathname.replace(/\/wp-json\/?$/, '').replace(/\/$/, '')}`;
  return base.length > 200 ? moved : `${moved} Enter ${base} instead.`;
}

function no(message: string): StoreLook {
  return { ok: false, message };
}

/** One plain GET, or the error code of why nothing (or too much) came back. */
function glanceAt(url: string, allowPrivate: boolean): Promise<Glance | Failed> {
  return new Promise((resolve) => {
    const fail = (problem: NodeJS.ErrnoException): void => {
      resolve({ failed: problem.code ?? 'UNKNOWN' });
    };
    const request = (url.startsWith('https:') ? https : http).get(url, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: 'application/json', 'user-agent': 'Crossdock' },
      ...(allowPrivate ? {} : { lookup: publicLookup }),
    });
    request.once('error', fail);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > BODY_BYTES_MAX) request.destroy();
        else chunks.push(chunk);
      });
      response.once('error', fail);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { statusCode: status = 0, headers } = response;
        resolve({ status, location: headers.location ?? null, text });
      });
    });
  });
}
