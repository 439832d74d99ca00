import { Badge, type BadgeProps } from '@shopify/polaris';
import type { CountSummary } from '#app/domain/stock/count';
import { countOf, formatCount } from '../words/numbers';

type Look = { readonly label: string; readonly tone?: NonNullable<BadgeProps['tone']> };

const LOOKS: Readonly<Record<string, Look>> = {
  reading: { label: 'Reading', tone: 'info' },
  open: { label: 'Open', tone: 'attention' },
  posting: { label: 'Posting', tone: 'info' },
  posted: { label: 'Posted', tone: 'success' },
  undoing: { label: 'Undoing', tone: 'info' },
  undone: { label: 'Undone' },
  cancelled: { label: 'Given up' },
  failed: { label: 'Not readable', tone: 'critical' },
};

/** How far a count is. */
export function CountBadge({ state, kind }: { readonly state: string; readonly kind: string }) {
  const open = kind === 'file' ? 'To post' : 'Counting';
  const { label, tone } = LOOKS[state] ?? { label: state };
  return <Badge {...(tone === undefined ? {} : { tone })}>{state === 'open' ? open : label}</Badge>;
}

/** "You", or the number by which the store's admin knows the person. */
export function staffName(id: string, me: string): string {
  return id === me ? 'You' : `Staff ${id}`;
}

/** As `staffName`, inside a sentence. */
export function byStaff(id: string, me: string): string {
  return id === me ? 'by you' : `by staff ${id}`;
}

/** "3 units more, 2 fewer", or only one of the two. */
export function differenceWords(more: number, fewer: number): string {
  const parts = [
    ...(more > 0 ? [`${countOf(more, 'unit')} more`] : []),
    ...(fewer > 0 ? [`${countOf(fewer, 'unit')} fewer`] : []),
  ];
  return parts.join(', ');
}

/** What there is to say of a count's lines, in a few words. */
export function countWords(count: {
  readonly kind: string;
  readonly state: string;
  readonly summary: CountSummary;
  readonly lines: number | null;
  readonly counted: number | null;
}): string {
  const { state, summary, lines, counted } = count;
  if (state === 'failed') return summary.failure ?? '';
  if (state === 'posting' || state === 'undoing') return progressWords(summary);
  if (state === 'posted') return postedWords(summary);
  if (state === 'undone') return `${countOf(summary.done ?? 0, 'level')} taken back`;
  if (lines !== null) return `${formatCount(counted ?? 0)} of ${countOf(lines, 'item')} counted`;
  const problems = summary.problems ?? 0;
  const rows = countOf(summary.rows ?? 0, 'row');
  return problems === 0 ? rows : `${rows}, ${countOf(problems, 'problem')}`;
}

export function progressWords({ done = 0, total = 0 }: CountSummary): string {
  return `${formatCount(done)} of ${countOf(total, 'line')}`;
}

/** "3 levels changed: 12 units added, 4 removed". */
export function postedWords({ changed = 0, added = 0, removed = 0 }: CountSummary): string {
  if (changed === 0) return 'Everything was as expected';
  const parts = [
    ...(added > 0 ? [`${countOf(added, 'unit')} added`] : []),
    ...(removed > 0 ? [`${countOf(removed, 'unit')} removed`] : []),
  ];
  return `${countOf(changed, 'level')} changed: ${parts.join(', ')}`;
}

/** "+3", "-2", "0"; nothing when it is not known. */
export function signed(units: number | null): string {
  if (units === null) return '';
  return units > 0 ? `+${formatCount(units)}` : units < 0 ? `-${formatCount(-units)}` : '0';
}
