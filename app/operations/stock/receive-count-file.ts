import type { Actor } from '../../domain/shared/actor';
import { countPlaces } from '../../store/count-lines';
import { enqueueJob } from '../../store/jobs';
import {
  countJob,
  deleteBrokenUploads,
  deleteChunks,
  findCount,
  insertChunk,
  insertCount,
  lockUploads,
  updateCount,
} from '../../store/stock-counts';
import { type OperationContext, type Refused, refused } from '../context';
import { auditCount } from './count-audit';

/** Far more than 200,000 rows of a wide export. */
export const COUNT_FILE_BYTES_MAX = 64 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const NAME_LENGTH_MAX = 200;
/** Of one merchant at a time: each may hold 64 MB until it is read. */
const FILES_UNDER_WAY_MAX = 3;
/** No upload takes this long: the web server ends a request much sooner. */
const BROKEN_AFTER_MS = 60 * 60_000;

export type CountFile = {
  readonly merchantId: string;
  readonly actor: Actor;
  /** Made once per form: the same file sent twice with it is one count. */
  readonly id: string;
  readonly fileName: string;
  /** Where rows without a location were counted; null: they must name one. */
  readonly locationId: string | null;
  readonly bytes: AsyncIterable<Uint8Array>;
};

/** Keeps an uploaded file, piece by piece, for a worker to read. Changes no stock. */
export async function receiveCountFile(
  context: OperationContext,
  file: CountFile,
): Promise<{ readonly status: 'done'; readonly countId: string } | Refused> {
  const { merchantId, id } = file;
  const now = context.clock.now();
  await deleteBrokenUploads(context.db, merchantId, new Date(now.getTime() - BROKEN_AFTER_MS));
  const name = lastPart(file.fileName).slice(0, NAME_LENGTH_MAX) || 'File';
  const place = (await countPlaces(context.db, merchantId)).find(
    (one) => one.id === file.locationId,
  );
  if (file.locationId !== null && place === undefined) {
    return refused('not_found', 'This location does not exist.');
  }
  if (place?.active === false) return refused('conflict', `${place.name} is switched off.`);
  const begun = await context.db.transaction(async (tx) => {
    const others = await lockUploads(tx, merchantId, id);
    if (others >= FILES_UNDER_WAY_MAX) return 'busy';
    const fresh = await insertCount(tx, {
      id,
      merchantId,
      name,
      kind: 'file',
      locationId: file.locationId,
      state: 'uploading',
      blind: false,
      fileName: name,
      createdBy: file.actor.id,
    });
    return fresh ? 'fresh' : 'known';
  });
  if (begun === 'busy') {
    return refused('conflict', 'Three files are being read already: try again when one is done.');
  }
  if (begun === 'known') return sentBefore(context, file);
  const problem = await keepChunks(context, file).catch(async (failure: unknown) => {
    await giveUp(context, id);
    throw failure;
  });
  if (problem !== null) {
    await giveUp(context, id);
    return refused('validation', problem);
  }
  await context.db.transaction(async (tx) => {
    await updateCount(tx, id, { state: 'reading' });
    await auditCount(context, tx, { merchantId, id, name }, file.actor, 'count.uploaded');
    await enqueueJob(tx, countJob('read-count-file', { id, merchantId }));
  });
  context.afterCommit(merchantId);
  return { status: 'done', countId: id };
}

async function sentBefore(
  context: OperationContext,
  { merchantId, id }: CountFile,
): Promise<{ readonly status: 'done'; readonly countId: string } | Refused> {
  const known = await findCount(context.db, merchantId, id);
  if (known === null || known.state === 'uploading') {
    return refused('conflict', 'This file is being sent already: reload the page in a moment.');
  }
  return { status: 'done', countId: id };
}

/** Null when all of it is kept; else why it cannot be used. */
async function keepChunks(context: OperationContext, file: CountFile): Promise<string | null> {
  let pending: Uint8Array[] = [];
  let [pendingBytes, total, position] = [0, 0, 0];
  let looked = false;
  const keep = async () => {
    await insertChunk(context.db, file.id, position, Buffer.concat(pending));
    position += 1;
    pending = [];
    pendingBytes = 0;
  };
  for await (const piece of file.bytes) {
    total += piece.byteLength;
    if (total > COUNT_FILE_BYTES_MAX) {
      return 'The file is larger than 64 MB: split it into several files.';
    }
    // The piece may be a window onto memory that its sender goes on to use.
    pending.push(Uint8Array.from(piece));
    pendingBytes += piece.byteLength;
    if (!looked && total >= MARK_BYTES) {
      looked = true;
      if (isWorkbook(Buffer.concat(pending))) return WORKBOOK;
    }
    if (pendingBytes >= CHUNK_BYTES) await keep();
  }
  if (total === 0) return 'The file is empty.';
  if (pendingBytes > 0) await keep();
  return null;
}

const WORKBOOK =
  'This is a workbook, not a CSV file. Save it as CSV in your spreadsheet program and choose that file.';

const MARK_BYTES = 4;

/** Zip archives (.xlsx, .ods, .numbers) and the older .xls, by their first bytes. */
function isWorkbook(start: Buffer): boolean {
  const head = start.subarray(0, MARK_BYTES).toString('hex');
  return head === '504b0304' || head === 'd0cf11e0';
}

async function giveUp(context: OperationContext, id: string): Promise<void> {
  await context.db.transaction(async (tx) => {
    await deleteChunks(tx, id);
    await updateCount(tx, id, { state: 'cancelled', summary: { failure: 'Not received.' } });
  });
}

/** Some programs send the whole path; it says where things lie on somebody's machine. */
function lastPart(fileName: string): string {
  const name = fileName.split(/[/\\]/).at(-1) ?? '';
  return name.replaceAll(/\p{Cc}/gu, '').trim();
}
