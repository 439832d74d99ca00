/**
 * A text of a stranger as it is safe to show: control characters and marks that turn the reading
 * direction around are left out, so that it can neither show as a box nor read as other words.
 */
export function plainText(text: string): string {
  return text
    .replaceAll(/[\t\n\r]+/g, ' ')
    .replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '')
    .trim();
}

/** "Mug · L": an item's title with its variant's. */
export function itemTitle(item: {
  readonly title: string;
  readonly variantTitle: string | null;
}): string {
  const variant = plainText(item.variantTitle ?? '');
  return `${plainText(item.title) || 'Untitled'}${variant === '' ? '' : ` · ${variant}`}`;
}

/** A longer title is cut in headings; the page below shows it whole. */
const TITLE_LENGTH_MAX = 80;

/** A title as a heading or window title holds it. */
export function cutTitle(title: string): string {
  return title.length > TITLE_LENGTH_MAX ? `${title.slice(0, TITLE_LENGTH_MAX)}…` : title;
}
