/** What people and callers ask of the ledger by name: units set aside, and stock put right. */
import { expect } from 'vitest';
import { isAdjustmentReason } from '../../app/domain/stock/adjustment';
import { inside, isInsideState, outside } from '../../app/domain/stock/cell';
import type { MovementDraft } from '../../app/domain/stock/movement';
import type { OperationContext } from '../../app/operations/context';
import { adjustStock, setStock } from '../../app/operations/stock/adjust-stock';
import type { ReserveStock, createReserveStock } from '../../app/operations/stock/reserve-stock';
import type { LedgerCommand, Request, Strange } from './ledger-commands';
import { type LedgerModel, post, unitsIn } from './ledger-model';
import type { Merchant } from './ledger-world';

type Of<Kind extends LedgerCommand['kind']> = Extract<LedgerCommand, { kind: Kind }>;

const STAFF = { kind: 'staff', id: 'staff-1' } as const;
const OCCURRED_AT = new Date(0);

export async function expectReserved(
  reserve: ReturnType<typeof createReserveStock>,
  merchant: Merchant,
  other: Merchant,
  { requests, strange }: Of<'reserve'>,
): Promise<void> {
  const asked = requests.map((one, index) =>
    requestOf(merchant, other, one, index === 0 ? strange : 'no'),
  );
  const answers = await Promise.all(asked.map((request) => reserve(merchant.id, request)));
  const valid = asked.filter(({ quantity }) => quantity > 0);
  const wanted = reservedByModel(merchant.model, valid);
  let next = 0;
  expect(answers.map(shortAnswer)).toEqual(
    asked.map(({ quantity }) => (quantity > 0 ? wanted[next++] : 'validation')),
  );
}

function requestOf(own: Merchant, other: Merchant, one: Request, strange: Strange): ReserveStock {
  return {
    itemId: (strange === 'item' || strange === 'both' ? other : own).items[one.item] ?? '',
    locationId: (strange === 'place' || strange === 'both' ? other : own).places[one.at] ?? '',
    quantity: one.units,
    to: one.to,
    key: `request-${String(one.key)}`,
    cause: { kind: 'test', id: `request-${String(one.key)}` },
    actor: STAFF,
  };
}

type ShortAnswer = string | { readonly moved: number; readonly outcome: string };

function shortAnswer(
  answer: Awaited<ReturnType<ReturnType<typeof createReserveStock>>>,
): ShortAnswer {
  return 'status' in answer ? answer.code : { moved: answer.moved, outcome: answer.outcome };
}

/** Requests made together are written together; where that fails, one by one. */
function reservedByModel(model: LedgerModel, requests: readonly ReserveStock[]): ShortAnswer[] {
  const firsts = requests.filter(
    (one, index) => requests.findIndex(({ key }) => key === one.key) === index,
  );
  const verdict = post(model, firsts.map(draftOfRequest), 'partial');
  if ('code' in verdict) {
    if (requests.length === 1) return [verdict.code === 'CD001' ? 'conflict' : 'not_found'];
    return requests.flatMap((one) => reservedByModel(model, [one]));
  }
  return requests.map((request) => {
    const index = firsts.findIndex(({ key }) => key === request.key);
    const result = verdict.results[index] ?? { moved: 0, outcome: 'short' };
    if (firsts[index] === request) return result;
    if (JSON.stringify(firsts[index]) !== JSON.stringify(request)) return 'conflict';
    return result.moved > 0 ? { moved: result.moved, outcome: 'duplicate' } : result;
  });
}

function draftOfRequest({
  itemId,
  locationId,
  quantity,
  to,
  key,
  cause,
  actor,
}: ReserveStock): MovementDraft {
  return {
    itemId,
    quantity,
    from: inside('available', locationId),
    to: inside(to, locationId),
    key: `reserve:${key}`,
    reason: 'reserve',
    cause,
    actor,
    note: null,
    occurredAt: OCCURRED_AT,
  };
}

export async function expectAdjusted(
  context: OperationContext,
  merchant: Merchant,
  other: Merchant,
  command: Of<'adjust'> | Of<'set'>,
): Promise<void> {
  const key = `form-${String(command.key)}`;
  const { strange } = command;
  const form = {
    merchantId: merchant.id,
    itemId: (strange === 'item' || strange === 'both' ? other : merchant).items[command.item] ?? '',
    locationId:
      (strange === 'place' || strange === 'both' ? other : merchant).places[command.at] ?? '',
    state: command.state,
    reason: command.reason,
    note: command.note,
    actor: STAFF,
    idempotencyKey: key,
  };
  const wanted = adjustedByModel(merchant, command, form);
  const answer =
    command.kind === 'adjust'
      ? await adjustStock(context, { ...form, change: command.change })
      : await setStock(context, { ...form, quantity: command.units });
  expect(answer.status === 'done' ? answer.available : answer.code).toEqual(wanted);
}

/** Units in the state afterwards, or the code of the refusal. */
function adjustedByModel(
  merchant: Merchant,
  command: Of<'adjust'> | Of<'set'>,
  form: { readonly itemId: string; readonly locationId: string; readonly idempotencyKey: string },
): number | string {
  const { state, reason, note } = command;
  const { itemId, locationId, idempotencyKey } = form;
  const asked = command.kind === 'adjust' ? command.change : command.units;
  const known = isInsideState(state) && state !== 'committed' && isAdjustmentReason(reason);
  const unsaid = reason === 'other' && (note ?? '').trim() === '';
  const impossible = command.kind === 'adjust' ? asked === 0 : asked < 0;
  if (!known || unsaid || impossible) return 'validation';
  if (merchant.model.world.kits.has(itemId)) return 'conflict';
  const cell = inside(state, locationId);
  const change = command.kind === 'adjust' ? asked : asked - unitsIn(merchant.model, itemId, cell);
  if (change === 0) return asked;
  const verdict = post(
    merchant.model,
    [
      {
        itemId,
        quantity: Math.abs(change),
        from: change > 0 ? outside(reason === 'received' ? 'supplier' : 'adjustment') : cell,
        to: change > 0 ? cell : outside(reason === 'damaged' ? 'scrap' : 'adjustment'),
        key: `adjust:${idempotencyKey}`,
        reason,
        cause: { kind: 'form', id: idempotencyKey },
        actor: STAFF,
        note,
        occurredAt: OCCURRED_AT,
      },
    ],
    'all',
  );
  if ('code' in verdict) return verdict.code === 'CD002' ? 'not_found' : 'conflict';
  if (verdict.results[0]?.outcome === 'short') return 'conflict';
  if (verdict.results[0]?.outcome === 'done') merchant.adjusted += 1;
  return unitsIn(merchant.model, itemId, cell);
}
