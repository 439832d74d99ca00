import type { Address } from '../domain/shared/address';
import type { Money } from '../domain/shared/money';
import type { ChannelOrder, HoldReason, OrderVersion } from './channel-order';
import type { ExternalRef, IdempotencyKey, Outcome } from './outcome';

export type ChannelKind = 'shopify' | 'woocommerce' | 'amazon' | 'ebay' | 'tiktok_shop';

/** What a channel can do, as data: callers read this instead of trying. */
export type ChannelCapabilities = {
  /** Most stock entries one publish call may carry. */
  readonly stockBatchMax: number;
  /** The channel refuses a stock write whose `expected` is stale. */
  readonly comparesBeforeSet: boolean;
  /** The channel keeps one number per location (else one number per listing). */
  readonly multiLocation: boolean;
  /** The channel tells the app about webhooks by its own configuration, nothing to register. */
  readonly subscribesByConfiguration: boolean;
  /**
   * The channel hides orders older than this many days, so that "not found" does not mean deleted;
   * null = it shows all.
   */
  readonly ordersVisibleDays: number | null;
  /** It knows holds: `holdOrder` and `releaseHolds` tell it. */
  readonly holds: boolean;
  /** It knows which location ships what: `moveWork` tells it our routing. */
  readonly movesWork: boolean;
  /** It can be told whether to sell beyond its number: `setBackorders`. */
  readonly setsBackorders: boolean;
};

/**
 * `readyAt`: the channel is still making the answer (a bulk export); ask again with `nextCursor` at
 * or after then. `expected`: entries in all, where the channel says.
 */
export type Page<T> = {
  readonly entries: readonly T[];
  readonly nextCursor: string | null;
  readonly readyAt?: Date;
  readonly expected?: number;
};

/** A place the channel knows stock at. `ref` is "" for a channel that has a single number. */
export type ChannelLocation = {
  readonly ref: ExternalRef;
  readonly name: string;
  readonly active: boolean;
  /** Run by a third party (Shopify: a fulfillment service's location). */
  readonly thirdParty: boolean;
  readonly address: Address;
  readonly latitude: number | null;
  readonly longitude: number | null;
};

/** One number the channel holds: a listing's stock at one of the channel's locations. */
export type ChannelStockLevel = {
  readonly stockRef: ExternalRef;
  /** "" where the channel has one number per listing. */
  readonly locationRef: ExternalRef;
  /**
   * Sellable units as the channel sees them; may be negative; null = the channel does not track it.
   */
  readonly available: number | null;
  /** Units the channel itself holds for its open orders, on top of `available`; 0 where unknown. */
  readonly committed: number;
};

/** An item as one channel sells it. */
export type ChannelListing = {
  /**
   * The sellable thing: Shopify variant GID; WooCommerce `product:<id>` or
   * `variation:<parent>:<id>`.
   */
  readonly ref: ExternalRef;
  /** The product it belongs to: Shopify product GID; WooCommerce `product:<id>`. */
  readonly productRef: ExternalRef;
  /**
   * What carries the stock number: Shopify inventory item GID; WooCommerce the ref that manages
   * stock.
   */
  readonly stockRef: ExternalRef;
  /** Null when empty. Kept as given, at most 255 characters. */
  readonly sku: string | null;
  readonly barcode: string | null;
  readonly title: string;
  readonly variantTitle: string | null;
  /** The channel keeps count of it; untracked listings are never published. */
  readonly tracked: boolean;
  readonly active: boolean;
  /** The channel accepts orders beyond its number; null where it does not say. */
  readonly backorders: boolean | null;
  readonly weightGrams: number | null;
  readonly price: Money | null;
  readonly stock: readonly ChannelStockLevel[];
};

/** One number to send. `expected` is what the channel is believed to hold; null = not known. */
export type StockPublication = {
  readonly listingRef: ExternalRef;
  readonly stockRef: ExternalRef;
  readonly locationRef: ExternalRef;
  /** Whole, >= 0. */
  readonly quantity: number;
  readonly expected: number | null;
};

/**
 * What became of one number.
 * `stale`: the channel held `actual` instead of `expected`; nothing was written: think again.
 */
export type StockPublished =
  | { readonly kind: 'set'; readonly quantity: number }
  | { readonly kind: 'already'; readonly quantity: number }
  | { readonly kind: 'stale'; readonly actual: number | null };

