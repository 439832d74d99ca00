/**
 * All listings of a large shop through a bulk operation: Shopify writes them into a file while we
 * wait for it, and the file is read in pages. The cursor says where we are, so any process can go
 * on with it. https://shopify.dev/docs/api/usage/bulk-operations/queries
 */
import { z } from 'zod';
import type { ChannelListing, ConnectorLog, Page } from '../../../contracts/channel';
import type { Outcome } from '../../../contracts/outcome';
import { type AdminApi, done, isDone, refused } from './client';
import { toListing } from './mapping';
import {
  ExportStatus,
  type ExportStatusQuery,
  ListingsExport,
  type ListingsExportQuery,
  RunningExports,
  StartExport,
} from './operations/admin.generated';
import { type ExportedObject, type FetchFile, checkFileUrl, readExportPart } from './read-export';

export type ExportParts = {
  readonly api: AdminApi;
  readonly fetchFile: FetchFile;
  readonly now: () => Date;
  readonly log: ConnectorLog;
};

type ListingsPage = Outcome<Page<ChannelListing>>;
type Operation = NonNullable<ExportStatusQuery['bulkOperation']>;
type ExportedVariant = ListingsExportQuery['productVariants']['edges'][number]['node'];
type ExportedLevel = ExportedVariant['inventoryItem']['inventoryLevels']['edges'][number]['node'];

/** Listings given in one page: enough to write them well together, few enough to hold. */
const LISTINGS_PER_PAGE = 500;
/** An export that Shopify lost, failed or cut off is asked for anew this often in all. */
const STARTS_MAX = 4;
/** Asked soon at first, for small files; a shop of a million variants takes hours. */
const WAIT_MS_MIN = 1_000;
const WAIT_MS_MAX = 60_000;
const WAIT_PART_OF_AGE = 0.2;
/** Another export of this app is under way; or whether ours was started is not known. */
const BUSY_WAIT_MS = 10_000;
const LOST_WAIT_MS = 2_000;
const CURSOR_PREFIX = 'export:';

const cursorSchema = z.object({
  /** Null: not started yet. */
  operation: z.string().nullable(),
  at: z.number().int().min(0),
  seen: z.number().int().min(0),
  starts: z.number().int().min(0),
  startedAt: z.number(),
  expected: z.number().int().min(0),
});
type Cursor = z.infer<typeof cursorSchema>;

export function isExportCursor(cursor: string): boolean {
  return cursor.startsWith(CURSOR_PREFIX);
}

/** Has Shopify begin; the page is empty and says when to ask again. */
export function startExport(parts: ExportParts, expected: number): Promise<ListingsPage> {
  const startedAt = parts.now().getTime();
  return start(parts, { operation: null, at: 0, seen: 0, starts: 0, startedAt, expected });
}

/** The page at the cursor, or an empty one while there is no file yet. */
export async function readExport(parts: ExportParts, text: string): Promise<ListingsPage> {
  const cursor = readCursor(text);
  if (cursor === null) return refused('validation', 'This place in the list is not known.');
  if (cursor.operation === null) return start(parts, cursor);
  const answer = await parts.api.read(ExportStatus, { id: cursor.operation });
  if (!isDone(answer)) return answer;
  const { bulkOperation, shop } = answer.value;
  if (bulkOperation === null) return startAgain(parts, cursor, 'Shopify no longer knows it');
  switch (bulkOperation.status) {
    case 'CREATED':
    case 'RUNNING':
    case 'CANCELING':
      return waitFor(parts, cursor);
    case 'COMPLETED':
      return readFile(parts, cursor, bulkOperation, shop.currencyCode);
    case 'CANCELED':
    case 'EXPIRED':
    case 'FAILED':
      // A failed one may have left a part of the file: a part would look like deletions.
      return startAgain(parts, cursor, `it was ${bulkOperation.status.toLowerCase()}`);
  }
}

