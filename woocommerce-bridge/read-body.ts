/**
 * Reading what a store sent. Plugins add, drop and retype fields, so nothing is believed before it
 * is looked at: each function answers with an empty value instead of failing.
 */

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; anything else in it is passed over. */
export function recordsOf(value: unknown): readonly JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A field as text; numbers are written out, everything else is "". */
export function textOf(record: JsonRecord, field: string): string {
  const value = record[field];
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

/** A field as trimmed text, null when there is nothing in it. */
export function textOrNull(record: JsonRecord, field: string): string | null {
  const text = textOf(record, field).trim();
  return text === '' ? null : text;
}

/** An id as a string of digits; null when it is none (0 means "none" in WordPress). */
export function idOf(value: unknown): string | null {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && value > 0 ? `${value}` : null;
  if (typeof value !== 'string') return null;
  return /^[1-9]\d{0,18}$/.test(value) ? value : null;
}

/** A whole number, also when it came as text; null when it is none. */
export function wholeNumberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== 'string' || !/^-?\d{1,15}$/.test(value.trim())) return null;
  return Number.parseInt(value.trim(), 10);
}

/** A `_gmt` date, which WordPress writes without a zone. Null when empty or unreadable. */
export function gmtDateOf(record: JsonRecord, field: string): Date | null {
  const text = textOf(record, field).trim();
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})/.exec(text);
  if (!match) return null;
  const date = new Date(`${match[1]}T${match[2]}.000Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** The value of the first `meta_data` entry with this key. */
export function metaOf(record: JsonRecord, key: string): unknown {
  return recordsOf(record['meta_data']).find((meta) => meta['key'] === key)?.['value'];
}
