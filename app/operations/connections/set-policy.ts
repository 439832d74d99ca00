import type { Actor } from '../../domain/shared/actor';
import { type StockPolicy, policyProblem } from '../../domain/stock/stock-policy';
import type { Transaction } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import { type StoredConnection, findConnection, savePolicy } from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import {
  activeLocations,
  mapLocations,
  mappedLocationIds,
  unmapLocationsExcept,
  wakeOrdersShortAt,
} from '../../store/locations';
import { markAllDirty } from '../../store/publications';
import { agreeToPush } from '../../store/push-measure';
import { type OperationContext, type Refused, refused } from '../context';
import { setBackordersJob } from '../sync/set-backorders';

type Change = { readonly merchantId: string; readonly connectionId: string; readonly actor: Actor };
type Answer = { readonly status: 'done' } | Refused;

/**
 * Sets how much of its stock a channel gets to see, and (where it has one number per listing) which
 * locations feed it: `locationIds`, null = as it is. All numbers are sent again. `previewed`: the
 * person has seen the numbers this makes, so the brake counts them as agreed.
 */
export async function setPolicy(
  context: OperationContext,
  input: Change & {
    readonly policy: StockPolicy & { readonly brakePercent: number };
    readonly locationIds: readonly string[] | null;
    readonly previewed: boolean;
  },
): Promise<Answer> {
  const { policy, locationIds, previewed } = input;
  const problem = policyProblem(policy);
  if (problem !== null) return refused('validation', problem);
  if (policy.oversell === 'backorder' && !(await canSellBeyond(context, input))) {
    return refused('conflict', 'This channel cannot be told to sell more than there is.');
  }
  return change(context, input, async (tx, connection) => {
    const chosen = locationIds === null ? [] : await feedFrom(tx, connection, locationIds);
    if ('status' in chosen) return chosen;
    await savePolicy(tx, connection.id, policy);
    await markAllDirty(tx, connection.id);
    if (previewed) await agreeToPush(tx, connection.id);
    if (policy.oversell !== connection.oversell) {
      await enqueueJobs(tx, [setBackordersJob(connection)]);
    }
    return { ...policy, capUnits: policy.capUnits ?? '', locations: chosen.join(', ') };
  });
}

async function canSellBeyond(context: OperationContext, input: Change): Promise<boolean> {
  const connection = await findConnection(context.db, input.merchantId, input.connectionId);
  if (connection === null || connection.status === 'disconnected') return false;
  const channel = await context.channelFor(connection);
  return channel.capabilities.setsBackorders;
}

/** Answers the names of those chosen. */
async function feedFrom(
  tx: Transaction,
  connection: StoredConnection,
  locationIds: readonly string[],
): Promise<readonly string[] | Refused> {
  if (connection.kind === 'shopify') {
    return refused('conflict', 'Shopify keeps a number for each of its own locations.');
  }
  const { merchantId, id } = connection;
  const ours = await activeLocations(tx, merchantId);
  const chosen = ours.filter((location) => locationIds.includes(location.id));
  if (chosen.length === 0) return refused('validation', 'Choose at least one location.');
  if (chosen.length !== new Set(locationIds).size) {
    return refused('not_found', 'A location does not exist any more: reload the page.');
  }
  const ids = chosen.map((location) => location.id);
  const before = await mappedLocationIds(tx, id);
  if (before.length !== ids.length || before.some((known) => !ids.includes(known))) {
    await unmapLocationsExcept(tx, merchantId, id, ids);
    await mapLocations(
      tx,
      merchantId,
      id,
      ids.map((locationId) => ({ locationId, ref: '' })),
    );
    const added = ids.filter((locationId) => !before.includes(locationId));
    await wakeOrdersShortAt(tx, merchantId, added);
  }
  return chosen.map((location) => location.name);
}

async function change(
  context: OperationContext,
  input: Change,
  work: (
    tx: Transaction,
    connection: StoredConnection,
  ) => Promise<Refused | Readonly<Record<string, unknown>>>,
): Promise<Answer> {
  const answer = await context.db.transaction(async (tx) => {
    const connection = await findConnection(tx, input.merchantId, input.connectionId);
    if (connection === null) return refused('not_found', 'This channel does not exist.');
    const data = await work(tx, connection);
    if (data['status'] === 'refused') return data as Refused;
    await writeAudit(tx, [
      {
        merchantId: input.merchantId,
        at: context.clock.now(),
        actor: input.actor,
        action: 'connection.policy_set',
        subject: { kind: 'connection', id: connection.id },
        cause: { kind: 'connection', id: connection.id },
        data,
      },
    ]);
    return { status: 'done' as const };
  });
  if (answer.status === 'done') context.afterCommit(input.merchantId);
  return answer;
}
