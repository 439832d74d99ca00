/** @jsxImportSource preact */
import type { I18n } from './host';
import type { FulfillmentSummary, LocationUnits, OrderSummary } from './order-summary';

const STATUS_TONES = {
  awaiting_payment: 'warning',
  open: 'info',
  partially_shipped: 'info',
  shipped: 'success',
  cancelled: 'neutral',
} as const;

const REPORT_TONES = {
  pending: 'info',
  acknowledged: 'success',
  refused: 'critical',
  unknown: 'warning',
  not_needed: 'neutral',
} as const;

/** What was decided for one order, where its units are, and what has left. */
export function OrderFacts({ order, i18n }: { readonly order: OrderSummary; readonly i18n: I18n }) {
  return (
    <s-stack gap="base">
      <Badges order={order} i18n={i18n} />
      <s-paragraph>{decisionText(order, i18n)}</s-paragraph>
      {order.locations.length > 0 && <Locations locations={order.locations} i18n={i18n} />}
      {order.fulfillments.length > 0 && <Parcels sent={order.fulfillments} i18n={i18n} />}
      <s-link href={`app:app/orders/${encodeURIComponent(order.id)}`}>
        {i18n.translate('openOrder')}
      </s-link>
    </s-stack>
  );
}

function decisionText({ status, sentence }: OrderSummary, i18n: I18n): string {
  if (status === 'cancelled') return i18n.translate('cancelled');
  return sentence ?? i18n.translate('noDecision');
}

function Badges({ order, i18n }: { readonly order: OrderSummary; readonly i18n: I18n }) {
  const { status, unitsShort, unitsUnmatched } = order;
  const known = isKeyOf(STATUS_TONES, status);
  const open = status !== 'cancelled';
  return (
    <s-stack direction="inline" gap="small-200">
      <s-badge tone={known ? STATUS_TONES[status] : 'neutral'}>
        {i18n.translate(`status.${known ? status : 'other'}`)}
      </s-badge>
      {open && unitsShort > 0 && (
        <s-badge tone="critical">{i18n.translate('short', { count: unitsShort })}</s-badge>
      )}
      {open && unitsUnmatched > 0 && (
        <s-badge tone="warning">{i18n.translate('unmatched', { count: unitsUnmatched })}</s-badge>
      )}
    </s-stack>
  );
}

type LocationsProps = { readonly locations: readonly LocationUnits[]; readonly i18n: I18n };

function Locations({ locations, i18n }: LocationsProps) {
  const units = ({ toShip, shipped }: LocationUnits) =>
    [
      ...(toShip > 0 ? [i18n.translate('locations.toShip', { count: toShip })] : []),
      ...(shipped > 0 ? [i18n.translate('locations.shipped', { count: shipped })] : []),
    ].join(', ');
  return (
    <s-stack gap="small-200">
      <s-heading>{i18n.translate('locations.heading')}</s-heading>
      <s-unordered-list>
        {locations.map((location, index) => (
          <s-list-item key={index}>
            <s-text type="strong">{location.name}</s-text> {units(location)}
          </s-list-item>
        ))}
      </s-unordered-list>
    </s-stack>
  );
}

type ParcelsProps = { readonly sent: readonly FulfillmentSummary[]; readonly i18n: I18n };

function Parcels({ sent, i18n }: ParcelsProps) {
  return (
    <s-stack gap="small-200">
      <s-heading>{i18n.translate('parcels.heading')}</s-heading>
      <s-unordered-list>
        {sent.map((parcel) => (
          <s-list-item key={parcel.id}>
            <Parcel sent={parcel} i18n={i18n} />
          </s-list-item>
        ))}
      </s-unordered-list>
    </s-stack>
  );
}

function Parcel({ sent, i18n }: { readonly sent: FulfillmentSummary; readonly i18n: I18n }) {
  const known = isKeyOf(REPORT_TONES, sent.reportState);
  const trouble = sent.reportState === 'refused' || sent.reportState === 'unknown';
  const from = i18n.translate('parcels.from', {
    count: sent.units,
    date: i18n.formatDate(sent.shippedAt),
    location: sent.locationName,
  });
  return (
    <s-stack gap="small-300">
      <s-text>{from}</s-text>
      <s-stack direction="inline" gap="small-200">
        <Tracking sent={sent} i18n={i18n} />
        <s-badge tone={known ? REPORT_TONES[sent.reportState] : 'neutral'}>
          {i18n.translate(`report.${known ? sent.reportState : 'other'}`)}
        </s-badge>
      </s-stack>
      {trouble && sent.reportDetail !== null && (
        <s-text color="subdued">{sent.reportDetail}</s-text>
      )}
    </s-stack>
  );
}

function Tracking({ sent, i18n }: { readonly sent: FulfillmentSummary; readonly i18n: I18n }) {
  const words = [sent.trackingCompany, sent.trackingNumber].filter((word) => word !== null);
  if (words.length === 0) return <s-text>{i18n.translate('parcels.noTracking')}</s-text>;
  const text = words.join(' ');
  // The address came from outside: only the web's own schemes may become a link.
  if (sent.trackingUrl === null || !/^https?:\/\//i.test(sent.trackingUrl)) {
    return <s-text>{text}</s-text>;
  }
  return (
    <s-link href={sent.trackingUrl} target="_blank">
      {text}
    </s-link>
  );
}

function isKeyOf<Keys extends object>(keys: Keys, text: PropertyKey): text is keyof Keys {
  return Object.hasOwn(keys, text);
}
