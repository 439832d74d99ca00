import type { Actor } from '../../domain/shared/actor';
import type { CountSelection } from '../../domain/stock/count';
import { countPlaces, insertChosenLines } from '../../store/count-lines';
import { findCount, insertCount } from '../../store/stock-counts';
import { type OperationContext, type Refused, refused } from '../context';
import { auditCount } from './count-audit';

/** A list that people walk along shelves with; larger places are counted in parts. */
const LINES_MAX = 20_000;
const SKUS_MAX = 5_000;
const NAME_LENGTH_MAX = 100;
const DAYS_MAX = 3_650;

export type StartCount = {
  readonly merchantId: string;
  readonly actor: Actor;
  /** Made once per form: the same form sent twice starts one count. */
  readonly id: string;
  /** Empty: named after the place. */
  readonly name: string;
  readonly locationId: string;
  readonly selection: CountSelection;
  /** Whoever counts does not see what the ledger has. */
  readonly blind: boolean;
};

/** Makes a list of items to count at one location. Changes no stock. */
export async function startCount(
  context: OperationContext,
  input: StartCount,
): Promise<{ readonly status: 'done'; readonly countId: string } | Refused> {
  const problem = selectionProblem(input.selection);
  if (problem !== null) return refused('validation', problem);
  const { merchantId, id, locationId } = input;
  const answer = await context.db
    .transaction(async (tx) => {
      const place = (await countPlaces(tx, merchantId)).find((one) => one.id === locationId);
      if (place === undefined) return refused('not_found', 'This location does not exist.');
      if (!place.active) return refused('conflict', `${place.name} is switched off.`);
      const name = input.name.trim().slice(0, NAME_LENGTH_MAX) || `Count at ${place.name}`;
      const fresh = await insertCount(tx, {
        id,
        merchantId,
        name,
        kind: 'cycle',
        locationId,
        state: 'open',
        blind: input.blind,
        fileName: null,
        createdBy: input.actor.id,
      });
      if (!fresh) {
        const known = await findCount(tx, merchantId, id);
        return known === null
          ? refused('conflict', 'Reload the page and try again.')
          : { status: 'done' as const, countId: id };
      }
      const lines = await insertChosenLines(
        tx,
        { id, merchantId, locationId },
        input.selection,
        LINES_MAX,
      );
      if (lines === 0) throw new NothingChosen();
      await auditCount(context, tx, { merchantId, id, name }, input.actor, 'count.started', {
        locationId,
        lines,
      });
      return { status: 'done' as const, countId: id };
    })
    .catch((failure: unknown) => {
      if (failure instanceof NothingChosen) return refused('validation', NOTHING);
      throw failure;
    });
  if (answer.status === 'done') context.afterCommit(merchantId);
  return answer;
}

/** Takes the count that was just made back with it. */
class NothingChosen extends Error {}

const NOTHING = 'No item fits: choose other items, or another location.';

function selectionProblem(selection: CountSelection): string | null {
  switch (selection.kind) {
    case 'all':
      return null;
    case 'search':
      return selection.text.trim() === '' ? 'Enter what to look for.' : null;
    case 'skus':
      if (selection.skus.length === 0) return 'Enter at least one SKU.';
      return selection.skus.length > SKUS_MAX ? 'Enter at most 5,000 SKUs.' : null;
    case 'stale':
      return isBetween(selection.days, 1, DAYS_MAX) ? null : 'Enter a number of days from 1.';
    case 'random':
      return isBetween(selection.items, 1, LINES_MAX)
        ? null
        : 'Enter a number of items from 1 to 20,000.';
  }
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