async function start(parts: ExportParts, cursor: Cursor): Promise<ListingsPage> {
  const answer = await parts.api.write(StartExport, { query: ListingsExport.text }, 'export');
  // It may have begun: then it is found among those that run.
  if (answer.status === 'unknown') return waiting(parts, cursor, LOST_WAIT_MS);
  if (!isDone(answer)) return answer;
  const { bulkOperation, userErrors } = answer.value.bulkOperationRunQuery ?? { userErrors: [] };
  const fresh = { ...cursor, at: 0, seen: 0, starts: cursor.starts + 1 };
  const begun = { ...fresh, startedAt: parts.now().getTime() };
  if (bulkOperation !== null && bulkOperation !== undefined && userErrors.length === 0) {
    return waiting(parts, { ...begun, operation: bulkOperation.id }, WAIT_MS_MIN);
  }
  const [error] = userErrors;
  if (error?.code !== 'OPERATION_IN_PROGRESS' && error?.code !== 'LIMIT_REACHED') {
    return refused('permanent', error?.message ?? 'Shopify did not start the export.');
  }
  const running = await findOurs(parts.api);
  if (!isDone(running)) return running;
  return running.value === null
    ? waiting(parts, cursor, BUSY_WAIT_MS)
    : waiting(parts, { ...begun, operation: running.value }, WAIT_MS_MIN);
}

/** The same export, begun by a process that was killed before it could say so. */
async function findOurs(api: AdminApi): Promise<Outcome<string | null>> {
  const answer = await api.read(RunningExports, {});
  if (!isDone(answer)) return answer;
  const ours = answer.value.bulkOperations.nodes.find(
    ({ status, query }) =>
      (status === 'RUNNING' || status === 'CREATED') && query.trim() === ListingsExport.text,
  );
  return done(ours?.id ?? null);
}

function startAgain(parts: ExportParts, cursor: Cursor, why: string): Promise<ListingsPage> {
  parts.log.warn({ starts: cursor.starts }, `The export is made again: ${why}`);
  if (cursor.starts >= STARTS_MAX) {
    const message = `Shopify could not make the list of products: ${why}.`;
    return Promise.resolve(refused('permanent', message));
  }
  return start(parts, { ...cursor, operation: null });
}

/** Half a minute in, every six seconds; an hour in, once a minute. */
function waitFor(parts: ExportParts, cursor: Cursor): ListingsPage {
  const ageMs = parts.now().getTime() - cursor.startedAt;
  const waitMs = Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, ageMs * WAIT_PART_OF_AGE));
  return waiting(parts, cursor, waitMs);
}

function waiting({ now }: ExportParts, cursor: Cursor, waitMs: number): ListingsPage {
  const readyAt = new Date(now().getTime() + waitMs);
  const nextCursor = writeCursor(cursor);
  return done({ entries: [], nextCursor, readyAt, expected: cursor.expected });
}

async function readFile(
  parts: ExportParts,
  cursor: Cursor,
  operation: Operation,
  currency: string,
): Promise<ListingsPage> {
  const expected = Number(operation.rootObjectCount);
  if (operation.url === null) {
    if (expected > 0) return startAgain(parts, cursor, 'its file is gone');
    return done({ entries: [], nextCursor: null, expected });
  }
  const url = checkFileUrl(operation.url);
  if (!isDone(url)) return url;
  const size = operation.fileSize === null ? null : Number(operation.fileSize);
  const file = { url: url.value.href, size };
  const part = await readExportPart(parts.fetchFile, file, cursor.at, LISTINGS_PER_PAGE);
  if (part.kind === 'later') {
    const retryAt = new Date(parts.now().getTime() + LOST_WAIT_MS);
    return { status: 'retry_later', retryAt, message: part.why };
  }
  if (part.kind === 'broken') return startAgain(parts, cursor, part.why);
  const seen = cursor.seen + part.objects.length;
  if (part.next === null && seen < expected) {
    return startAgain(parts, cursor, `its file holds ${String(seen)} of ${String(expected)}`);
  }
  return done({
    entries: part.objects.map((object) => toExportedListing(object, currency)),
    nextCursor: part.next === null ? null : writeCursor({ ...cursor, at: part.next, seen }),
    expected,
  });
}

/** The levels stand on lines of their own, below their variant's. */
function toExportedListing({ root, children }: ExportedObject, currency: string): ChannelListing {
  const variant = root as Omit<ExportedVariant, 'inventoryItem'> & {
    readonly inventoryItem: Omit<ExportedVariant['inventoryItem'], 'inventoryLevels'>;
  };
  const levels = children as readonly ExportedLevel[];
  const pageInfo = { hasNextPage: false, endCursor: null };
  const inventoryItem = { ...variant.inventoryItem, inventoryLevels: { pageInfo, nodes: levels } };
  return toListing({ ...variant, inventoryItem }, levels, currency);
}

function writeCursor(cursor: Cursor): string {
  return CURSOR_PREFIX + Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor(text: string): Cursor | null {
  try {
    const json = Buffer.from(text.slice(CURSOR_PREFIX.length), 'base64url').toString('utf8');
    return cursorSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}
