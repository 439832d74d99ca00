import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';
import { type WorkSubject, nameSubjects } from '../jobs/name-subjects';
import { type SafeValue, safeValues } from '../jobs/safe-values';
import { type Effects, listEffects } from './list-effects';

export type Message = {
  readonly id: string;
  readonly topic: string;
  readonly state: string;
  readonly channelName: string;
  readonly receivedAt: Date;
  readonly processedAt: Date | null;
  readonly detail: string | null;
  /** Of the body only its length: it may name a customer. */
  readonly bodyLength: number;
  readonly concerns: readonly SafeValue[];
  readonly about: WorkSubject | null;
  /** When a person last had it read again. */
  readonly replayedAt: Date | null;
  readonly effects: Effects;
  /** What it has done since then; empty when it was never read again. */
  readonly sinceReplay: Effects;
};

const NO_EFFECTS: Effects = { records: [], movements: [] };

/** A message a channel sent and everything it has caused; null when it is not this merchant's. */
export async function getMessage(
  prisma: Prisma,
  merchantId: string,
  id: string,
): Promise<Message | null> {
  if (!isId(id)) return null;
  const event = await prisma.inboxEvent.findFirst({ where: { id, merchantId } });
  if (event === null) return null;
  const concerns = safeValues(event.concerns);
  const [channel, [about = null], replay, effects] = await Promise.all([
    prisma.connection.findUnique({ where: { id: event.connectionId }, select: { name: true } }),
    nameSubjects(prisma, merchantId, [{ connectionId: event.connectionId, references: concerns }]),
    prisma.auditRecord.findFirst({
      where: { merchantId, subjectId: id, action: 'inbox_event.replayed' },
      orderBy: { at: 'desc' },
    }),
    listEffects(prisma, merchantId, id),
  ]);
  const replayedAt = replay?.at ?? null;
  const since =
    replayedAt === null ? NO_EFFECTS : await listEffects(prisma, merchantId, id, replayedAt);
  const notReplay = (of: Effects): Effects => ({
    ...of,
    records: of.records.filter(({ action }) => action !== 'inbox_event.replayed'),
  });
  return {
    id,
    topic: event.topic,
    state: event.state,
    channelName: channel?.name ?? 'A channel',
    receivedAt: event.receivedAt,
    processedAt: event.processedAt,
    detail: event.detail,
    bodyLength: event.body.length,
    concerns,
    about,
    replayedAt,
    effects: notReplay(effects),
    sinceReplay: notReplay(since),
  };
}