export type FulfillmentReport = {
  readonly orderRef: ExternalRef;
  readonly lines: readonly { readonly lineRef: ExternalRef; readonly quantity: number }[];
  /** The channel's location the goods left from, if it has one. */
  readonly locationRef: ExternalRef | null;
  readonly trackingCompany: string | null;
  readonly trackingNumber: string | null;
  readonly trackingUrl: string | null;
  readonly notifyCustomer: boolean;
  readonly shippedAt: Date;
  /**
   * The channel's ids of this order's other fulfillments that we know of. None of them is this
   * parcel, however alike it looks.
   */
  readonly otherRefs: readonly ExternalRef[];
};

/** Units of an order line at the location that is to ship them. */
export type ChannelWork = {
  readonly lineRef: ExternalRef;
  readonly quantity: number;
  readonly locationRef: ExternalRef;
};

/** A verified inbound message. A signal says "look again", never "this is the state". */
export type ChannelSignal = {
  /** Unique per connection for one delivery's content; the same message again has the same key. */
  readonly dedupeKey: string;
  /** The channel's own topic, for example "orders/create". */
  readonly topic: string;
  /** Shared by all messages of one merchant action, where the channel says so. */
  readonly eventRef: string | null;
  readonly concerns:
    | { readonly kind: 'order'; readonly orderRef: ExternalRef }
    /**
     * A piece of an order's work; `orderOfWork` tells whose. `assigned`: the channel gave it to a
     * location. `moved`: somebody gave it to `locationRef`. `freed`: it waits for nothing any more
     * (a hold was lifted, its date has come).
     */
    | {
        readonly kind: 'work';
        readonly workRef: ExternalRef;
        readonly change: 'assigned' | 'moved' | 'freed' | 'other';
        /** "" unless moved. */
        readonly locationRef: ExternalRef;
      }
    | {
        readonly kind: 'stock';
        readonly stockRef: ExternalRef;
        readonly locationRef: ExternalRef;
        /** The number the message claims; a hint used only to recognise our own echo. */
        readonly claimed: number | null;
        /**
         * When it was so by the channel's clock, where it says: texts that sort by time, because
         * messages overtake each other on their way.
         */
        readonly saidAt?: string;
      }
    | {
        readonly kind: 'listing';
        readonly listingRef: ExternalRef;
        readonly claimed: number | null;
      }
    /** Something about a product changed: look at all its listings. */
    | { readonly kind: 'product'; readonly productRef: ExternalRef }
    | { readonly kind: 'account'; readonly change: 'uninstalled' | 'scopes' | 'redact' | 'request' }
    | { readonly kind: 'nothing'; readonly why: string };
};

