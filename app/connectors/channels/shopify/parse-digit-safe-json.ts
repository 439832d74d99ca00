/** Longest run of digits every double holds exactly; Shopify's ids may have 18. */
const EXACT_DIGITS = 15;
/** A JSON string, or a number: strings come first so that digits inside them are left alone. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON.parse that keeps whole numbers too long for a double as text, digit for digit
 * (820982911946154508 would otherwise become …500). Throws SyntaxError as JSON.parse does.
 */
export function parseDigitSafeJson(text: string): unknown {
  const safe = text.replace(STRING_OR_NUMBER, (token) => {
    const digits = token.startsWith('-') ? token.length - 1 : token.length;
    return digits > EXACT_DIGITS && /^-?[1-9]\d*$/.test(token) ? `"${token}"` : token;
  });
  return JSON.parse(safe);
}
