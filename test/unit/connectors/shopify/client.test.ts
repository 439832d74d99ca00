/**
 * Goal: each way Shopify can fail to answer has the one outcome that is safe to act on; above all
 * a write that may have acted is never called undone. Method: the errors of Shopify's own client.
 */
import {
  GraphqlQueryError,
  HttpInternalError,
  HttpRequestError,
  HttpResponseError,
  HttpThrottlingError,
} from '@shopify/shopify-api';
import { describe, expect, it } from 'vitest';

import { createAdminApi, type Operation } from '#app/connectors/channels/shopify/client';
import type { Outcome } from '#app/contracts/outcome';

const NOW = new Date('2026-07-01T12:00:00.000Z');
const OPERATION: Operation<{ order: unknown }, { id: string }> = { name: 'Any', text: '{ shop }' };

type Ask = 'read' | 'write';

async function outcomeOf(ask: Ask, ...errors: Error[]) {
  const waits: number[] = [];
  const warnings: unknown[] = [];
  const api = createAdminApi({
    now: () => NOW,
    timeoutMs: 1_000,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
    log: { info: () => undefined, warn: (...line) => warnings.push(line) },
    getAdmin: () =>
      Promise.resolve({
        status: 'done',
        value: {
          request: () => {
            const error = errors.shift();
            return error === undefined
              ? Promise.resolve({ data: { order: 'here' } })
              : Promise.reject(error);
          },
        },
      }),
  });
  const outcome: Outcome<unknown> =
    ask === 'read'
      ? await api.read(OPERATION, { id: '1' })
      : await api.write(OPERATION, { id: '1' }, 'my-key');
  return { outcome, waits, warnings };
}

const http = (code: number, headers: Record<string, unknown> = {}): Error => {
  const parts = { message: 'm', code, statusText: 's', headers };
  if (code === 429) return new HttpThrottlingError(parts);
  return code >= 500 ? new HttpInternalError(parts) : new HttpResponseError(parts);
};

const graphql = (
  errors: { message?: string; path?: unknown[]; code: string }[],
  rest: object = {},
): Error =>
  new GraphqlQueryError({
    message: 'm',
    response: {},
    body: {
      errors: {
        graphQLErrors: errors.map(({ code, ...error }) => ({
          message: 'm',
          ...error,
          extensions: { code },
        })),
      },
      ...rest,
    },
  });

const throttled = (requested: number, available: number, rate: number, max = 2_000): Error =>
  graphql([{ code: 'THROTTLED' }], {
    extensions: {
      cost: {
        requestedQueryCost: requested,
        throttleStatus: {
          maximumAvailable: max,
          currentlyAvailable: available,
          restoreRate: rate,
        },
      },
    },
  });

describe('a failed call', () => {
  it.each([
    [401, 'unauthorized'],
    [402, 'unauthorized'],
    [403, 'unauthorized'],
    [423, 'unauthorized'],
    [404, 'not_found'],
    [400, 'permanent'],
  ])('is refused when Shopify answers %i', async (code, reason) => {
    for (const ask of ['read', 'write'] as const) {
      const { outcome } = await outcomeOf(ask, http(code));
      expect(outcome).toMatchObject({ status: 'refused', reason: { code: reason } });
      // Only a token that is not known any more is access taken away.
      expect(JSON.stringify(outcome).includes('revoked')).toBe(code === 401);
    }
  });

  it.each([
    [429, '2.5', 2_500],
    [429, undefined, 2_000],
    [430, undefined, 2_000],
    [503, '4', 4_000],
    [429, '99999999', 600_000],
    [429, 'soon', 2_000],
  ])('did nothing when turned away with %i (Retry-After %s)', async (code, header, waitMs) => {
    const headers = header === undefined ? {} : { 'Retry-After': [header] };
    for (const ask of ['read', 'write'] as const) {
      const { outcome } = await outcomeOf(ask, http(code, headers));
      expect(outcome).toMatchObject({
        status: 'retry_later',
        retryAt: new Date(NOW.getTime() + waitMs),
      });
    }
  });

  it.each([
    ['500', http(500)],
    ['502', http(502)],
    ['503 without a time', http(503)],
    ['408', http(408)],
    ['200 with a page', http(200)],
    ['no answer', new HttpRequestError('fetch failed')],
    ['a timeout', new DOMException('timed out', 'TimeoutError') as Error],
    ['an internal error in GraphQL', graphql([{ code: 'INTERNAL_SERVER_ERROR' }])],
  ])('may have acted after %s: reads try again, writes look first', async (_, error) => {
    expect((await outcomeOf('read', error)).outcome.status).toBe('retry_later');
    expect((await outcomeOf('write', error)).outcome).toMatchObject({
      status: 'unknown',
      lookUpBy: 'my-key',
    });
  });

  it('is refused when the operation, a scope or the shop is at fault', async () => {
    const codes = ['undefinedField', 'ACCESS_DENIED', 'SHOP_INACTIVE', 'MAX_COST_EXCEEDED'];
    const reasons = await Promise.all(
      codes.map(async (code) => {
        const { outcome } = await outcomeOf('write', graphql([{ code }]));
        return outcome.status === 'refused' ? outcome.reason.code : outcome.status;
      }),
    );
    expect(reasons).toEqual(['validation', 'unauthorized', 'unauthorized', 'permanent']);
  });
});

