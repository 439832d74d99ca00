/** Goal: of everything that happened, a person finds what they look for, and nothing of others. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';
import { type Prisma, createPrisma } from '../../../app/platform/prisma';
import { exportActivity } from '../../../app/queries/audit/export-activity';
import { getMessage } from '../../../app/queries/audit/get-message';
import { type ActivityFilter, listActivity } from '../../../app/queries/audit/list-activity';
import { listEffects } from '../../../app/queries/audit/list-effects';
import { FIRST_PAGE } from '../../../app/queries/paging';
import { auditBecause, auditSentence } from '../../../app/ui/words/sentences';
import { createTestDatabase } from '../../support/test-database';
import { type SeededMerchant, seedItem, seedMerchant, seedMovement, seedOrder } from './seed';

const ALL: ActivityFilter = {
  group: null,
  actor: null,
  channelId: null,
  subjectId: null,
  from: null,
  until: null,
  search: null,
};

let db: Database;
let prisma: Prisma;
let merchant: SeededMerchant;
let other: SeededMerchant;
let orderId: string;
let itemId: string;
const eventId = newId();

type Record = {
  action: string;
  at: string;
  subject: readonly [string, string];
  actor?: readonly [string, string];
  cause?: readonly [string, string];
  data?: object;
};

async function record(owner: SeededMerchant, one: Record): Promise<void> {
  const [actorKind, actorId] = one.actor ?? ['system', 'test'];
  const [causeKind, causeId] = one.cause ?? one.subject;
  await db.query(
    `INSERT INTO audit_record (id, merchant_id, at, actor_kind, actor_id, action, subject_kind,
       subject_id, cause_kind, cause_id, data)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb)`,
    [
      newId(),
      owner.id,
      one.at,
      actorKind,
      actorId,
      one.action,
      ...one.subject,
      causeKind,
      causeId,
      JSON.stringify(one.data ?? {}),
    ],
  );
}

beforeAll(async () => {
  ({ db } = await createTestDatabase());
  prisma = createPrisma(db);
  merchant = await seedMerchant(db, 'mine');
  other = await seedMerchant(db, 'theirs');
  itemId = await seedItem(db, merchant, '=MUG', 'Mug');
  orderId = await seedOrder(db, merchant, { name: '#1001', itemId });
  const otherOrder = await seedOrder(db, other, { name: '#1001' });
  await db.query(
    `INSERT INTO inbox_event (id, merchant_id, connection_id, topic, dedupe_key, concerns, body, state)
     VALUES ($1, $2, $3, 'orders/create', 'k', '{"kind":"order","orderRef":"1"}', '{"secret":1}', 'processed')`,
    [eventId, merchant.id, merchant.shopify],
  );
  const now = new Date().toISOString();
  await record(merchant, {
    action: 'order.recorded',
    at: now,
    subject: ['order', orderId],
    actor: ['channel', merchant.shopify],
    cause: ['inbox_event', eventId],
  });
  await record(merchant, {
    action: 'stock.adjusted',
    at: '2026-11-02T10:00:00Z',
    subject: ['item', itemId],
    actor: ['staff', '7'],
    data: { change: 2, now: 5 },
  });
  await record(merchant, {
    action: 'connection.connected',
    at: '2026-11-01T10:00:00Z',
    subject: ['connection', merchant.woo],
    actor: ['staff', '7'],
  });
  await record(other, { action: 'order.recorded', at: now, subject: ['order', otherOrder] });
  const [brooklyn] = merchant.locations;
  await seedMovement(db, merchant, {
    itemId,
    quantity: 5,
    from: ['adjustment', null],
    to: ['available', brooklyn],
  });
  await seedMovement(db, merchant, {
    itemId,
    quantity: 2,
    from: ['available', brooklyn],
    to: ['committed', brooklyn],
    reason: 'sale',
    cause: ['order', orderId],
  });
});

afterAll(async () => {
  await db.close();
});

async function actions(filter: Partial<ActivityFilter>): Promise<string[]> {
  const page = await listActivity(prisma, merchant.id, { ...ALL, ...filter, ...FIRST_PAGE });
  return page.rows.map((row) => row.action);
}

describe('the trail', () => {
  it('is newest first, and names what a record is about and because of', async () => {
    const page = await listActivity(prisma, merchant.id, { ...ALL, ...FIRST_PAGE });
    expect(page.rows.map((row) => row.action)).toEqual([
      'order.recorded',
      'stock.adjusted',
      'connection.connected',
    ]);
    expect(page.rows[0]).toMatchObject({
      subject: { name: '#1001', path: `/app/orders/${orderId}` },
      cause: { path: `/app/activity/messages/${eventId}` },
    });
  });

  it.each([
    ['a group', { group: 'orders' }, ['order.recorded']],
    ['several kinds of a group', { group: 'channels' }, ['connection.connected']],
    ['who did it', { actor: 'staff' }, ['stock.adjusted', 'connection.connected']],
    ['an order by its name', { search: '1001' }, ['order.recorded']],
    ['an item by its SKU', { search: '=mu' }, ['stock.adjusted']],
    ['a word that nothing has', { search: 'nothing' }, []],
    ['a subject that is no id', { subjectId: 'x' }, []],
    ['days', { until: new Date('2026-11-02T00:00:00Z') }, ['connection.connected']],
  ] as const)('can be narrowed to %s', async (_, filter, expected) => {
    expect(await actions(filter)).toEqual(expected);
  });

  it('can be narrowed to a channel: what it passed on, and what is about it', async () => {
    expect(await actions({ channelId: merchant.shopify })).toEqual(['order.recorded']);
    expect(await actions({ channelId: merchant.woo })).toEqual(['connection.connected']);
    expect(await actions({ channelId: other.shopify })).toEqual([]);
    expect(await actions({ subjectId: itemId })).toEqual(['stock.adjusted']);
  });

  it('is turned page by page without a gap', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listActivity>> = await listActivity(
        prisma,
        merchant.id,
        { ...ALL, after, before: null, size: 1 },
      );
      seen.push(...page.rows.map((row) => row.action));
      after = page.next;
    } while (after !== null);
    expect(seen).toEqual(['order.recorded', 'stock.adjusted', 'connection.connected']);
  });

  it('becomes a file without formulas', async () => {
    const pieces: string[] = [];
    const words = { sentence: auditSentence, because: auditBecause };
    for await (const piece of exportActivity(prisma, merchant.id, ALL, words)) pieces.push(piece);
    const lines = pieces.join('').trimEnd().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toContain(`,'=MUG,`);
  });
});

describe('what a message has done', () => {
  it('is its records and the units that were moved with them', async () => {
    const effects = await listEffects(prisma, merchant.id, eventId);
    expect(effects.records.map((one) => one.action)).toEqual(['order.recorded']);
    expect(effects.movements).toMatchObject([{ sku: '=MUG', quantity: 2, reason: 'sale' }]);
    expect(await listEffects(prisma, other.id, eventId)).toEqual({ records: [], movements: [] });
  });

  it('reading it again shows that nothing was new', async () => {
    await record(merchant, {
      action: 'inbox_event.replayed',
      at: new Date(Date.now() + 60_000).toISOString(),
      subject: ['inbox_event', eventId],
      actor: ['staff', '7'],
    });
    const message = await getMessage(prisma, merchant.id, eventId);
    expect(message?.sinceReplay).toEqual({ records: [], movements: [] });
    expect(message?.effects.records.map((one) => one.action)).toEqual(['order.recorded']);
    expect(JSON.stringify(message)).not.toContain('secret');
    expect(await getMessage(prisma, other.id, eventId)).toBeNull();
  });
});
