/**
 * A file that Shopify made of a whole shop: one JSON object a line, read as it streams in, a part
 * at a time, and taken up again at any byte.
 */
import { done, refused } from './client';
import type { Outcome } from '../../../contracts/outcome';

/** An object with the objects that belong to it, which follow it in the file. */
export type ExportedObject = {
  readonly root: unknown;
  readonly children: readonly unknown[];
};

/**
 * `next`: the byte where the first object of the next part starts; null = that was all.
 * `broken`: the file is not what its maker said; it has to be made again. `later`: it could not be
 * reached, or the connection ended.
 */
export type ExportPart =
  | {
      readonly kind: 'part';
      readonly objects: readonly ExportedObject[];
      readonly next: number | null;
    }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'later'; readonly why: string };

export type ExportFile = {
  readonly url: string;
  /** Bytes in all; null where Shopify does not say. */
  readonly size: number | null;
};

export type FetchFile = (
  url: string,
  request: { readonly headers: Record<string, string>; readonly signal: AbortSignal },
) => Promise<Response>;

/** A part is some hundred kilobytes; a server that sends less than that in a minute is stuck. */
const PART_TIMEOUT_MS = 60_000;
/** No variant has a line this long; a file without line ends must not fill the memory. */
const LINE_BYTES_MAX = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Shopify's files lie with a storage provider whose name it does not promise. What it names is
 * held to be an https address of the open internet; nothing else is called.
 */
export function checkFileUrl(text: string): Outcome<URL> {
  const url = parseUrl(text);
  const host = url?.hostname.toLowerCase() ?? '';
  const isName = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(host);
  const isInner = /\.(?:local|localhost|internal|intranet|lan|home|corp|test)$/.test(host);
  const isPlain = url?.username === '' && url.password === '' && url.port === '';
  if (url === null || url.protocol !== 'https:' || !isName || isInner || !isPlain) {
    return refused('permanent', 'Shopify named a file at an address that is not called.');
  }
  return done(url);
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** Up to `max` objects of the file, from byte `from` on, where an object must start. */
export async function readExportPart(
  fetchFile: FetchFile,
  file: ExportFile,
  from: number,
  max: number,
): Promise<ExportPart> {
  const objects: ExportedObject[] = [];
  let open: { root: unknown; children: unknown[]; startsAt: number } | null = null;
  let endsAt = from;
  try {
    const body = await openFile(fetchFile, file.url, from);
    if (!('chunks' in body)) return body;
    for await (const line of linesOf(body.chunks, body.startsAt, from)) {
      const value = parseLine(line.text);
      if (value === null) {
        // Cut off within a line, unless this is the end that was promised.
        const isEnd = file.size === null || line.endsAt >= file.size;
        if (line.isWhole || isEnd) return { kind: 'broken', why: 'A line is no JSON object.' };
        break;
      }
      endsAt = line.endsAt;
      if (!('__parentId' in value)) {
        if (open !== null) objects.push(open);
        if (objects.length >= max) return { kind: 'part', objects, next: line.startsAt };
        open = { root: value, children: [], startsAt: line.startsAt };
      } else if (open === null) {
        return { kind: 'broken', why: 'An object comes before the one it belongs to.' };
      } else open.children.push(value);
    }
  } catch (problem) {
    if (problem instanceof LineTooLong) return { kind: 'broken', why: problem.message };
    return cutOff(objects, open, problem instanceof Error ? problem.message : 'no answer');
  }
  if (file.size !== null && endsAt < file.size) return cutOff(objects, open, 'It ended early.');
  if (open !== null) objects.push(open);
  return { kind: 'part', objects, next: null };
}

/** What arrived in full is used; the object that was coming is read again. */
function cutOff(
  objects: readonly ExportedObject[],
  open: { readonly startsAt: number } | null,
  why: string,
): ExportPart {
  return objects.length > 0 && open !== null
    ? { kind: 'part', objects, next: open.startsAt }
    : { kind: 'later', why: `Shopify's file could not be read: ${why}` };
}

type OpenFile = { readonly chunks: AsyncIterable<Uint8Array>; readonly startsAt: number };

async function openFile(
  fetchFile: FetchFile,
  url: string,
  from: number,
): Promise<OpenFile | Extract<ExportPart, { readonly why: string }>> {
  const response = await fetchFile(url, {
    // Bytes are counted, so they must be the file's own.
    headers: { 'accept-encoding': 'identity', range: `bytes=${String(from)}-` },
    signal: AbortSignal.timeout(PART_TIMEOUT_MS),
  });
  const { status, body } = response;
  if (status >= 500 || status === 429 || status === 408) {
    await body?.cancel();
    return { kind: 'later', why: `Shopify's file answered ${String(status)}.` };
  }
  if ((status !== 200 && status !== 206) || body === null) {
    await body?.cancel();
    return { kind: 'broken', why: `Shopify's file answered ${String(status)}.` };
  }
  const chunks = body as unknown as AsyncIterable<Uint8Array>;
  if (status === 200) return { chunks, startsAt: 0 };
  const startsAt = Number(
    /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? from,
  );
  if (startsAt > from) return { kind: 'later', why: "Shopify's file came from another byte on." };
  return { chunks, startsAt };
}

type Line = {
  readonly text: string;
  readonly startsAt: number;
  readonly endsAt: number;
  /** It ended with a line end, so nothing of it is missing. */
  readonly isWhole: boolean;
};

class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
}

/** Lines of a file whose first byte here is `startsAt`; what lies before `from` is skipped. */
async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  startsAt: number,
  from: number,
): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let at = startsAt;
  for await (const chunk of chunks) {
    const skipped = Math.min(Math.max(0, from - at), chunk.byteLength);
    const fresh = Buffer.from(chunk.buffer, chunk.byteOffset + skipped, chunk.byteLength - skipped);
    if (rest.byteLength === 0) at += skipped;
    if (fresh.byteLength === 0) continue;
    rest = rest.byteLength === 0 ? fresh : Buffer.concat([rest, fresh]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, start)) {
      const text = rest.toString('utf8', start, end);
      const line = { text, startsAt: at + start, endsAt: at + end + 1, isWhole: true };
      start = end + 1;
      if (text.trim() !== '') yield line;
    }
    rest = rest.subarray(start);
    at += start;
    if (rest.byteLength > LINE_BYTES_MAX) throw new LineTooLong('A line is too long.');
  }
  const text = rest.toString('utf8');
  const endsAt = at + rest.byteLength;
  if (text.trim() !== '') yield { text, startsAt: at, endsAt, isWhole: false };
}

function parseLine(text: string): object | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
