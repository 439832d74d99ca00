import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import { systemActor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { type StoredConnection, findConnectionById } from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import {
  activeLocations,
  adoptLocations,
  locationsMadeSince,
  mapLocations,
  mappedLocationIds,
} from '../../store/locations';
import { analyzeCatalog } from '../../store/statistics';
import type { OperationContext } from '../context';
import { noteRefusal } from '../sync/note-refusal';
import { type ListingsImported, importListings } from './import-listings';
import { retireUnseen } from './retire-listings';

/** How soon it is looked again whether there is a location by now. */
const LOCATIONS_AGAIN_MS = 2_000;

/** How far an import has come; kept with its job, so that a restart goes on from here. */
export type ImportProgress = ListingsImported & {
  readonly cursor: string | null;
  /** Listings in all, where the channel says. */
  readonly expected: number | null;
  /**
   * When it began, as ISO time: what it has not shown by its end may be gone, and locations made
   * since then are this import's.
   */
  readonly startedAt: string;
  /** Every page has been taken in; what is left is to look for what none of them showed. */
  readonly allRead: boolean;
};

/** The channel is still making its list: the import goes on then, and holds no worker meanwhile. */
export type ImportWaits = {
  readonly status: 'waits';
  readonly until: Date;
  readonly message: string;
};

/**
 * Reads a channel's locations and all its listings into the catalogue, page by page, each page in
 * a transaction of its own, then hands over to the import of its orders.
 */
export async function importCatalog(
  context: OperationContext,
  input: {
    readonly connectionId: string;
    readonly progress: ImportProgress | null;
    /** A first import goes on with the orders; a refresh of the catalogue ends here. */
    readonly thenOrders: boolean;
  },
  saveProgress: (progress: ImportProgress) => Promise<void>,
): Promise<Outcome<ImportProgress> | ImportWaits> {
  const connection = await findConnectionById(context.db, input.connectionId);
  if (connection === null || connection.status === 'disconnected') {
    return { status: 'refused', reason: { code: 'not_found', message: 'Not connected any more.' } };
  }
  const channel = await context.channelFor(connection);
  let progress: ImportProgress = input.progress ?? {
    listings: 0,
    itemsCreated: 0,
    unmatched: 0,
    cursor: null,
    expected: null,
    startedAt: context.clock.now().toISOString(),
    allRead: false,
  };
  // Known before a location is made: after a crash it is still one of this import's.
  if (input.progress === null) await saveProgress(progress);
  const placed = await importLocations(context, connection, channel);
  if (placed.status !== 'done' && placed.status !== 'duplicate')
    return failed(context, connection, placed);
  const startedAt = new Date(progress.startedAt);
  const importing = {
    merchantId: connection.merchantId,
    connectionId: connection.id,
    createsItems: channel.capabilities.multiLocation,
    newLocationIds: await locationsMadeSince(context.db, connection.id, startedAt),
  };
  const pages = createPages(channel);
  while (!progress.allRead) {
    const page = await pages.read(progress.cursor);
    if (page.status !== 'done' && page.status !== 'duplicate')
      return failed(context, connection, page);
    const { entries, nextCursor, readyAt, expected = progress.expected } = page.value;
    if (nextCursor !== null && readyAt === undefined) pages.prepare(nextCursor);
    const imported = await context.db.transaction((tx) =>
      importListings(tx, importing, entries, context.clock.now()),
    );
    progress = {
      ...progress,
      listings: progress.listings + imported.listings,
      itemsCreated: progress.itemsCreated + imported.itemsCreated,
      unmatched: progress.unmatched + imported.unmatched,
      cursor: nextCursor,
      expected,
      allRead: nextCursor === null,
    };
    if (hasGrown(progress.listings - imported.listings, progress.listings)) {
      await analyzeCatalog(context.db);
    }
    await saveProgress(progress);
    if (nextCursor !== null && readyAt !== undefined && readyAt > context.clock.now()) {
      return { status: 'waits', until: readyAt, message: 'The channel is making its list.' };
    }
  }
  const gone = await retireUnseen(context, connection, channel, startedAt);
  if (gone.status !== 'done' && gone.status !== 'duplicate')
    return failed(context, connection, gone);
  await finish(context, connection, progress, input.thenOrders);
  return { status: 'done', value: progress };
}

type ListingsPage = ReturnType<ChannelConnector['listListings']>;

/** The next page is read while the last one is being written. */
function createPages(channel: ChannelConnector) {
  let ahead: { readonly cursor: string; readonly page: ListingsPage } | null = null;
  return {
    read(cursor: string | null): ListingsPage {
      const page = ahead?.cursor === cursor ? ahead.page : channel.listListings(cursor);
      ahead = null;
      return page;
    },
    prepare(cursor: string): void {
      const page = channel.listListings(cursor);
      // Should the writing fail, nobody waits for this page any more.
      page.catch(() => undefined);
      ahead = { cursor, page };
    },
  };
}

/** Whether the number passed 1,000, 2,000, 4,000 and so on. */
function hasGrown(before: number, now: number): boolean {
  const doublings = (count: number): number => Math.floor(Math.log2(Math.max(1, count / 1_000)));
  return now >= 1_000 && (before < 1_000 || doublings(now) > doublings(before));
}

async function failed<Value>(
  context: OperationContext,
  connection: StoredConnection,
  outcome: Outcome<Value> & { status: 'refused' | 'retry_later' | 'unknown' },
): Promise<Outcome<never>> {
  await noteRefusal(context, connection.id, outcome);
  return outcome;
}

async function importLocations(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
): Promise<Outcome<null>> {
  const { merchantId, id } = connection;
  const answer = await channel.listLocations();
  if (answer.status !== 'done' && answer.status !== 'duplicate') return answer;
  const isFed = await context.db.transaction(async (tx) => {
    if (channel.capabilities.multiLocation) {
      await adoptLocations(tx, merchantId, id, answer.value, context.clock.now());
      return true;
    }
    // One number per listing: every location of the merchant feeds it until they say otherwise,
    // and what they said stands, also when the catalogue is read again.
    if ((await mappedLocationIds(tx, id)).length > 0) return true;
    const [only] = answer.value;
    const ours = await activeLocations(tx, merchantId);
    await mapLocations(
      tx,
      merchantId,
      id,
      ours.map((location) => ({ locationId: location.id, ref: only?.ref ?? '' })),
    );
    return ours.length > 0;
  });
  // Fed by nothing it would show nothing: the store that brings the locations is still being read.
  return isFed
    ? { status: 'done', value: null }
    : {
        status: 'retry_later',
        retryAt: new Date(context.clock.now().getTime() + LOCATIONS_AGAIN_MS),
        message: 'It is read once there is a location to ship from.',
      };
}

async function finish(
  context: OperationContext,
  connection: StoredConnection,
  progress: ImportProgress,
  thenOrders: boolean,
): Promise<void> {
  const { merchantId, id } = connection;
  await context.db.transaction(async (tx) => {
    await writeAudit(tx, [
      {
        merchantId,
        at: context.clock.now(),
        actor: systemActor('import'),
        action: 'catalog.imported',
        subject: { kind: 'connection', id },
        cause: { kind: 'connection', id },
        data: {
          listings: progress.listings,
          itemsCreated: progress.itemsCreated,
          unmatched: progress.unmatched,
        },
      },
    ]);
    if (!thenOrders) return;
    await enqueueJobs(tx, [
      {
        kind: 'import-orders',
        merchantId,
        connectionId: id,
        payload: { connectionId: id },
        serialKey: `import:${id}`,
        dedupeKey: `import-orders:${id}`,
        causeKind: 'connection',
        causeId: id,
      },
    ]);
  });
  context.afterCommit(merchantId);
}
