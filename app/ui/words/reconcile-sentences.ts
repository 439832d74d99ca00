/** Sentences of comparing a channel with the ledger: why numbers differ, and what was done. */
import { countOf } from './numbers';

type Data = Readonly<Record<string, string | number | boolean>>;

const channel = (data: Data): string => {
  const name = data['channelName'];
  return typeof name === 'string' ? name : 'The channel';
};
const number = (data: Data, name: string): number | null => {
  const value = data[name];
  return typeof value === 'number' ? value : null;
};

const RULES: Readonly<Record<string, string>> = {
  publish: 'our number is sent again',
  accept: 'the number there is taken as a count',
  ask: 'a person is asked',
};

const CHOICES: Readonly<Record<string, string>> = {
  send: 'to send ours',
  take: 'to take theirs',
  leave: 'to leave them as they are',
};

export const RECONCILE_SENTENCES: Readonly<Record<string, (data: Data) => string>> = {
  'stock.reconciled': (data) => {
    const [numbers, holds, wanted] = [
      number(data, 'numbersCount'),
      number(data, 'holds'),
      number(data, 'wanted'),
    ];
    const sku = typeof data['sku'] === 'string' ? ` of ${data['sku']}` : '';
    if (numbers === 1 && holds !== null && wanted !== null) {
      return `${channel(data)} held ${countOf(holds, 'unit')}${sku} instead of ${String(wanted)}; it is told again.`;
    }
    const what = numbers === null ? 'Numbers' : countOf(numbers, 'number');
    return `${what} of ${channel(data)} differed and are sent again.`;
  },
  'reconcile.started': (data) => `Checking the numbers of ${channel(data)} was started.`,
  'reconcile.cancelled': (data) => `Checking the numbers of ${channel(data)} was stopped.`,
  'reconcile.rule_set': (data) => {
    const rule = RULES[String(data['now'])] ?? 'another rule holds';
    return `When a number is changed in ${channel(data)}, ${rule} from now on.`;
  },
  'reconcile.decided': (data) => {
    const what = countOf(number(data, 'count') ?? 0, 'difference');
    return `${what} with ${channel(data)} decided: ${CHOICES[String(data['choice'])] ?? ''}.`;
  },
};

type FindingWords = {
  readonly explanation: string;
  readonly repair: string;
  readonly note: string | null;
  readonly channelQuantity: number | null;
  readonly wantedQuantity: number;
};

/** Why a number differs. */
export function explanationSentence(finding: FindingWords): string {
  const lower = (finding.channelQuantity ?? 0) < finding.wantedQuantity;
  switch (finding.repair === 'checking' ? 'checking' : finding.explanation) {
    case 'checking':
      return 'Its orders are read first.';
    case 'not_arrived':
      return 'Our number has not arrived there.';
    case 'unseen_sale':
      return lower
        ? 'A sale in the channel that we had not seen.'
        : 'An order changed in the channel, which we had not seen.';
    case 'edited_in_channel':
      return 'It was changed in the channel; no order explains it.';
    case 'listing_gone':
      return 'The channel has no number for this listing any more.';
    case 'not_tracked':
      return 'The channel does not count it there.';
    default:
      return 'It differs.';
  }
}

const REPAIRS: Readonly<Record<string, string>> = {
  checking: 'Being looked into',
  sending: 'Ours is being sent',
  taking: 'Theirs is being taken',
  published: 'Our number was sent',
  adjusted: 'Their number was taken as a count',
  left: 'Left as it is',
  waiting: 'Waits for you',
  resolved: 'Agrees now',
};

/** What was done about it; the note stands beside it. */
export function repairWords(repair: string): string {
  return REPAIRS[repair] ?? repair.replaceAll('_', ' ');
}
