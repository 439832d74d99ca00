import type { ChannelConnector } from '../contracts/channel';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import type { Log } from '../platform/log';

/** What every operation is given. Nothing in it belongs to one merchant. */
export type OperationContext = {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Called after a commit: wakes the dispatcher for jobs that were enqueued and the publishers for
   * numbers that changed. Nobody waits for it, and what is lost with a crash the sweeper finds.
   */
  readonly afterCommit: (merchantId: string) => void;
  /** The connector of a connected account. Throws for a kind this build has none for. */
  readonly channelFor: (connection: ConnectionAccess) => Promise<ChannelConnector>;
  /** What connecting a store needs of the outside. */
  readonly stores: StoreGate;
  /** Seals and opens credentials; `context` binds a sealed text to its row. */
  readonly secrets: {
    readonly seal: (plain: string, context: string) => string;
    readonly open: (sealed: string, context: string) => string;
  };
};

export type StoreGate = {
  /** Normalises an address that a person typed, or says why it cannot be a store's. */
  readonly checkUrl: (
    typed: string,
  ) => Promise<
    { readonly ok: true; readonly url: string } | { readonly ok: false; readonly message: string }
  >;
  /** Where a store sends its webhooks for a connection. */
  readonly callbackUrl: (connectionId: string) => string;
  /** Whether a store of the expected kind answers there, and at that very address. */
  readonly look: (
    url: string,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; readonly message: string }>;
  /** The store's page where its owner grants keys; null where a store could not bring them here. */
  readonly grantUrl: (
    storeUrl: string,
    grant: { readonly state: string; readonly shop: string; readonly intentId: string },
  ) => string | null;
  /** What a store posts after a grant; null when it is none. */
  readonly readGrant: (body: unknown) => GrantedKeys | null;
};

export type GrantedKeys = {
  readonly state: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly mayWrite: boolean;
};

/** What is needed to talk to an account. */
export type ConnectionAccess = {
  readonly id: string;
  readonly merchantId: string;
  readonly kind: string;
  readonly account: string;
  /** Sealed; null where the channel's credentials are its session's. */
  readonly credentials: string | null;
};

/** An answer to a request that cannot be done as asked: for the person who asked, in a sentence. */
export type Refused = {
  readonly status: 'refused';
  readonly code: 'validation' | 'conflict' | 'not_found' | 'unauthorized' | 'unavailable';
  readonly message: string;
};

export function refused(code: Refused['code'], message: string): Refused {
  return { status: 'refused', code, message };
}
