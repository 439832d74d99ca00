import type { ChannelConnector, ChannelWork } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import { writeAudit } from '../../store/audit';
import { findConnection } from '../../store/connections';
import { readSettings } from '../../store/settings';
import { type WorkToTell, findWorkToTell, isToBeTold, lastWorkNote } from '../../store/work';
import type { OperationContext } from '../context';
import { followMove } from './follow-move';

export type MoveWork = {
  readonly merchantId: string;
  readonly orderId: string;
  /** The channel's location that somebody gave work of the order to; null = tell of our routing. */
  readonly movedTo: string | null;
};

/**
 * Keeps an order's channel and our routing in line. Our routing is told to the channel; what is
 * so already is left alone, and a refusal is kept with the order. Work that somebody moved in the
 * channel is followed if its new location has the units, and else left as it is: then the channel
 * and we differ, which the order shows. What we moved ourselves is never taken for that, because
 * we ship from there.
 */
export async function moveWork(
  context: OperationContext,
  input: MoveWork,
): Promise<Outcome<string>> {
  const { merchantId } = input;
  const order = await findWorkToTell(context.db, merchantId, input.orderId);
  if (order === null || order.work.length === 0) return { status: 'done', value: 'nothing open' };
  const { writeRoutingBack } = await readSettings(context.db, merchantId);
  if (!writeRoutingBack) return { status: 'done', value: 'not wanted' };
  const connection = await findConnection(context.db, merchantId, order.connectionId);
  if (connection === null || connection.status === 'disconnected') {
    return { status: 'done', value: 'The channel is disconnected.' };
  }
  const channel = await context.channelFor(connection);
  if (!channel.capabilities.movesWork) return { status: 'done', value: 'not offered' };
  return input.movedTo === null
    ? tell(context, channel, merchantId, order)
    : takeMove(context, channel, merchantId, order, input.movedTo);
}

async function tell(
  context: OperationContext,
  channel: ChannelConnector,
  merchantId: string,
  order: WorkToTell,
): Promise<Outcome<string>> {
  const outcome = await channel.moveWork(order.orderRef, order.work, `move:${order.orderId}`);
  switch (outcome.status) {
    case 'done':
      await note(context, merchantId, order, 'order.work_told', {});
      return { status: 'done', value: 'told' };
    case 'duplicate':
      return { status: 'duplicate', value: 'as told' };
    case 'refused': {
      const { code, message } = outcome.reason;
      if (code === 'unauthorized') return outcome;
      await note(context, merchantId, order, 'order.work_refused', { message });
      return { status: 'done', value: message };
    }
    case 'retry_later':
    case 'unknown':
      return outcome;
  }
}

async function takeMove(
  context: OperationContext,
  channel: ChannelConnector,
  merchantId: string,
  order: WorkToTell,
  movedTo: string,
): Promise<Outcome<string>> {
  // Our own move comes back as a message: all of it ships from there with us, too.
  if (order.work.every(({ locationRef }) => locationRef === movedTo)) {
    return { status: 'duplicate', value: 'as routed' };
  }
  const read = await channel.readWork(order.orderRef);
  if (read.status !== 'done' && read.status !== 'duplicate') {
    return read.status === 'refused' && read.reason.code === 'not_found'
      ? { status: 'done', value: read.reason.message }
      : read;
  }
  const excess = excessAt(movedTo, read.value, order.work);
  if (excess.length === 0) return { status: 'duplicate', value: 'as routed' };
  // What we are about to tell is newer than the move.
  if (await isToBeTold(context.db, order.orderId)) return { status: 'done', value: 'told soon' };
  const followed = await followMove(context, {
    merchantId,
    orderId: order.orderId,
    connectionId: order.connectionId,
    locationRef: movedTo,
    excess,
  });
  if (followed.status === 'done') return { status: 'done', value: 'followed' };
  const { message } = followed;
  await note(context, merchantId, order, 'order.work_differs', { message });
  return { status: 'done', value: message };
}

/** Units per line that the channel has at a location beyond those we ship from there. */
function excessAt(
  locationRef: string,
  theirs: readonly ChannelWork[],
  ours: readonly ChannelWork[],
): readonly { readonly lineRef: string; readonly quantity: number }[] {
  const here = (work: readonly ChannelWork[], lineRef: string): number =>
    work
      .filter((one) => one.locationRef === locationRef && one.lineRef === lineRef)
      .reduce((sum, { quantity }) => sum + quantity, 0);
  return [...new Set(theirs.map(({ lineRef }) => lineRef))]
    .map((lineRef) => ({ lineRef, quantity: here(theirs, lineRef) - here(ours, lineRef) }))
    .filter(({ quantity }) => quantity > 0);
}

/** The same note twice in a row says nothing new. */
async function note(
  context: OperationContext,
  merchantId: string,
  order: WorkToTell,
  action: 'order.work_told' | 'order.work_refused' | 'order.work_differs',
  data: { readonly message?: string },
): Promise<void> {
  const last = await lastWorkNote(context.db, merchantId, order.orderId);
  const repeats = last?.action === action && last.message === (data.message ?? null);
  if (action !== 'order.work_told' && repeats) return;
  await writeAudit(context.db, [
    {
      merchantId,
      at: context.clock.now(),
      actor: { kind: 'channel', id: order.connectionId },
      action,
      subject: { kind: 'order', id: order.orderId },
      cause: { kind: 'order', id: order.orderId },
      data,
    },
  ]);
}
