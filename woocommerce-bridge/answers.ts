import type { Outcome, RefusalCode } from '../app/contracts/outcome';
import { isRecord, textOf } from './read-body';
import type { JsonRecord } from './read-body';

/** What a call comes to when it did not do what was asked. */
export type Failure = Exclude<Outcome<never>, { readonly status: 'done' | 'duplicate' }>;

/** One answer of the store: the parsed body, or why there is none. */
export type Answer =
  | {
      readonly ok: true;
      readonly body: unknown;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly ok: false;
      readonly failure: Failure;
      /** WordPress's own word for the error, null when the answer was not from its REST API. */
      readonly errorCode: string | null;
      /** The store or its host asked for the pause: it is not for us to shorten. */
      readonly pauseAsked: boolean;
    };

/** What came over the wire, before anyone has judged it. */
export type WireAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** No answer came. `maybe`: the store may have got the request; `forbidden`: we do not go there. */
export type Silence = {
  readonly cause: string;
  readonly reach: 'no' | 'maybe' | 'forbidden';
};

export type CallContext = {
  readonly now: Date;
  /** A read may be repeated; a write that may have happened must be looked up by this instead. */
  readonly lookUpBy: string | null;
  /** Takes credentials out of any text that came from outside. */
  readonly scrub: (text: string) => string;
};

/** Pause where the store names none: long enough for a PHP worker to come free. */
const DEFAULT_RETRY_MS = 15_000;
/** A host asking for more than an hour is asked again after one. */
const RETRY_AFTER_MAX_MS = 3_600_000;
const MESSAGE_LENGTH_MAX = 200;

/** Judges a complete HTTP answer. Source: answers recorded from a real store, REST handbook. */
export function judgeAnswer(wire: WireAnswer, context: CallContext): Answer {
  const body = parseJson(wire.text);
  if (wire.status >= 200 && wire.status < 300) {
    if (body !== undefined) return { ok: true, body, headers: wire.headers };
    return uncertain(context, describeOddBody(wire.text));
  }
  const error = isRecord(body) && typeof body['code'] === 'string' ? body : null;
  if (wire.status >= 300 && wire.status < 400) {
    return refuse('permanent', describeMove(wire));
  }
  if (wire.status === 429) return throttled(wire, context);
  if (wire.status >= 500 || wire.status === 408 || wire.status === 425) {
    return unavailable(wire, context, error);
  }
  return judgeClientError(wire, context, error);
}

/** Judges a call that ended without an HTTP answer. */
export function judgeSilence(silence: Silence, context: CallContext): Answer {
  const { cause, reach } = silence;
  if (reach === 'forbidden') return refuse('permanent', cause);
  if (reach === 'maybe') return uncertain(context, cause);
  return retryLater(context, DEFAULT_RETRY_MS, cause);
}

/** The refusal for an error object of WordPress, whether it is a whole answer or one batch item. */
export function refusalOf(error: JsonRecord, scrub: (text: string) => string): Failure {
  const data = isRecord(error['data']) ? error['data'] : {};
  const status = typeof data['status'] === 'number' ? data['status'] : 400;
  const code = textOf(error, 'code');
  const message = scrub(`${textOf(error, 'message')} [${code}]`).slice(0, MESSAGE_LENGTH_MAX);
  return { status: 'refused', reason: { code: refusalCode(status, code), message } };
}

/** As in `woocommerce_rest_shop_order_invalid_id` and `woocommerce_rest_invalid_product_id`. */
const INVALID_ID = /invalid_(?:[a-z]+_)?id$/;

/**
 * True when the store says that the thing itself is not there. Only WooCommerce's own word for it
 * counts: a 404 of a proxy or a security plugin must not pass for a deleted order.
 */
export function saysGone(answer: Answer): boolean {
  if (answer.ok || answer.failure.status !== 'refused') return false;
  const { errorCode, failure } = answer;
  return failure.reason.code === 'not_found' && INVALID_ID.test(errorCode ?? '');
}

/** True when this store has no such route: a feature or extension that is off or not installed. */
export function saysNoRoute(answer: Answer): boolean {
  return !answer.ok && answer.errorCode === 'rest_no_route';
}

/**
 * True when a route that not every store has cannot be used as asked: it is absent, or another
 * plugin's of the same name. A refused key is another matter.
 */
export function saysUnusable(answer: Answer): boolean {
  if (answer.ok || answer.failure.status !== 'refused') return false;
  return answer.failure.reason.code !== 'unauthorized';
}

