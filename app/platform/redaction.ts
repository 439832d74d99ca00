/**
 * What may not reach a log line. Values are judged by the name they stand under and, for texts,
 * by the shape of known credentials, at any depth.
 */

const CENSORED = '[redacted]';
/** Bounds on one log line: deeper or longer values are cut, never walked without end. */
const DEPTH_MAX = 6;
const ENTRIES_MAX = 50;
const TEXT_CHARS_MAX = 4_000;

/** Compared with names stripped of case and punctuation, so accessToken = access_token. */
const SECRET_NAME = anyOf(
  'token|secret|password|passphrase|authorization|cookie|signature|hmac|credential|session$|^auth$',
  'consumerkey|apikey|privatekey|encryptionkey',
);
const PERSONAL_NAME = anyOf(
  'email|address|phone|firstname|lastname|fullname|customername|postcode|postalcode|^zip$',
  'latitude|longitude',
);
/** Names that look secret and are not: needed to follow what happened. */
const HARMLESS_NAMES = new Set(['idempotencytoken', 'signaturevalid']);
/** HTTP clients hang request, response and credentials on their errors under these names. */
const HTTP_INTERNALS = new Set(['config', 'request', 'response', 'req', 'res', 'headers', 'agent']);

const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/\bshp(?:at|ca|pa|ss|ua|rt)_[A-Za-z0-9_-]+/g, CENSORED],
  [/\b(?:ck|cs)_[A-Za-z0-9]{8,}/g, CENSORED],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi, `$1 ${CENSORED}`],
  [/\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/g, CENSORED],
  [/\bv1\.[0-9a-f]{8}\.[A-Za-z0-9_-]{20,}/g, CENSORED],
  [/([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]*:)[^\s@/]+@/gi, `$1${CENSORED}@`],
  // Parameters of addresses and forms, with or without OAuth's prefix.
  [
    /\b([a-z_]*(?:consumer_key|_secret|token|signature|hmac|api_key|password))=[^&\s"']+/gi,
    `$1=${CENSORED}`,
  ],
  // Fields of JSON, also of JSON that stands in JSON as a text.
  [
    /(\b[a-z_]{0,30}(?:consumer_key|secret|token|signature|hmac|api_key|password)\\*"\s*:\s*\\*")[^"\\]+/gi,
    `$1${CENSORED}`,
  ],
  [/[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g, CENSORED],
];

/** Shorter ones would be found in harmless texts. */
const HIDDEN_CHARS_MIN = 12;
const HIDDEN_CHARS_MAX = 1_000;
/** Secrets of this process that have no shape to be known by, as they are and as they travel. */
const hiddenValues = new Set<string>();

/**
 * From now on these values are taken out of every text, whatever stands around them: for the
 * secrets a process is started with. Empty and very short ones are left.
 */
export function hideValues(values: readonly (string | null)[]): void {
  for (const value of values) {
    if (value === null || value.length < HIDDEN_CHARS_MIN) continue;
    const inJson = JSON.stringify(value).slice(1, -1);
    for (const shape of [value, encodeURIComponent(value), inJson]) hiddenValues.add(shape);
    hiddenValues.add(Buffer.from(value).toString('base64'));
  }
}

/** A copy that is safe to log: plain data, bounded, without secrets or personal data. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof URL) return redactText(value.href);
  if (ArrayBuffer.isView(value)) return `[${String(value.byteLength)} bytes]`;
  if (depth >= DEPTH_MAX) return '[cut]';
  if (Array.isArray(value)) return cutArray(value).map((entry) => redact(entry, depth + 1));
  if (value instanceof Map || value instanceof Set) return redact([...value], depth + 1);
  return redactObject(value, depth);
}

/** A text without anything that looks like a credential or an e-mail address. */
export function redactText(text: string): string {
  // Cut after the values are out: half of one would not be found.
  let clean = text.slice(0, TEXT_CHARS_MAX + HIDDEN_CHARS_MAX);
  for (const value of hiddenValues) clean = clean.replaceAll(value, CENSORED);
  if (text.length > TEXT_CHARS_MAX) clean = `${clean.slice(0, TEXT_CHARS_MAX)}[cut]`;
  for (const [pattern, replacement] of SECRET_TEXTS) clean = clean.replace(pattern, replacement);
  return clean;
}

/**
 * The parts of an error that explain it: name, message, code, status, stack and cause. Whatever
 * else hangs on it (an HTTP client's request, with its keys) stays out.
 */
export function describeError(problem: unknown, depth = 0): unknown {
  if (!(problem instanceof Error)) return redact(problem, depth + 1);
  const { code, status } = problem as { code?: unknown; status?: unknown };
  const described: Record<string, unknown> = {
    type: problem.name,
    message: redactText(problem.message),
  };
  if (typeof code === 'string' || typeof code === 'number') described['code'] = code;
  if (typeof status === 'number') described['status'] = status;
  if (problem.stack !== undefined) described['stack'] = redactText(problem.stack);
  if (problem.cause !== undefined && depth < DEPTH_MAX) {
    described['cause'] = describeError(problem.cause, depth + 1);
  }
  if (problem instanceof AggregateError && depth < DEPTH_MAX) {
    described['errors'] = cutArray(problem.errors).map((one) => describeError(one, depth + 1));
  }
  return described;
}

function redactObject(value: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(value).slice(0, ENTRIES_MAX)) {
    copy[name] = isHidden(name, entry) ? CENSORED : redact(entry, depth + 1);
  }
  return copy;
}

function isHidden(name: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (HARMLESS_NAMES.has(plain)) return false;
  if (SECRET_NAME.test(plain) || PERSONAL_NAME.test(plain)) return true;
  return HTTP_INTERNALS.has(plain) && typeof value === 'object';
}

function cutArray(values: readonly unknown[]): readonly unknown[] {
  if (values.length <= ENTRIES_MAX) return values;
  return [...values.slice(0, ENTRIES_MAX), `[${String(values.length - ENTRIES_MAX)} more]`];
}

function anyOf(...parts: readonly string[]): RegExp {
  return new RegExp(parts.join('|'));
}
