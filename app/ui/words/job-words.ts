/** What jobs do, and why they failed, in words. */
import { COUNT_JOBS } from './count-sentences';
import { plainWords } from './sentences';

const JOBS: Readonly<Record<string, string>> = {
  'look-again': 'Look at a channel again',
  'expire-privacy-exports': 'Delete data collected for customers long ago',
  'poll-orders': 'Look for orders a channel did not tell about',
  'publish-stock': 'Send new numbers to a channel',
  'set-backorders': 'Tell a channel what it may sell beyond its stock',
  'allocate-short': 'Give arrived stock to orders that wait',
  'report-fulfillment': 'Tell a channel what was shipped',
  'cancel-in-channel': 'Cancel an order on a channel',
  'report-holds': 'Tell a channel about holds',
  'move-work': 'Tell a channel where an order ships from',
  'annotate-in-channel': 'Write a note or tags to a channel',
  'run-bulk-action': 'Act on many orders',
  'import-catalog': 'Read products and stock of a new channel',
  'import-orders': 'Read earlier orders of a new channel',
  'repair-findings': 'Put right what differed in a channel',
  'reconcile-stock': 'Compare all numbers with a channel',
  ...COUNT_JOBS,
  'subscribe-webhooks': 'Ask a channel to tell about changes',
  'check-webhooks': 'See whether a channel still tells about changes',
  'poll-listings': 'Look for products a channel did not tell about',
  'read-missed': 'Read what a channel did not tell about while it was silent',
  'finish-grant': 'Try the keys that a store has granted',
};

const LOOKED_AT: Readonly<Record<string, string>> = {
  order: 'Look at an order again',
  work: 'Look at part of an order again',
  stock: 'Look at a number again',
  listing: 'Look at a listing again',
};

/** What a job does, in words; `about` is the kind of thing it looks at, where it names one. */
export function jobWords(kind: string, about = ''): string {
  const looked = kind === 'look-again' ? LOOKED_AT[about] : undefined;
  return looked ?? JOBS[kind] ?? plainWords(kind);
}

/** The first that matches speaks. Numbers are whole words: an id may contain 401. */
const FAILURES: readonly (readonly [RegExp, string])[] = [
  [/html|json|parse|unexpected token|not understood/, 'The channel sent something unreadable.'],
  [
    /\b40[13]\b|unauthori[sz]ed|forbidden|access token|credential|does not accept|_cannot_|sorry, you/,
    'The channel did not accept our access. Connect it again.',
  ],
  [/\b429\b|throttle|rate limit|too many requests/, 'The channel asked us to slow down.'],
  [
    /time ?out|timed out|econnreset|socket|aborted|no answer|did not answer/,
    'The channel did not answer in time.',
  ],
  [/econnrefused|enotfound|fetch failed|network/, 'The channel could not be reached.'],
  [/\b50\d\b|server error|unavailable/, 'The channel had a problem of its own.'],
  [/\b404\b|not found|no longer|not exist/, 'The channel no longer has it.'],
  [/validation|\b422\b|refused|invalid/, 'The channel refused it.'],
];

/** Why a job or message failed, in plain words; the original text stays beside it. */
export function failureWords(error: string | null): string {
  const said = (error ?? '').toLowerCase();
  if (said === '') return 'It stopped without saying why.';
  return FAILURES.find(([pattern]) => pattern.test(said))?.[1] ?? 'Something went wrong.';
}
