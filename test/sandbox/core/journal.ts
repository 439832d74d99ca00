/** What reached the far side: the sandbox's own witness, which no test can be talked out of. */
export type JournalEntry = {
  readonly sequence: number;
  readonly at: Date;
  /** 'shopify', 'woocommerce', … */
  readonly system: string;
  /** The shop domain or store address the request was for. */
  readonly account: string;
  readonly method: string;
  readonly path: string;
  /** GraphQL operation or root field, or null where the path says it all. */
  readonly operation: string | null;
  /** Lower-case names; secrets replaced by '***' and their last four characters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** HTTP status answered, or null when the line was cut or left hanging. */
  readonly status: number | null;
  /** The fault that was played on this request, in a word, or null. */
  readonly fault: string | null;
  /** What the answer said, shortened. */
  readonly answer: string;
};

export type JournalFilter = {
  system?: string;
  account?: string;
  operation?: string;
  path?: string;
  status?: number;
  /** Only entries after this sequence number. */
  after?: number;
};

export type Journal = {
  record(entry: Omit<JournalEntry, 'sequence' | 'at'>): JournalEntry;
  /** Oldest first. */
  entries(filter?: JournalFilter): JournalEntry[];
  count(filter?: JournalFilter): number;
  /** How many were ever recorded, also those no longer kept. */
  total(): number;
  clear(): void;
};

const ENTRIES_MAX = 5_000;
const BODY_CHARACTERS_MAX = 64_000;
const ANSWER_CHARACTERS_MAX = 4_000;
const SECRET_HEADERS = new Set([
  'authorization',
  'x-shopify-access-token',
  'cookie',
  'x-wc-webhook-signature',
  'x-shopify-hmac-sha256',
]);
const SECRET_FIELDS =
  /("?(?:client_secret|subject_token|refresh_token|access_token|consumer_secret)"?\s*[:=]\s*"?)([^"&,\s}]+)/g;

export function createJournal(now: () => Date, entriesMax = ENTRIES_MAX): Journal {
  let kept: JournalEntry[] = [];
  let sequence = 0;

  const matches = (entry: JournalEntry, filter: JournalFilter): boolean =>
    (filter.system === undefined || entry.system === filter.system) &&
    (filter.account === undefined || entry.account === filter.account) &&
    (filter.operation === undefined || entry.operation === filter.operation) &&
    (filter.path === undefined || entry.path.startsWith(filter.path)) &&
    (filter.status === undefined || entry.status === filter.status) &&
    (filter.after === undefined || entry.sequence > filter.after);

  const entries = (filter: JournalFilter = {}): JournalEntry[] =>
    kept.filter((entry) => matches(entry, filter));

  return {
    record(entry) {
      sequence += 1;
      const stored: JournalEntry = {
        ...entry,
        sequence,
        at: now(),
        body: maskSecrets(entry.body.slice(0, BODY_CHARACTERS_MAX)),
        answer: maskSecrets(entry.answer.slice(0, ANSWER_CHARACTERS_MAX)),
        headers: maskHeaders(entry.headers),
      };
      kept.push(stored);
      // Trimming in blocks keeps recording cheap under load.
      if (kept.length > entriesMax * 1.2) kept = kept.slice(-entriesMax);
      return stored;
    },
    entries,
    count: (filter) => entries(filter).length,
    total: () => sequence,
    clear() {
      kept = [];
    },
  };
}

const mask = (secret: string): string => `***${secret.slice(-4)}`;

function maskSecrets(text: string): string {
  return text.replace(SECRET_FIELDS, (_, name: string, secret: string) => name + mask(secret));
}

function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET_HEADERS.has(name) ? mask(value) : value,
    ]),
  );
}