describe('throttling by points', () => {
  it('is waited out when the bucket refills soon, also for a write', async () => {
    const { outcome, waits } = await outcomeOf('write', throttled(100, 40, 100));
    expect(outcome.status).toBe('done');
    expect(waits).toEqual([600]);
  });

  it('is left to the caller when it takes long or does not end', async () => {
    const long = await outcomeOf('read', throttled(900, 0, 100));
    expect(long.waits).toEqual([]);
    expect(long.outcome).toMatchObject({
      status: 'retry_later',
      retryAt: new Date(NOW.getTime() + 9_000),
    });
    const endless = Array.from({ length: 10 }, () => throttled(10, 50, 100));
    const { outcome, waits } = await outcomeOf('read', ...endless);
    expect(outcome.status).toBe('retry_later');
    expect(waits).toHaveLength(2);
  });

  it('is final for a call that costs more than the bucket holds', async () => {
    const { outcome } = await outcomeOf('read', throttled(3_000, 0, 100));
    expect(outcome).toMatchObject({ status: 'refused', reason: { code: 'permanent' } });
  });
});

describe('an answer in part', () => {
  const data = { order: { name: '#1', email: null, shippingAddress: null } };
  const denied = (...path: unknown[]) => ({ code: 'ACCESS_DENIED', path });

  it('is used when only personal details are withheld', async () => {
    const error = graphql(
      [denied('order', 'email'), denied('orders', 'nodes', 0, 'shippingAddress', 'name')],
      { data },
    );
    const { outcome, warnings } = await outcomeOf('read', error);
    expect(outcome).toEqual({ status: 'done', value: data });
    expect(warnings).toHaveLength(1);
  });

  it('is not used when anything else is missing, and never for a write', async () => {
    const missing = graphql([denied('order', 'email'), denied('order', 'variant')], { data });
    expect((await outcomeOf('read', missing)).outcome.status).toBe('refused');
    const write = graphql([denied('order', 'email')], { data });
    expect((await outcomeOf('write', write)).outcome.status).toBe('refused');
    const whole = graphql([denied('order', 'email')], { data: { order: null } });
    expect((await outcomeOf('read', whole)).outcome.status).toBe('refused');
  });
});

it('does not ask Shopify without a session', async () => {
  const api = createAdminApi({
    now: () => NOW,
    timeoutMs: 1_000,
    wait: () => Promise.resolve(),
    log: { info: () => undefined, warn: () => undefined },
    getAdmin: () =>
      Promise.resolve({
        status: 'refused',
        reason: { code: 'unauthorized', message: 'not installed' },
      }),
  });
  const outcome = await api.write(OPERATION, { id: '1' }, 'k');
  expect(outcome).toMatchObject({ status: 'refused', reason: { code: 'unauthorized' } });
});