export type RawRequest = {
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

export type ChannelIdentity = {
  readonly name: string;
  readonly currency: string;
  /** IANA name; null where the channel does not say. */
  readonly timezone: string | null;
  /** What the account does not (or no longer) let us do, in its own words; absent = nothing. */
  readonly missingAccess?: readonly string[];
};

/**
 * Thrown never: reads answer with an Outcome too, since a channel can say 401, 429, 500, HTML or
 * nothing.
 */
export type ChannelConnector = {
  readonly kind: ChannelKind;
  readonly capabilities: ChannelCapabilities;

  /** Proves the credentials: who are we talking to. */
  identify(): Promise<Outcome<ChannelIdentity>>;

  listLocations(): Promise<Outcome<readonly ChannelLocation[]>>;
  listListings(cursor: string | null): Promise<Outcome<Page<ChannelListing>>>;
  /**
   * Orders changed at or after `since` (a second too many is fine, one too few is not), oldest
   * first.
   */
  listOrdersChangedSince(since: Date, cursor: string | null): Promise<Outcome<Page<ChannelOrder>>>;
  /** The same orders, but only their versions: cheap enough to ask for every minute. */
  listOrderVersions(since: Date, cursor: string | null): Promise<Outcome<Page<OrderVersion>>>;
  /** `null` when the channel no longer has it (deleted): nothing will ship. */
  getOrder(order: ExternalRef): Promise<Outcome<ChannelOrder | null>>;
  /** `null` when it is gone. */
  getListing(listing: ExternalRef): Promise<Outcome<ChannelListing | null>>;
  /** Every listing of a product; empty when it is gone. */
  getProductListings(product: ExternalRef): Promise<Outcome<readonly ChannelListing[]>>;
  /**
   * Listings changed at or after `since` (a second too many is fine, one too few is not). Deletions
   * do not show.
   */
  listListingsChangedSince(
    since: Date,
    cursor: string | null,
  ): Promise<Outcome<Page<ChannelListing>>>;
  readStock(
    listings: readonly { readonly listingRef: ExternalRef; readonly stockRef: ExternalRef }[],
  ): Promise<Outcome<readonly ChannelStockLevel[]>>;

  /** One outcome per entry, in order; at most `capabilities.stockBatchMax` entries. */
  publishStock(
    entries: readonly StockPublication[],
    key: IdempotencyKey,
  ): Promise<readonly Outcome<StockPublished>[]>;

  /** At most once: looks for an earlier report of the same parcel before it writes. */
  reportFulfillment(report: FulfillmentReport, key: IdempotencyKey): Promise<Outcome<ExternalRef>>;
  /** Settles `unknown` of a report: the fulfillment's ref if it landed, null if it did not. */
  findFulfillment(
    report: FulfillmentReport,
    key: IdempotencyKey,
  ): Promise<Outcome<ExternalRef | null>>;
  /** Cancels the whole order in the channel; `duplicate` when it was cancelled already. */
  cancelOrder(
    order: ExternalRef,
    reason: string,
    key: IdempotencyKey,
  ): Promise<Outcome<ExternalRef>>;

  /** Tells the channel the order may not leave; answers its ids of the holds it made. */
  holdOrder(
    order: ExternalRef,
    hold: { readonly reason: HoldReason; readonly note: string | null },
    key: IdempotencyKey,
  ): Promise<Outcome<readonly ExternalRef[]>>;
  /** Lifts holds; those that are gone already are no error. */
  releaseHolds(
    order: ExternalRef,
    holds: readonly ExternalRef[],
    key: IdempotencyKey,
  ): Promise<Outcome<null>>;
  /** The order a piece of work belongs to; null when the channel does not know the work. */
  orderOfWork(work: ExternalRef): Promise<Outcome<ExternalRef | null>>;
  /** Where the channel means to ship from what is still to ship of an order. */
  readWork(order: ExternalRef): Promise<Outcome<readonly ChannelWork[]>>;
  /**
   * Tells the channel which of its locations ships what of an order. Units that are there already
   * are left alone, so repeating it changes nothing (`duplicate`).
   */
  moveWork(
    order: ExternalRef,
    moves: readonly ChannelWork[],
    key: IdempotencyKey,
  ): Promise<Outcome<null>>;
  /** Changes what people wrote on the order. `note`: null = leave as it is. */
  annotateOrder(
    order: ExternalRef,
    change: {
      readonly note: string | null;
      readonly addTags: readonly string[];
      readonly removeTags: readonly string[];
    },
    key: IdempotencyKey,
  ): Promise<Outcome<null>>;
  /** Whether listings may be sold beyond their number. One outcome per entry, in order. */
  setBackorders(
    entries: readonly {
      readonly listingRef: ExternalRef;
      readonly productRef: ExternalRef;
      readonly allowed: boolean;
    }[],
    key: IdempotencyKey,
  ): Promise<readonly Outcome<null>[]>;

  /** Asks the channel to send webhooks to `callbackUrl`; repeating it changes nothing. */
  subscribe(
    callbackUrl: string,
    secret: string,
  ): Promise<Outcome<{ readonly topics: readonly string[] }>>;
  unsubscribe(callbackUrl: string): Promise<Outcome<null>>;
  /**
   * Looks whether the webhooks still come: those switched off are switched on again, missing ones
   * made. `revived` > 0 means messages may have been lost meanwhile.
   */
  checkSubscription(
    callbackUrl: string,
    secret: string,
  ): Promise<Outcome<{ readonly revived: number }>>;

  /**
   * Verifies the raw bytes (constant time) before it reads them. Refuses with `unauthorized` or
   * `validation`.
   */
  readSignal(request: RawRequest, secret: string): Outcome<ChannelSignal>;
};

/** How every connector is made: plain arguments, no global state. */
export type ConnectorSetting<Credentials> = {
  readonly accountUrl: string;
  readonly credentials: Credentials;
  readonly now: () => Date;
  readonly log: ConnectorLog;
};

export type ConnectorLog = {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
};
