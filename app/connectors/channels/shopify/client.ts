/**
 * The door to one shop's Admin GraphQL API: sends an operation and turns every way Shopify, or
 * the network, can answer into an Outcome. Nothing here throws for something the outside did.
 */
import { GraphqlQueryError, HttpResponseError, HttpThrottlingError } from '@shopify/shopify-api';
import type { ConnectorLog } from '../../../contracts/channel';
import type { ExternalRef, Outcome, RefusalCode } from '../../../contracts/outcome';
import { type CallBudget, type CostExtensions, createSpender, type Spender } from './spend-points';

/** The version every operation is validated against; shopify.app.toml names the same. */
export const ADMIN_API_VERSION = '2026-07';

/** Shopify refuses longer lists in what it is sent. */
export const INPUT_LIST_MAX = 250;

/** Throttling shorter than this is waited out inside the call; longer is the caller's to plan. */
const THROTTLE_WAIT_MS_MAX = 1_000;
const THROTTLE_WAITS_MAX = 2;
/** When the bucket has room and Shopify throttled all the same: another call emptied it. */
const THROTTLE_WAIT_MS_MIN = 250;
/** Where Shopify says no time of its own. */
const RETRY_AFTER_MS = 2_000;
/** A misread Retry-After header must not park a shop for days. */
const RETRY_AFTER_MS_MAX = 10 * 60_000;
/** Enough of Shopify's words to understand, without the page of HTML it may send. */
const MESSAGE_CHARS_MAX = 300;

/** One GraphQL document with the types of its variables and of its answer. */
export type Operation<Data, Variables> = {
  readonly name: string;
  readonly text: string;
  /** Carries the types only; never present at run time. */
  readonly types?: (variables: Variables) => Data;
};

/** What is used of Shopify's own client; made anew for every unit of work (tokens expire). */
export type AdminGraphqlClient = {
  /** Resolves with `{ data, extensions }`, rejects with the errors of @shopify/shopify-api. */
  request(
    text: string,
    options: { readonly variables: Record<string, unknown>; readonly signal: AbortSignal },
  ): Promise<{ readonly data?: unknown; readonly extensions?: unknown }>;
};

/**
 * Answers `refused` (unauthorized) when the shop has no session, `retry_later` when it is out of
 * reach.
 */
export type GetAdmin = () => Promise<Outcome<AdminGraphqlClient>>;

export type AdminApi = {
  read<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
  ): Promise<Outcome<Data>>;
  /** `unknown` carries `lookUpBy` when the write may have acted. */
  write<Data, Variables>(
    operation: Operation<Data, Variables>,
    variables: Variables,
    lookUpBy: ExternalRef,
  ): Promise<Outcome<Data>>;
};

export type AdminApiParts = {
  readonly getAdmin: GetAdmin;
  /** A call that has not answered by then is given up; a write may still have acted. */
  readonly timeoutMs: number;
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly log: ConnectorLog;
  /** Shared with every other caller of the shop; none: each call just takes its chance. */
  readonly budget?: CallBudget;
  /** Its calls can wait until the shop's points are not wanted by others. */
  readonly patient?: boolean;
};

/** What one failed request means; `maybe` = it may have acted. */
type Failure =
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly message: string;
      readonly revoked?: true;
    }
  | { readonly kind: 'throttled'; readonly waitMs: number; readonly message: string }
  | { readonly kind: 'later'; readonly waitMs: number; readonly message: string }
  | { readonly kind: 'maybe'; readonly message: string };

export function createAdminApi(parts: AdminApiParts): AdminApi {
  const spend = createSpender(parts);
  return {
    read: (operation, variables) => send(parts, spend, operation, variables, null),
    write: (operation, variables, lookUpBy) => send(parts, spend, operation, variables, lookUpBy),
  };
}

/** Whether the outcome carries a value: it happened, now or before. */
export function isDone<Value>(
  outcome: Outcome<Value>,
): outcome is Extract<Outcome<Value>, { readonly value: Value }> {
  return outcome.status === 'done' || outcome.status === 'duplicate';
}

