/** A named value that may be shown to an operator: a reference, a count, a short code. */
export type SafeValue = { readonly name: string; readonly value: string };

/** Longer values are not references. */
const VALUE_LENGTH_MAX = 200;
const VALUES_MAX = 12;

/**
 * The parts of a stored payload that cannot be about a person or a secret: only values whose names
 * are known to hold references, counts or codes. Everything unknown stays hidden, so a new kind of
 * job shows too little rather than too much.
 */
export function safeValues(payload: unknown): SafeValue[] {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return [];
  return Object.entries(payload)
    .flatMap(([name, value]) => {
      // What a job is about is kept one level down.
      if (name === 'concerns') return safeValues(value);
      const text = isSafeName(name) ? toText(value) : null;
      return text === null ? [] : [{ name, value: text.slice(0, VALUE_LENGTH_MAX) }];
    })
    .slice(0, VALUES_MAX);
}

const SAFE_NAMES = new Set(['kind', 'topic', 'quantity', 'attempt', 'state', 'since', 'claimed']);
/** Shown by name beside it, so the id would only repeat it. */
const SHOWN_ELSEWHERE = new Set(['connectionId']);

function isSafeName(name: string): boolean {
  if (SHOWN_ELSEWHERE.has(name)) return false;
  return SAFE_NAMES.has(name) || /^[a-z]+(?:[A-Z][a-z]+)*(?:Id|Ids|Ref|Refs|Seq|At)$/.test(name);
}

function toText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) {
    return value.length === 0 ? null : value.join(', ');
  }
  return null;
}