function judgeClientError(
  wire: WireAnswer,
  context: CallContext,
  error: JsonRecord | null,
): Answer {
  if (error) {
    const code = textOf(error, 'code');
    // A clock that is off and a nonce seen before are no matter of the key: signing again may do.
    if (wire.status === 401 && /invalid (nonce|timestamp)/i.test(textOf(error, 'message'))) {
      return retryLater(context, DEFAULT_RETRY_MS, 'the store did not take the signature', {
        errorCode: code,
      });
    }
    const failure = refusalOf({ ...error, data: { status: wire.status } }, context.scrub);
    return { ok: false, failure, errorCode: code, pauseAsked: false };
  }
  if (wire.status === 401 || wire.status === 403) {
    return refuse('unauthorized', `the store refused the key (${wire.status})`);
  }
  // A page that is not from the REST API says nothing about whether an order or product exists.
  return refuse('permanent', `the REST API was not found there (${wire.status})`);
}

function refusalCode(status: number, code: string): RefusalCode {
  if (status === 401 || status === 403) return 'unauthorized';
  if (code === 'rest_no_route') return 'permanent';
  if (status === 404 || status === 410 || INVALID_ID.test(code)) return 'not_found';
  if (status === 409) return 'conflict';
  return status === 400 || status === 413 || status === 422 ? 'validation' : 'permanent';
}

function throttled(wire: WireAnswer, context: CallContext): Answer {
  const waitMs = retryAfterMs(wire.headers['retry-after'], context.now) ?? DEFAULT_RETRY_MS;
  return retryLater(context, waitMs, 'the store or its host asks for a pause (429)', {
    pauseAsked: true,
  });
}

function unavailable(wire: WireAnswer, context: CallContext, error: JsonRecord | null): Answer {
  const message = `the store failed (${wire.status})`;
  if (context.lookUpBy !== null) return uncertain(context, message);
  const askedMs = retryAfterMs(wire.headers['retry-after'], context.now);
  return retryLater(context, askedMs ?? DEFAULT_RETRY_MS, message, {
    errorCode: error ? textOf(error, 'code') : null,
    pauseAsked: askedMs !== null,
  });
}

/** A read is simply asked again; a write is unknown until somebody has looked. */
function uncertain(context: CallContext, message: string): Answer {
  if (context.lookUpBy === null) return retryLater(context, DEFAULT_RETRY_MS, message);
  const failure: Failure = { status: 'unknown', lookUpBy: context.lookUpBy, message };
  return { ok: false, failure, errorCode: null, pauseAsked: false };
}

function retryLater(
  context: CallContext,
  waitMs: number,
  message: string,
  more: { readonly errorCode?: string | null; readonly pauseAsked?: boolean } = {},
): Answer {
  const retryAt = new Date(context.now.getTime() + waitMs);
  const failure: Failure = { status: 'retry_later', retryAt, message };
  const { errorCode = null, pauseAsked = false } = more;
  return { ok: false, failure, errorCode, pauseAsked };
}

function refuse(code: RefusalCode, message: string): Answer {
  const failure: Failure = { status: 'refused', reason: { code, message } };
  return { ok: false, failure, errorCode: null, pauseAsked: false };
}

/** `Retry-After` is seconds or an HTTP date (RFC 9110, 10.2.3). Null when absent or unreadable. */
export function retryAfterMs(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  const waitMs = /^\d{1,9}$/.test(text)
    ? Number.parseInt(text, 10) * 1000
    : Date.parse(text) - now.getTime();
  if (Number.isNaN(waitMs)) return null;
  return Math.min(Math.max(waitMs, 0), RETRY_AFTER_MAX_MS);
}

/** `undefined` when it is no JSON; a byte order mark, which some PHP files print, is ignored. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** Where to, as far as it is an address: the merchant may want to connect the store there. */
function describeMove({ status, headers }: WireAnswer): string {
  const location = headers['location'] ?? '';
  const to = URL.canParse(location) ? new URL(location).origin : 'another address';
  return `the store redirects to ${to.slice(0, MESSAGE_LENGTH_MAX)} (${status})`;
}

function describeOddBody(text: string): string {
  if (text.trim() === '') return 'the store answered with nothing';
  if (/^\s*</.test(text)) return 'the store answered with a web page instead of data';
  return 'the store answered with broken JSON';
}
