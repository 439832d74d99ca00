import type { Actor } from '../../domain/shared/actor';
import type { Transaction } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import { type StoredConnection, findConnection } from '../../store/connections';
import { activeLocations, mapLocations, unmapLocationsExcept } from '../../store/locations';
import { markAllDirty } from '../../store/publications';
import { type OperationContext, type Refused, refused } from '../context';

type Change = { readonly merchantId: string; readonly connectionId: string; readonly actor: Actor };

const BUFFER_UNITS_MAX = 100_000;

/** Units withheld from a channel on each of its numbers; all of them are sent again. */
export async function setBuffer(
  context: OperationContext,
  input: Change & { readonly bufferUnits: number },
): Promise<{ readonly status: 'done' } | Refused> {
  const { bufferUnits } = input;
  if (!Number.isInteger(bufferUnits) || bufferUnits < 0 || bufferUnits > BUFFER_UNITS_MAX) {
    return refused('validation', 'The buffer is a whole number of units, 0 or more.');
  }
  return change(context, input, 'connection.buffer_set', async (tx, connection) => {
    await tx.query(`UPDATE connection SET buffer_units = $2 WHERE id = $1`, [
      connection.id,
      bufferUnits,
    ]);
    return { before: connection.bufferUnits, now: bufferUnits };
  });
}

/** Which locations feed a channel that has one number per listing, and may ship its orders. */
export async function setFeedingLocations(
  context: OperationContext,
  input: Change & { readonly locationIds: readonly string[] },
): Promise<{ readonly status: 'done' } | Refused> {
  return change(context, input, 'connection.locations_set', async (tx, connection) => {
    if (connection.kind === 'shopify') {
      return refused('conflict', 'Shopify keeps a number for each of its own locations.');
    }
    const ours = await activeLocations(tx, input.merchantId);
    const chosen = ours.filter((location) => input.locationIds.includes(location.id));
    if (chosen.length === 0) return refused('validation', 'Choose at least one location.');
    if (chosen.length !== new Set(input.locationIds).size) {
      return refused('not_found', 'A location does not exist any more: reload the page.');
    }
    const ids = chosen.map((location) => location.id);
    await unmapLocationsExcept(tx, input.merchantId, connection.id, ids);
    await mapLocations(
      tx,
      input.merchantId,
      connection.id,
      ids.map((locationId) => ({ locationId, ref: '' })),
    );
    return { locations: chosen.map((location) => location.name) };
  });
}

async function change(
  context: OperationContext,
  input: Change,
  action: string,
  work: (
    tx: Transaction,
    connection: StoredConnection,
  ) => Promise<Refused | Readonly<Record<string, unknown>>>,
): Promise<{ readonly status: 'done' } | Refused> {
  const answer = await context.db.transaction(async (tx) => {
    const connection = await findConnection(tx, input.merchantId, input.connectionId);
    if (connection === null) return refused('not_found', 'This channel does not exist.');
    const data = await work(tx, connection);
    if (data['status'] === 'refused') return data as Refused;
    await markAllDirty(tx, connection.id);
    await writeAudit(tx, [
      {
        merchantId: input.merchantId,
        at: context.clock.now(),
        actor: input.actor,
        action,
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
