/** Lines of text as one compressed value (gzip), for what is kept long and read seldom. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

const compress = promisify(gzip);
const uncompress = promisify(gunzip);

/** No line may hold a line break. */
export function compressLines(lines: readonly string[]): Promise<Buffer> {
  return compress(lines.map((line) => `${line}\n`).join(''));
}

export async function uncompressLines(bytes: Uint8Array): Promise<readonly string[]> {
  const text = (await uncompress(bytes)).toString();
  return text.split('\n').filter((line) => line !== '');
}