export function refused(code: RefusalCode, message: string): Outcome<never> {
  return { status: 'refused', reason: { code, message: message.slice(0, MESSAGE_CHARS_MAX) } };
}

export function done<Value>(value: Value): Outcome<Value> {
  return { status: 'done', value };
}

async function send<Data, Variables>(
  parts: AdminApiParts,
  spend: Spender,
  operation: Operation<Data, Variables>,
  variables: Variables,
  lookUpBy: ExternalRef | null,
): Promise<Outcome<Data>> {
  const admin = await parts.getAdmin();
  if (!isDone(admin)) return admin;
  for (let waits = 0; ; waits += 1) {
    const turn = await spend(operation.name, lookUpBy !== null);
    if ('retryAt' in turn) return turn;
    try {
      const answer = await admin.value.request(operation.text, {
        variables: variables as Record<string, unknown>,
        signal: AbortSignal.timeout(parts.timeoutMs),
      });
      await turn.settle(answer.extensions);
      return done(answer.data as Data);
    } catch (error) {
      const { extensions } = ((error as GraphqlQueryError).body ?? {}) as ErrorBody;
      await turn.settle(extensions);
      const partial = lookUpBy === null ? readableParts(error) : null;
      if (partial !== null) {
        parts.log.warn({ operation: operation.name }, 'Shopify hid personal details');
        return done(partial as Data);
      }
      const failure = explainFailure(error);
      if (failure.kind === 'throttled') {
        if (failure.waitMs <= THROTTLE_WAIT_MS_MAX && waits < THROTTLE_WAITS_MAX) {
          await parts.wait(failure.waitMs);
          continue;
        }
      }
      parts.log.warn({ operation: operation.name, failure: failure.kind }, failure.message);
      return toOutcome(failure, parts.now(), lookUpBy);
    }
  }
}

function toOutcome(failure: Failure, now: Date, lookUpBy: ExternalRef | null): Outcome<never> {
  if (failure.kind === 'refused') {
    const { kind: _, ...reason } = failure;
    return { status: 'refused', reason };
  }
  if (failure.kind === 'maybe' && lookUpBy !== null) {
    return { status: 'unknown', lookUpBy, message: failure.message };
  }
  const waitMs = failure.kind === 'maybe' ? RETRY_AFTER_MS : failure.waitMs;
  return {
    status: 'retry_later',
    retryAt: new Date(now.getTime() + waitMs),
    message: failure.message,
  };
}

/** Reads an error of Shopify's client; see its classes in @shopify/shopify-api 13. */
function explainFailure(error: unknown): Failure {
  if (error instanceof GraphqlQueryError) return explainGraphqlErrors(error);
  if (error instanceof HttpResponseError) return explainHttpError(error as HttpResponseError);
  // No response at all: refused connection, reset, timeout. The client keeps no finer cause.
  return { kind: 'maybe', message: shorten(error instanceof Error ? error.message : 'no answer') };
}

function explainHttpError(error: HttpResponseError): Failure {
  const { code, statusText } = error.response;
  const message = `Shopify answered ${String(code)} ${statusText}`.trim();
  const retryAfterMs = readRetryAfter(error);
  // Shopify turns these away before acting: https://shopify.dev/docs/api/usage/response-codes
  if (error instanceof HttpThrottlingError || code === 429 || code === 430) {
    return { kind: 'later', waitMs: retryAfterMs ?? RETRY_AFTER_MS, message };
  }
  if (code === 503 && retryAfterMs !== null)
    return { kind: 'later', waitMs: retryAfterMs, message };
  // 402 frozen and 423 locked shops need their owner, as a withdrawn token does.
  if ([402, 403, 423].includes(code)) return { kind: 'refused', code: 'unauthorized', message };
  if (code === 401) return { kind: 'refused', code: 'unauthorized', message, revoked: true };
  if (code === 404) return { kind: 'refused', code: 'not_found', message };
  if (code >= 400 && code < 500 && code !== 408) {
    return { kind: 'refused', code: 'permanent', message };
  }
  // 5xx, and a 200 that carried HTML, half a JSON or nothing.
  return { kind: 'maybe', message };
}

