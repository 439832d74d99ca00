import type { Outcome } from '../../contracts/outcome';
import { findConnectionById } from '../../store/connections';
import { enqueueJobs, type NewJob } from '../../store/jobs';
import { noteBackorders, otherwiseSold } from '../../store/backorders';
import type { OperationContext } from '../context';
import { noteRefusal } from './note-refusal';

/** Listings of one call. */
const BATCH = 50;
/** Batches one job tells before it lets other work of the account have a turn. */
const BATCHES_MAX = 20;

/** Tells a channel which listings may be sold beyond their number, from a listing on. */
export function setBackordersJob(
  connection: { readonly id: string; readonly merchantId: string },
  after: string | null = null,
): NewJob {
  return {
    kind: 'set-backorders',
    merchantId: connection.merchantId,
    connectionId: connection.id,
    payload: { connectionId: connection.id, after },
    serialKey: `backorders:${connection.id}`,
    dedupeKey: `backorders:${connection.id}:${after ?? ''}`,
  };
}

/**
 * Brings the listings that are sold otherwise than the connection's policy says to it: allowed
 * beyond their number, or not. Answers how many were told; a listing that the channel refuses is
 * left as it is and does not keep back the others.
 */
export async function setBackorders(
  context: OperationContext,
  input: { readonly connectionId: string; readonly after: string | null },
): Promise<Outcome<number>> {
  const connection = await findConnectionById(context.db, input.connectionId);
  if (connection === null || connection.status === 'disconnected') {
    return { status: 'done', value: 0 };
  }
  const channel = await context.channelFor(connection);
  if (!channel.capabilities.setsBackorders) return { status: 'done', value: 0 };
  const allowed = connection.oversell === 'backorder';
  let { after } = input;
  let told = 0;
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const listings = await otherwiseSold(context.db, connection.id, allowed, after, BATCH);
    if (listings.length === 0) return { status: 'done', value: told };
    after = listings.at(-1)?.id ?? null;
    const outcomes = await channel.setBackorders(
      listings.map(({ listingRef, productRef }) => ({ listingRef, productRef, allowed })),
      `backorders:${connection.id}:${listings[0]?.id ?? ''}:${String(allowed)}`,
    );
    const done = listings.filter((_, index) => isDone(outcomes[index]));
    await noteBackorders(
      context.db,
      done.map(({ id }) => id),
      allowed,
    );
    told += done.length;
    const trouble = outcomes.find(
      (outcome) => outcome.status === 'retry_later' || outcome.status === 'unknown',
    );
    const refusal = outcomes.find((outcome) => outcome.status === 'refused');
    if (trouble !== undefined) {
      await noteRefusal(context, connection.id, trouble);
      return trouble;
    }
    if (refusal !== undefined) await noteRefusal(context, connection.id, refusal);
    if (refusal?.reason.code === 'unauthorized') return refusal;
  }
  await enqueueJobs(context.db, [setBackordersJob(connection, after)]);
  return { status: 'done', value: told };
}

function isDone(outcome: Outcome<null> | undefined): boolean {
  return outcome?.status === 'done' || outcome?.status === 'duplicate';
}
