import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { replayInboxEvent } from '../../store/inbox';
import { replayJob } from '../../store/jobs';
import type { OperationContext } from '../context';

/** What one request may replay; more is done page by page. */
const REPLAY_MAX = 200;

/**
 * Gives failed jobs another set of tries. Ids that are not failed jobs of the merchant are passed
 * over.
 */
export async function replayJobs(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    readonly jobIds: readonly string[];
    readonly actor: Actor;
  },
): Promise<{ readonly replayed: number }> {
  const ids = input.jobIds.filter((id) => /^\d{1,15}$/.test(id)).slice(0, REPLAY_MAX);
  return replayEach(context, input, ids, 'job', (tx, id) =>
    replayJob(tx, input.merchantId, Number(id)),
  );
}

/** Looks again at what inbox events were about. Events of other merchants are passed over. */
export async function replayInboxEvents(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    readonly eventIds: readonly string[];
    readonly actor: Actor;
  },
): Promise<{ readonly replayed: number }> {
  const ids = input.eventIds.filter((id) => /^[0-9a-f-]{36}$/.test(id)).slice(0, REPLAY_MAX);
  return replayEach(context, input, ids, 'inbox_event', (tx, id) =>
    replayInboxEvent(tx, input.merchantId, id),
  );
}

type Tx = Parameters<Parameters<OperationContext['db']['transaction']>[0]>[0];

async function replayEach(
  context: OperationContext,
  input: { readonly merchantId: string; readonly actor: Actor },
  ids: readonly string[],
  kind: 'job' | 'inbox_event',
  replay: (tx: Tx, id: string) => Promise<object | null>,
): Promise<{ readonly replayed: number }> {
  const replayed = await context.db.transaction(async (tx) => {
    const done: string[] = [];
    for (const id of ids) {
      if ((await replay(tx, id)) !== null) done.push(id);
    }
    const at = context.clock.now();
    await writeAudit(
      tx,
      done.map((id) => ({
        merchantId: input.merchantId,
        at,
        actor: input.actor,
        action: `${kind}.replayed`,
        subject: { kind, id },
        cause: { kind, id },
        data: {},
      })),
    );
    return done.length;
  });
  if (replayed > 0) context.afterCommit(input.merchantId);
  return { replayed };
}
