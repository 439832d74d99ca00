/** CSV files of any origin as rows of cells, read in pieces: memory does not grow with the file. */
import { Readable, pipeline } from 'node:stream';
import { type Parser, CsvError, parse } from 'csv-parse';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
export type CsvShape = { readonly encoding: Encoding; readonly separator: ',' | ';' | '\t' };
export type Chunks = AsyncIterable<Uint8Array>;

export type CsvRow = {
  /** From 1, as a spreadsheet numbers them: the heading and empty rows count. */
  readonly row: number;
  readonly cells: readonly string[];
};

/** The file is not made of rows from here on. The message is for the person whose file it is. */
export class CsvBroken extends Error {}

/** Longer rows are not of a stock list; most likely a quote was opened and never closed. */
const ROW_LENGTH_MAX = 100_000;
/** A heading within the first so many bytes is enough to find out what separates cells. */
const HEADING_BYTES_MAX = 64 * 1024;

/**
 * The encoding and separator of a file. Reads all of it: one letter that is no UTF-8, wherever it
 * is, makes it Windows-1252.
 */
export async function detectCsv(chunks: Chunks): Promise<CsvShape> {
  const strict = new TextDecoder('utf-8', { fatal: true });
  let start = Buffer.alloc(0);
  let utf8 = true;
  for await (const chunk of chunks) {
    if (start.length < HEADING_BYTES_MAX) start = Buffer.concat([start, chunk]);
    const marked = markedEncoding(start);
    if (marked !== null && start.length >= HEADING_BYTES_MAX) {
      return { encoding: marked, separator: separatorOf(start, marked) };
    }
    if (!utf8) continue;
    try {
      strict.decode(chunk, { stream: true });
    } catch {
      utf8 = false;
    }
  }
  try {
    if (utf8) strict.decode();
  } catch {
    utf8 = false;
  }
  const encoding = markedEncoding(start) ?? (utf8 ? 'utf-8' : 'windows-1252');
  return { encoding, separator: separatorOf(start, encoding) };
}

/** By the mark at the start of the bytes, or by the zeros of UTF-16; null: neither. */
function markedEncoding(start: Buffer): Encoding | null {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  const looked = Math.min(start.length, 1000);
  let [even, odd] = [0, 0];
  for (let index = 0; index < looked; index += 1) {
    if (start[index] !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  // Latin letters of UTF-16 have a zero in every other byte; no other text has many.
  if (odd > looked / 4) return 'utf-16le';
  if (even > looked / 4) return 'utf-16be';
  return null;
}

function separatorOf(start: Buffer, encoding: Encoding): CsvShape['separator'] {
  const text = decodeAll(start, encoding).replace(/^\uFEFF/, '');
  const named = /^"?sep=([,;\t])/i.exec(text)?.[1];
  if (named === ',' || named === ';' || named === '\t') return named;
  const heading = text.split(/\r\n|\r|\n/).find((line) => line.trim() !== '') ?? '';
  const bare = heading.replaceAll(/"[^"]*"/g, '');
  const times = (sign: string) => bare.split(sign).length - 1;
  const [tabs, semicolons, commas] = [times('\t'), times(';'), times(',')];
  if (tabs > 0 && tabs >= semicolons && tabs >= commas) return '\t';
  return semicolons > commas ? ';' : ',';
}

function decodeAll(bytes: Buffer, encoding: Encoding): string {
  return encoding === 'windows-1252' ? windows1252(bytes) : new TextDecoder(encoding).decode(bytes);
}

/** The rows of a file, one by one. Throws CsvBroken where it stops being rows. */
export async function* readCsvRows(chunks: Chunks, shape: CsvShape): AsyncGenerator<CsvRow> {
  const parser: Parser = parse({
    delimiter: shape.separator,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: ROW_LENGTH_MAX,
  });
  // The parser is told of a failure of the pieces, and throws it to whoever reads the rows.
  pipeline(Readable.from(decoded(chunks, shape.encoding)), parser, () => undefined);
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      const named = row === 1 && /^sep=/i.test(cells[0] ?? '');
      if (!named) yield { row, cells };
    }
  } catch (problem) {
    if (!(problem instanceof CsvError)) throw problem;
    throw new CsvBroken(
      `The file cannot be read after row ${String(row)}: a quotation mark is opened there and never closed.`,
    );
  }
}

async function* decoded(chunks: Chunks, encoding: Encoding): AsyncGenerator<string> {
  const decoder = encoding === 'windows-1252' ? null : new TextDecoder(encoding);
  for await (const chunk of chunks) {
    // Zeros are no text; PostgreSQL keeps none.
    const text = decoder?.decode(chunk, { stream: true }) ?? windows1252(chunk);
    yield text.replaceAll('\0', '');
  }
  const rest = decoder?.decode() ?? '';
  if (rest !== '') yield rest;
}

/** What bytes 0x80 to 0x9f are in Windows-1252 (https://encoding.spec.whatwg.org/#windows-1252). */
const SIGNS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

function windows1252(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replaceAll(/[\x80-\x9f]/g, (sign) => SIGNS.charAt(sign.charCodeAt(0) - 0x80));
}
