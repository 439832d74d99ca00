import { Banner, BlockStack, Button, ButtonGroup, Card, InlineStack, Text } from '@shopify/polaris';
import { useFetcher } from '@remix-run/react';
import { useState } from 'react';
import type {
  FulfillmentDetail,
  FulfillmentOrderDetail,
  OrderDetail,
} from '#app/queries/orders/get-order';
import { useMerchant } from '../frame/merchant-context';
import { Ago, Moment } from '../parts/moment';
import { ShipsAfter } from './ships-after';
import { OutsideLink } from '../parts/links';
import { StatusBadge } from '../parts/status-badge';
import { WholeText } from '../parts/text-of-strangers';
import type { FormAnswer } from '../parts/use-dialog-form';
import { withoutCode } from '../words/sentences';
import { RerouteDialog } from './reroute-dialog';
import { ShipDialog } from './ship-dialog';

/** The open work of each location, then what has left. */
export function FulfillmentCards({ order }: { readonly order: OrderDetail }) {
  const open = order.fulfillmentOrders.filter(
    ({ status, lines }) => status === 'open' && lines.length > 0,
  );
  return (
    <>
      {open.map((work) => (
        <WorkCard key={work.id} work={work} order={order} />
      ))}
      {order.fulfillments.map((sent) => (
        <SentCard key={sent.id} sent={sent} order={order} />
      ))}
    </>
  );
}

type WorkCardProps = { readonly work: FulfillmentOrderDetail; readonly order: OrderDetail };

function WorkCard({ work, order }: WorkCardProps) {
  const [asked, setAsked] = useState<'ship' | 'reroute' | null>(null);
  const { now } = useMerchant();
  const ready = order.status !== 'awaiting_payment' && order.status !== 'cancelled';
  const later = work.lines.every(({ shipAfter }) => shipAfter !== null && shipAfter > now);
  const close = () => {
    setAsked(null);
  };
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <InlineStack gap="200" blockAlign="center">
            <Text as="h2" variant="headingSm" breakWord>
              {work.locationName}
            </Text>
            <StatusBadge of="fulfillmentOrder" status={work.status} />
          </InlineStack>
          {ready && (
            <ButtonGroup>
              <Button
                disabled={order.held}
                onClick={() => {
                  setAsked('reroute');
                }}
              >
                Ship from elsewhere
              </Button>
              <Button
                variant="primary"
                disabled={order.held || later}
                onClick={() => {
                  setAsked('ship');
                }}
              >
                Mark as shipped
              </Button>
            </ButtonGroup>
          )}
        </InlineStack>
        {ready && (order.held || later) && (
          <Text as="p" tone="subdued">
            {order.held
              ? 'The order is on hold: lift the hold before it is shipped.'
              : 'None of it may be shipped yet.'}
          </Text>
        )}
        <UnitList
          lines={work.lines.map(({ allocationId, ...line }) => ({ key: allocationId, ...line }))}
        />
      </BlockStack>
      {asked === 'ship' && <ShipDialog work={work} order={order} onClose={close} />}
      {asked === 'reroute' && <RerouteDialog order={order} work={work} onClose={close} />}
    </Card>
  );
}

type SentCardProps = { readonly sent: FulfillmentDetail; readonly order: OrderDetail };

function SentCard({ sent, order }: SentCardProps) {
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingSm" breakWord>
            {sent.origin === 'channel'
              ? `Shipped in ${order.channel.name}`
              : `Shipped from ${sent.locationName}`}
          </Text>
          <StatusBadge of="report" status={sent.reportState} />
        </InlineStack>
        <ReportNotice sent={sent} order={order} />
        <dl className="cd-facts">
          <dt>Shipped</dt>
          <dd>
            <Moment at={sent.shippedAt} />
          </dd>
          <dt>Tracking</dt>
          <dd>
            <Tracking sent={sent} />
          </dd>
          {sent.acknowledgedAt !== null && (
            <>
              <dt>{order.channel.name}</dt>
              <dd>
                Informed <Ago at={sent.acknowledgedAt} />
              </dd>
            </>
          )}
        </dl>
        <UnitList
          lines={sent.lines.map((line, index) => ({
            key: String(index),
            sku: null,
            shipAfter: null,
            ...line,
          }))}
        />
      </BlockStack>
    </Card>
  );
}

function Tracking({ sent }: { readonly sent: FulfillmentDetail }) {
  const words = [sent.trackingCompany, sent.trackingNumber].filter((word) => word !== null);
  if (words.length === 0) return <>Without tracking</>;
  const text = <WholeText text={words.join(' ')} fallback="" />;
  if (sent.trackingUrl === null) return text;
  return <OutsideLink url={sent.trackingUrl}>{text}</OutsideLink>;
}

/** What the channel made of it, when that needs a person or some patience. */
function ReportNotice({ sent, order }: SentCardProps) {
  const fetcher = useFetcher<FormAnswer>();
  const refused = sent.reportState === 'refused';
  if (!refused && sent.reportState !== 'unknown') return null;
  const failed = fetcher.state === 'idle' && fetcher.data?.ok === false ? fetcher.data : null;
  return (
    <Banner
      tone={refused ? 'critical' : 'warning'}
      title={
        refused
          ? `${order.channel.name} did not accept this`
          : `${order.channel.name} did not answer`
      }
      action={{
        content: refused ? 'Try again' : 'Look it up now',
        loading: fetcher.state !== 'idle',
        onAction: () => {
          fetcher.submit(
            { intent: 'retry-report', fulfillmentId: sent.id },
            { method: 'post', action: `/app/orders/${order.id}` },
          );
        },
      }}
    >
      <Text as="p" breakWord>
        {failed?.message ?? withoutCode(sent.reportDetail ?? 'It gave no reason.')}
      </Text>
    </Banner>
  );
}

type UnitLine = {
  readonly key: string;
  readonly title: string;
  readonly sku: string | null;
  readonly quantity: number;
  readonly shipAfter: Date | null;
};

function UnitList({ lines }: { readonly lines: readonly UnitLine[] }) {
  return (
    <ul className="cd-list">
      {lines.map((line) => (
        <li key={line.key} className="cd-row">
          <div className="cd-text">
            <Text as="p" breakWord>
              <WholeText text={line.title} fallback="Untitled" />
            </Text>
            {line.sku !== null && (
              <Text as="p" variant="bodySm" tone="subdued" breakWord>
                <WholeText text={line.sku} fallback="No SKU" />
              </Text>
            )}
            <ShipsAfter at={line.shipAfter} />
          </div>
          <Text as="span" numeric>
            × {line.quantity}
          </Text>
        </li>
      ))}
    </ul>
  );
}