function readRetryAfter(error: HttpResponseError): number | null {
  const headers = error.response.headers as Record<string, string | string[]> | undefined;
  const header = Object.entries(headers ?? {}).find(([name]) => /^retry-after$/i.test(name))?.[1];
  const seconds = Number.parseFloat(String(Array.isArray(header) ? header[0] : header));
  if (!Number.isFinite(seconds) || seconds < 0) return null;
  return Math.min(Math.ceil(seconds * 1000), RETRY_AFTER_MS_MAX);
}

type GraphqlErrors = readonly {
  readonly message?: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string };
}[];

type ErrorBody = {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: { readonly graphQLErrors?: GraphqlErrors };
  readonly extensions?: CostExtensions;
};

function explainGraphqlErrors(error: GraphqlQueryError): Failure {
  const body = error.body as ErrorBody | undefined;
  const errors = body?.errors?.graphQLErrors ?? [];
  const codes = new Set(errors.map((one) => one.extensions?.code));
  const message = shorten(errors.map((one) => one.message ?? '').join('; ') || error.message);
  if (codes.has('THROTTLED')) return explainThrottle(body, message);
  if (codes.has('ACCESS_DENIED') || codes.has('SHOP_INACTIVE')) {
    return { kind: 'refused', code: 'unauthorized', message };
  }
  if (codes.has('INTERNAL_SERVER_ERROR') || codes.has('TIMEOUT')) {
    return { kind: 'maybe', message };
  }
  if (codes.has('MAX_COST_EXCEEDED')) return { kind: 'refused', code: 'permanent', message };
  return { kind: 'refused', code: 'validation', message };
}

/** THROTTLED comes as HTTP 200 and nothing was done; the bucket says when there is room. */
function explainThrottle(body: ErrorBody | undefined, message: string): Failure {
  const cost = body?.extensions?.cost;
  const status = cost?.throttleStatus;
  const wanted = cost?.requestedQueryCost ?? 0;
  if (status?.maximumAvailable !== undefined && wanted > status.maximumAvailable) {
    return { kind: 'refused', code: 'permanent', message };
  }
  const missing = wanted - (status?.currentlyAvailable ?? 0);
  const rate = status?.restoreRate ?? 0;
  const refillMs = rate > 0 ? Math.ceil((missing / rate) * 1000) : RETRY_AFTER_MS;
  const waitMs = Math.min(Math.max(refillMs, THROTTLE_WAIT_MS_MIN), RETRY_AFTER_MS_MAX);
  return { kind: 'throttled', waitMs, message };
}

/**
 * The data of an answer whose only errors are people's details that Shopify did not approve the
 * app for: they arrive as null with ACCESS_DENIED, and the rest is good to use. Anything else
 * denied (a missing scope) would leave holes that look like facts, and is a failure.
 * https://shopify.dev/docs/apps/launch/protected-customer-data
 */
function readableParts(error: unknown): Record<string, unknown> | null {
  if (!(error instanceof GraphqlQueryError)) return null;
  const body = error.body as ErrorBody | undefined;
  const data = body?.data;
  const errors = body?.errors?.graphQLErrors ?? [];
  if (data === undefined || data === null || errors.length === 0) return null;
  const personal = errors.every(
    ({ extensions, path = [] }) =>
      extensions?.code === 'ACCESS_DENIED' &&
      (path.includes('shippingAddress') || ['email', 'phone'].includes(String(path.at(-1)))),
  );
  return personal && Object.values(data).every((root) => root !== null) ? data : null;
}

function shorten(text: string): string {
  return text.slice(0, MESSAGE_CHARS_MAX);
}
