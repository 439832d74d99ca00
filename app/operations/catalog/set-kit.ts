import type { Actor } from '../../domain/shared/actor';
import { inside, outside } from '../../domain/stock/cell';
import type { Transaction } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import {
  type KitItem,
  findKitItems,
  kitStanding,
  markKitNumbers,
  replaceComponents,
} from '../../store/kit-components';
import { postMovements } from '../../store/movements';
import { type OperationContext, type Refused, refused } from '../context';

export type KitPart = { readonly itemId: string; readonly quantity: number };

export const KIT_PARTS_MAX = 50;
export const KIT_UNITS_MAX = 1_000;

type Input = {
  readonly merchantId: string;
  readonly itemId: string;
  /** What one kit is made of; empty = it is an item with its own stock again. */
  readonly parts: readonly KitPart[];
  /** Units that the item has of its own are written off; without it they refuse the change. */
  readonly writeOff: boolean;
  readonly actor: Actor;
};

/**
 * Says what a kit is made of. From then on its stock is what its components make; orders taken
 * before keep the components they were taken with. Its numbers are sent to every channel.
 */
export async function setKit(
  context: OperationContext,
  input: Input,
): Promise<{ readonly status: 'done' } | Refused> {
  const wrong = wrongParts(input);
  if (wrong !== null) return refused('validation', wrong);
  const answer = await context.db.transaction(async (tx) => {
    const ids = [input.itemId, ...input.parts.map((part) => part.itemId)];
    const items = new Map(
      (await findKitItems(tx, input.merchantId, ids)).map((item) => [item.id, item]),
    );
    const problem = problemWith(input, items);
    if (problem !== null) return problem;
    const stock = await clearOwnStock(tx, context, input);
    if (stock !== null) return stock;
    const before = await replaceComponents(tx, input.merchantId, input.itemId, input.parts);
    await markKitNumbers(tx, input.merchantId, input.itemId);
    await writeAudit(tx, [
      {
        merchantId: input.merchantId,
        at: context.clock.now(),
        actor: input.actor,
        action: input.parts.length === 0 ? 'item.kit_ended' : 'item.kit_set',
        subject: { kind: 'item', id: input.itemId },
        cause: { kind: 'item', id: input.itemId },
        data: { before, parts: input.parts },
      },
    ]);
    return { status: 'done' as const };
  });
  if (answer.status === 'done') context.afterCommit(input.merchantId);
  return answer;
}

function wrongParts({ itemId, parts }: Input): string | null {
  if (parts.length > KIT_PARTS_MAX) {
    return `A kit has at most ${String(KIT_PARTS_MAX)} components.`;
  }
  if (new Set(parts.map((part) => part.itemId)).size !== parts.length) {
    return 'A component is named twice: give it one line with the whole number of units.';
  }
  if (parts.some((part) => part.itemId === itemId)) return 'A kit cannot contain itself.';
  const whole = (units: number): boolean =>
    Number.isInteger(units) && units >= 1 && units <= KIT_UNITS_MAX;
  return parts.every((part) => whole(part.quantity))
    ? null
    : 'Units of a component are a whole number from 1 to 1,000.';
}

function problemWith(input: Input, items: ReadonlyMap<string, KitItem>): Refused | null {
  const kit = items.get(input.itemId);
  if (kit === undefined) return refused('not_found', 'This item does not exist.');
  for (const part of input.parts) {
    const item = items.get(part.itemId);
    if (item === undefined) return refused('not_found', 'A component does not exist any more.');
    if (item.kind === 'kit') {
      return refused('conflict', `${item.sku} is a kit itself: name its components instead.`);
    }
  }
  if (input.parts.length > 0 && kit.usedInKits > 0) {
    return refused('conflict', `${kit.sku} is a component of a kit, so it cannot be one.`);
  }
  return null;
}

/** A kit has no units of its own: those it had are written off, if that was asked for. */
async function clearOwnStock(
  tx: Transaction,
  context: OperationContext,
  input: Input,
): Promise<Refused | null> {
  if (input.parts.length === 0) return null;
  const standing = await kitStanding(tx, input.merchantId, input.itemId);
  if (standing.unitsWanted > 0) {
    return refused(
      'conflict',
      'Open orders still want units of this item: ship or cancel them before it becomes a kit.',
    );
  }
  if (standing.otherUnits > 0) {
    return refused(
      'conflict',
      'Some of its units are set aside, damaged, in inspection or incoming: clear them first.',
    );
  }
  const held = standing.available.filter((place) => place.units > 0);
  if (held.length === 0) return null;
  const units = held.reduce((sum, place) => sum + place.units, 0);
  if (!input.writeOff) {
    return refused(
      'conflict',
      `It has ${String(units)} units of its own: they must be written off.`,
    );
  }
  const now = context.clock.now();
  await postMovements(
    tx,
    input.merchantId,
    held.map((place) => ({
      itemId: input.itemId,
      quantity: place.units,
      from: inside('available', place.locationId),
      to: outside('adjustment'),
      key: `kit:${input.itemId}:${place.locationId}:${now.toISOString()}`,
      reason: 'became_kit',
      cause: { kind: 'item', id: input.itemId },
      actor: input.actor,
      note: null,
      occurredAt: now,
    })),
    'all',
  );
  return null;
}
