import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Bodies recorded from a real store; they lie beside the repository and not in it. */
const FOLDER = fileURLToPath(new URL('../../../../shared/contracts/woocommerce/', import.meta.url));

export const capturesPresent = existsSync(FOLDER);

/** Said by the tests that are skipped without the recordings. */
export const WITHOUT_CAPTURES = capturesPresent ? '' : ' (skipped: no ../shared/contracts here)';

export type Capture = {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly secret: string;
  readonly body: unknown;
  readonly body_raw: string;
};

export type Recorded = Readonly<Record<string, unknown>>;

export function readCapture(name: string): Capture {
  return JSON.parse(readFileSync(`${FOLDER}${name}.json`, 'utf8')) as Capture;
}

/** The body of a capture, as an object. */
export function bodyOf(name: string): Recorded {
  return readCapture(name).body as Recorded;
}
