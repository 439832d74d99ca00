import { Badge, Banner, BlockStack, Card, InlineStack, Layout, Page, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { OrderDetail } from '#app/queries/orders/get-order';
import { Calm } from '../parts/no-match';
import { AppLink } from '../parts/links';
import { Moment } from '../parts/moment';
import { StatusBadge, shownStatus } from '../parts/status-badge';
import { WholeText } from '../parts/text-of-strangers';
import { Timeline } from '../parts/timeline';
import { countOf } from '../words/numbers';
import { plainText } from '../words/plain-text';
import { auditBecause, auditSentence, plainWords, reasonWords } from '../words/sentences';
import { CancelDialog } from './cancel-dialog';
import { CustomerCard } from './customer-card';
import { FulfillmentCards } from './fulfillment-cards';
import { OrderLinesCard } from './order-lines-card';
import { RoutingCard } from './routing-card';

/** One order: what was bought, where it ships from and why, and everything that happened to it. */
export function OrderPage({ order }: { readonly order: OrderDetail }) {
  const [cancelling, setCancelling] = useState(false);
  const cancellable = order.status !== 'cancelled' && order.status !== 'shipped';
  return (
    <Page
      title={plainText(order.name) || 'Order without a number'}
      titleMetadata={<OrderBadges order={order} />}
      subtitle={`${order.channel.name} · ${plainWords(order.paymentStatus)}`}
      backAction={{ content: 'Orders', url: '/app/orders' }}
      secondaryActions={
        cancellable
          ? [
              {
                content: 'Cancel order',
                destructive: true,
                onAction: () => {
                  setCancelling(true);
                },
              },
            ]
          : []
      }
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
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
            <NotesCard order={order} />
          </BlockStack>
        </Layout.Section>
      </Layout>
      {cancelling && (
        <CancelDialog
          order={order}
          onClose={() => {
            setCancelling(false);
          }}
        />
      )}
    </Page>
  );
}

function OrderBadges({ order }: { readonly order: OrderDetail }) {
  return (
    <InlineStack gap="100">
      <StatusBadge of="order" status={shownStatus(order)} />
      {order.status !== 'cancelled' && order.unitsShort > 0 && (
        <Badge tone="critical">{`${countOf(order.unitsShort, 'unit')} short`}</Badge>
      )}
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
  if (entry.action !== 'order.routed' || sentence !== current || typeof units !== 'number') {
    return auditSentence(entry);
  }
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

function NotesCard({ order }: { readonly order: OrderDetail }) {
  if (order.note === null && order.tags.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingSm">
          Notes
        </Text>
        {order.note !== null && (
          <Text as="p" breakWord>
            <WholeText text={order.note} fallback="" />
          </Text>
        )}
        {order.tags.length > 0 && (
          <Text as="p" tone="subdued" breakWord>
            <WholeText text={order.tags.join(', ')} fallback="" />
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}
