import type { ConnectorLog } from '../app/contracts/channel';
import { judgeAnswer, judgeSilence } from './answers';
import type { Answer, CallContext } from './answers';
import { send } from './transport';
import type {
  Namespace,
  Parameters,
  SentRequest,
  StoreCredentials,
  TransportOptions,
  TransportSetting,
} from './transport';

export type StoreClient = {
  /** Repeats itself a few times, freshly signed, before it says `retry_later`. */
  read(path: string, parameters?: Parameters, namespace?: Namespace): Promise<Answer>;
  /** Sent once. `unknown` (with `lookUpBy`) whenever the store may have acted on it. */
  write(request: WriteRequest): Promise<Answer>;
  readonly now: () => Date;
  readonly log: ConnectorLog;
  /** Takes the credentials out of a text that came from outside. */
  readonly scrub: (text: string) => string;
};

export type WriteRequest = {
  readonly method: 'post' | 'put' | 'delete';
  readonly path: string;
  readonly body?: unknown;
  readonly parameters?: Parameters;
  readonly namespace?: Namespace;
  readonly lookUpBy: string;
};

export type ClientOptions = TransportOptions & {
  /** Tries of one read in all. */
  readonly readAttemptsMax: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 <= n < 1, spreads retries. */
  readonly random: () => number;
};

export const DEFAULT_CLIENT_OPTIONS: ClientOptions = {
  readTimeoutMs: 20_000,
  writeTimeoutMs: 45_000,
  readAttemptsMax: 3,
  allowPrivateAddresses: false,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

/** First pause between reads; it doubles, plus up to as much again at random. */
const BACKOFF_MS = 250;
/** A pause longer than this is the caller's to wait, not a worker's. */
const INLINE_WAIT_MAX_MS = 2_000;
export type ClientSetting = TransportSetting & {
  readonly now: () => Date;
  readonly log: ConnectorLog;
};

/**
 * Talks to one store: Basic over https, OAuth 1.0a over http, never through a redirect or an
 * environment's proxy, always with a time limit. No error that leaves it holds a credential.
 */
export function createStoreClient(setting: ClientSetting, options: ClientOptions): StoreClient {
  const scrub = scrubberOf(setting.credentials);
  const store = hostOf(setting.accountUrl);

  const once = async (request: SentRequest, lookUpBy: string | null): Promise<Answer> => {
    const came = await send(setting, options, request);
    const context: CallContext = { now: setting.now(), lookUpBy, scrub };
    const answer = 'cause' in came ? judgeSilence(came, context) : judgeAnswer(came, context);
    if (!answer.ok) logFailure(setting.log, store, request, answer);
    return answer;
  };

  return {
    now: setting.now,
    log: setting.log,
    scrub,
    async read(path, parameters = {}, namespace = 'wc/v3') {
      const request: SentRequest = { method: 'get', path, body: null, parameters, namespace };
      for (let attempt = 1; ; attempt += 1) {
        const answer = await once(request, null);
        if (answer.ok || answer.failure.status !== 'retry_later') return answer;
        if (attempt >= options.readAttemptsMax) return answer;
        const waitMs = pauseBeforeRetry(answer.pauseAsked, answer.failure.retryAt, attempt);
        if (waitMs === null) return answer;
        await options.sleep(waitMs);
      }
    },
    write(write) {
      const { method, path, parameters = {}, namespace = 'wc/v3' } = write;
      const request: SentRequest = {
        method,
        path,
        body: write.body ?? null,
        parameters,
        namespace,
      };
      return once(request, write.lookUpBy);
    },
  };

  /** Null = leave it to the caller: a longer pause than a worker should sit out was asked for. */
  function pauseBeforeRetry(pauseAsked: boolean, retryAt: Date, attempt: number): number | null {
    const backoffMs = BACKOFF_MS * 2 ** (attempt - 1) * (1 + options.random());
    if (!pauseAsked) return backoffMs;
    const askedMs = retryAt.getTime() - setting.now().getTime();
    return askedMs > INLINE_WAIT_MAX_MS ? null : Math.max(askedMs, 0);
  }
}

function logFailure(
  log: ConnectorLog,
  store: string,
  request: SentRequest,
  answer: Extract<Answer, { readonly ok: false }>,
): void {
  const { failure } = answer;
  const why = failure.status === 'refused' ? failure.reason.message : failure.message;
  log.warn(
    { store, method: request.method, path: request.path, came: failure.status, why },
    'a call to a WooCommerce store did not succeed',
  );
}

function scrubberOf(credentials: StoreCredentials): (text: string) => string {
  const secrets = [credentials.consumerSecret, credentials.consumerKey].filter((s) => s !== '');
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '[hidden]'), text);
}

function hostOf(accountUrl: string): string {
  return URL.canParse(accountUrl) ? new URL(accountUrl).host : 'unknown';
}
