import { Badge, Banner, BlockStack, Card, InlineStack, Layout, Page, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { OrderDetail } from '#app/queries/orders/get-order';
import { Calm } from '../parts/no-match';
import { AppLink } from '../parts/links';
import { Moment } from '../parts/moment';
import { WholeText } from '../parts/text-of-strangers';
import { Timeline } from '../parts/timeline';
import { countOf } from '../words/numbers';
import { plainText } from '../words/plain-text';
import { auditBecause, auditSentence, plainWords, reasonWords } from '../words/sentences';
import { CancelDialog } from './cancel-dialog';
import { CustomerCard } from './customer-card';
import { FulfillmentCards } from './fulfillment-cards';
import { HoldBanners, useLift } from './hold-banners';
import { HoldDialog } from './hold-dialog';
import { NotesCard } from './notes-card';
import { OrderBadges } from './order-badges';
import { OrderLinesCard } from './order-lines-card';
import { RefundsCard } from './refunds-card';
import { RerouteDialog } from './reroute-dialog';
import { RoutingCard } from './routing-card';

type Asked = 'cancel' | 'hold' | 'reroute';

/** One order: what was bought, where it ships from and why, and everything that happened to it. */
export function OrderPage({ order }: { readonly order: OrderDetail }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const lift = useLift(order.id);
  const close = () => {
    setAsked(null);
  };
  return (
    <Page
      title={plainText(order.name) || 'Order without a number'}
      titleMetadata={<PageBadges order={order} />}
      subtitle={`${order.channel.name} · ${plainWords(order.paymentStatus)}`}
      backAction={{ content: 'Orders', url: '/app/orders' }}
      secondaryActions={actionsOf(order, setAsked, () => {
        lift.lift(null);
      })}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <HoldBanners order={order} />
            {lift.problem !== null && <Banner tone="critical">{lift.problem}</Banner>}
            <OrderNotices order={order} />
            <OrderLinesCard order={order} />
            <FulfillmentCards order={order} />
            <TimelineCard order={order} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <CustomerCard order={order} />
            <RoutingCard decisions={order.decisions} ships={hasPlaces(order)} />
            <RefundsCard refunds={order.refunds} />
            <NotesCard order={order} />
          </BlockStack>
        </Layout.Section>
      </Layout>
      {asked === 'cancel' && <CancelDialog order={order} onClose={close} />}
      {asked === 'hold' && <HoldDialog order={order} onClose={close} />}
      {asked === 'reroute' && <RerouteDialog order={order} work={null} onClose={close} />}
    </Page>
  );
}

/** What can be done with the order as a whole, as it is now. */
function actionsOf(order: OrderDetail, ask: (asked: Asked) => void, liftAll: () => void) {
  if (order.status === 'cancelled' || order.status === 'shipped') return [];
  const asking = (content: string, asked: Asked) => ({
    content,
    onAction: () => {
      ask(asked);
    },
  });
  const open = order.fulfillmentOrders.some(
    ({ status, lines }) => status === 'open' && lines.length > 0,
  );
  return [
    asking('Hold', 'hold'),
    ...(order.holds.filter(({ active }) => active).length > 1
      ? [{ content: 'Lift all holds', onAction: liftAll }]
      : []),
    ...(open && !order.held ? [asking('Route again', 'reroute')] : []),
    { ...asking('Cancel order', 'cancel'), destructive: true },
  ];
}

const RISKS: Readonly<
  Record<string, { readonly label: string; readonly tone: 'critical' | 'warning' }>
> = {
  high: { label: 'High risk of fraud', tone: 'critical' },
  medium: { label: 'Some risk of fraud', tone: 'warning' },
};

function PageBadges({ order }: { readonly order: OrderDetail }) {
  const risk = RISKS[order.risk ?? ''];
  return (
    <InlineStack gap="100">
      <OrderBadges order={order} />
      {risk !== undefined && <Badge tone={risk.tone}>{risk.label}</Badge>}
    </InlineStack>
  );
}

function OrderNotices({ order }: { readonly order: OrderDetail }) {
  if (order.status === 'cancelled') {
    return (
      <Banner tone="info">
        <Text as="p">
          Cancelled
          {order.cancelledAt !== null && (
            <>
              {' '}
              <Moment at={order.cancelledAt} inSentence />
            </>
          )}
          {order.cancelReason !== null && ` (${reasonWords(order.cancelReason)})`}. Its stock is
          available again.
        </Text>
      </Banner>
    );
  }
  return (
    <>
      {order.cancelState === 'pending' && (
        <Banner tone="info">
          {`Cancelling on ${order.channel.name}. The order changes here when the channel confirms.`}
        </Banner>
      )}
      {order.cancelState === 'refused' && (
        <Banner tone="critical">
          {`${order.channel.name} did not cancel the order. Cancel it there, and it follows here.`}
        </Banner>
      )}
      {order.unitsShort > 0 && (
        <Banner tone="warning" title={`${countOf(order.unitsShort, 'unit')} short`}>
          <BlockStack gap="100">
            <Text as="p">
              There was not enough stock when the order came. It gets the next units that arrive,
              before newer orders.
            </Text>
            <ShortItems order={order} />
          </BlockStack>
        </Banner>
      )}
      {order.unitsUnmatched > 0 && (
        <Banner
          tone="warning"
          title={`${countOf(order.unitsUnmatched, 'unit')} of products Crossdock does not know`}
          action={{ content: 'Match listings', url: '/app/channels' }}
        >
          <Text as="p">Match the listing to an item, and stock is set aside for this order.</Text>
        </Banner>
      )}
    </>
  );
}

/** The ways to the items that are missing. */
function ShortItems({ order }: { readonly order: OrderDetail }) {
  const short = new Map(
    order.lines.flatMap(({ itemId, shortQuantity, title }) =>
      itemId !== null && shortQuantity > 0 ? [[itemId, title] as const] : [],
    ),
  );
  return [...short].map(([itemId, title]) => (
    <Text as="p" key={itemId} breakWord>
      <AppLink to={`/app/inventory/${itemId}`}>
        View item: <WholeText text={title} fallback="Untitled" />
      </AppLink>
    </Text>
  ));
}

function hasPlaces(order: OrderDetail): boolean {
  return order.lines.some(({ places }) => places.length > 0);
}

/** The sentence that holds now stands in full in its own card: here it is only that it happened. */
function timelineSentence(entry: OrderDetail['timeline'][number], order: OrderDetail): string {
  const { sentence, units, short } = entry.data;
  const current = order.decisions[0]?.sentence;
  if (sentence !== current || typeof units !== 'number') return auditSentence(entry);
  if (entry.action === 'order.rerouted') {
    return `${countOf(units, 'unit')} moved to another location.`;
  }
  if (entry.action !== 'order.routed') return auditSentence(entry);
  const missing = typeof short === 'number' && short > 0 ? `, ${countOf(short, 'unit')} short` : '';
  return `${countOf(units, 'unit')} set aside${missing}.`;
}

function TimelineCard({ order }: { readonly order: OrderDetail }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          Timeline
        </Text>
        {order.timeline.length === 0 ? (
          <Calm title="Nothing recorded yet">What happens to the order shows here.</Calm>
        ) : (
          <Timeline
            rows={order.timeline.map((entry) => ({
              id: entry.id,
              at: entry.at,
              sentence: timelineSentence(entry, order),
              because: auditBecause(entry),
            }))}
          />
        )}
      </BlockStack>
    </Card>
  );
}
