/** Dates as people write them, in the merchant's zone. The same text on server and in browser. */

type Parts = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute', number>>;

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

/** "Today at 2:05 pm", "Yesterday at 9:10 am", "Nov 3 at 2:05 pm", "Nov 3, 2025 at 2:05 pm". */
export function formatMoment(at: Date, zone: string, now: Date): string {
  return `${formatDay(at, zone, now)} at ${formatTime(at, zone)}`;
}

/** "Today", "Yesterday", "Nov 3" or, in another year, "Nov 3, 2025". */
export function formatDay(at: Date, zone: string, now: Date): string {
  const day = partsOf(at, zone);
  if (sameDay(day, partsOf(now, zone))) return 'Today';
  if (sameDay(day, partsOf(new Date(now.getTime() - DAY_MS), zone))) return 'Yesterday';
  const date = `${MONTHS[day.month - 1] ?? ''} ${String(day.day)}`;
  return day.year === partsOf(now, zone).year ? date : `${date}, ${String(day.year)}`;
}

/** "2:05 pm". */
export function formatTime(at: Date, zone: string): string {
  const { hour, minute } = partsOf(at, zone);
  const shown = hour % 12 === 0 ? 12 : hour % 12;
  return `${String(shown)}:${String(minute).padStart(2, '0')} ${hour < 12 ? 'am' : 'pm'}`;
}

/** "just now", "12 seconds ago", "4 minutes ago", "3 hours ago", "5 days ago". */
export function formatAgo(at: Date, now: Date): string {
  const passed = now.getTime() - at.getTime();
  if (passed < 5 * SECOND_MS) return 'just now';
  return `${formatSpan(passed)} ago`;
}

/** "12 seconds", "4 minutes", "3 hours", "5 days". */
export function formatSpan(ms: number): string {
  if (ms < MINUTE_MS) return units(ms / SECOND_MS, 'second');
  if (ms < HOUR_MS) return units(ms / MINUTE_MS, 'minute');
  if (ms < 2 * DAY_MS) return units(ms / HOUR_MS, 'hour');
  return units(ms / DAY_MS, 'day');
}

/** The text an `<input type="datetime-local">` wants, as the clock on the merchant's wall. */
export function toLocalInput(at: Date, zone: string): string {
  const { year, month, day, hour, minute } = partsOf(at, zone);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(year)}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/** The moment a wall clock in the zone showed this; null when the text is no date. */
export function fromLocalInput(text: string, zone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return null;
  const asUtc = Date.parse(`${text}:00Z`);
  if (Number.isNaN(asUtc)) return null;
  // The zone's offset at the guess may differ from the one at the answer around a clock change.
  const first = asUtc - offsetAt(asUtc, zone);
  return new Date(asUtc - offsetAt(first, zone));
}

function offsetAt(ms: number, zone: string): number {
  const { year, month, day, hour, minute } = partsOf(new Date(ms), zone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(ms / MINUTE_MS) * MINUTE_MS;
}

function partsOf(at: Date, zone: string): Parts {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(zone, format);
  }
  const values = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: keyof Parts) => values.get(type) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  };
}

function sameDay(one: Parts, other: Parts): boolean {
  return one.year === other.year && one.month === other.month && one.day === other.day;
}

function units(count: number, name: string): string {
  const whole = Math.max(1, Math.floor(count));
  return `${String(whole)} ${name}${whole === 1 ? '' : 's'}`;
}
