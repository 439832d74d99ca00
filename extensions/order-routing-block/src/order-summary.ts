/** What the app answers about an order, read with care: it is deployed on its own. */

export type OrderSummary = {
  readonly id: string;
  /** awaiting_payment | open | partially_shipped | shipped | cancelled */
  readonly status: string;
  readonly unitsShort: number;
  readonly unitsUnmatched: number;
  /** Why these locations, in the words of the decision that holds now. */
  readonly sentence: string | null;
  readonly locations: readonly LocationUnits[];
  readonly fulfillments: readonly FulfillmentSummary[];
};

export type LocationUnits = {
  readonly name: string;
  readonly toShip: number;
  readonly shipped: number;
};

export type FulfillmentSummary = {
  readonly id: string;
  readonly locationName: string;
  readonly units: number;
  readonly trackingCompany: string | null;
  readonly trackingNumber: string | null;
  readonly trackingUrl: string | null;
  readonly shippedAt: Date;
  /** pending | acknowledged | refused | unknown | not_needed */
  readonly reportState: string;
  readonly reportDetail: string | null;
};

/** Null when the answer is not what this version of the block understands. */
export function readOrderSummary(body: unknown): OrderSummary | null {
  try {
    const order = record(body);
    return {
      id: text(order['id']),
      status: text(order['status']),
      unitsShort: count(order['unitsShort']),
      unitsUnmatched: count(order['unitsUnmatched']),
      sentence: textOrNull(order['sentence']),
      locations: list(order['locations']).map(readLocation),
      fulfillments: list(order['fulfillments']).map(readFulfillment),
    };
  } catch {
    return null;
  }
}

function readLocation(value: unknown): LocationUnits {
  const location = record(value);
  return {
    name: text(location['name']),
    toShip: count(location['toShip']),
    shipped: count(location['shipped']),
  };
}

function readFulfillment(value: unknown): FulfillmentSummary {
  const sent = record(value);
  return {
    id: text(sent['id']),
    locationName: text(sent['locationName']),
    units: count(sent['units']),
    trackingCompany: textOrNull(sent['trackingCompany']),
    trackingNumber: textOrNull(sent['trackingNumber']),
    trackingUrl: textOrNull(sent['trackingUrl']),
    shippedAt: moment(sent['shippedAt']),
    reportState: text(sent['reportState']),
    reportDetail: textOrNull(sent['reportDetail']),
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw notUnderstood();
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw notUnderstood();
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw notUnderstood();
}

function textOrNull(value: unknown): string | null {
  return value === null ? null : text(value);
}

function count(value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw notUnderstood();
}

function moment(value: unknown): Date {
  const at = new Date(text(value));
  if (!Number.isNaN(at.getTime())) return at;
  throw notUnderstood();
}

function notUnderstood(): Error {
  return new Error('The answer is not understood.');
}
