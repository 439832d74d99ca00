/** Longer than any SKU or name worth typing; the rest of a pasted text is not looked at. */
const SEARCH_TEXT_MAX = 100;

/** Items or listings that one search looks at: more than anyone pages through. */
export const SEARCH_CANDIDATES_MAX = 5_000;

/** What someone typed, trimmed and bounded; null when there is nothing to look for. */
export function searchText(typed: string | null): string | null {
  const text = (typed ?? '').replaceAll('\0', '').trim().slice(0, SEARCH_TEXT_MAX).toLowerCase();
  return text === '' ? null : text;
}

/** A LIKE pattern matching what contains the text; `%`, `_` and `\` stand for themselves. */
export function containing(text: string): string {
  return `%${escapeLike(text)}%`;
}

/** A LIKE pattern matching what starts with the text. */
export function startingWith(text: string): string {
  return `${escapeLike(text)}%`;
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
}
