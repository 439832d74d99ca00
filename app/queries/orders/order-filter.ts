export const ORDER_VIEWS = [
  'all',
  'to-ship',
  'held',
  'short',
  'unmatched',
  'late',
  'awaiting-payment',
  'shipped',
  'cancelled',
] as const;
export type OrderView = (typeof ORDER_VIEWS)[number];

/** Which orders a person chose to see. */
export type OrderFilter = {
  readonly view: OrderView;
  readonly search: string | null;
  readonly connectionId: string | null;
  readonly locationId: string | null;
  /** As it is written on the order. */
  readonly tag: string | null;
  /** What is to ship and was placed before this is late. */
  readonly lateBefore: Date;
};

const DAY_MS = 24 * 3_600_000;
/** What a buyer was promised we do not know; after three days somebody should look. */
const LATE_AFTER_MS = 3 * DAY_MS;

/** The filter that an address of the order list names; what it does not name is not filtered. */
export function readOrderFilter(params: URLSearchParams, now: Date): OrderFilter {
  return {
    view: ORDER_VIEWS.find((view) => view === params.get('view')) ?? 'all',
    search: params.get('q'),
    connectionId: params.get('channel'),
    locationId: params.get('location'),
    tag: params.get('tag'),
    lateBefore: new Date(now.getTime() - LATE_AFTER_MS),
  };
}
