import { BlockStack, Card, InlineGrid, Link, Text } from '@shopify/polaris';
import type { TodaysNumbers } from '#app/queries/home/todays-numbers';
import { formatCount } from '../words/numbers';

/** The query stops counting here. */
const TO_SHIP_MAX = 10_000;

/** The day so far, in four numbers. */
export function TodayCard({ today }: { readonly today: TodaysNumbers }) {
  const orders = today.orders.reduce((sum, channel) => sum + channel.orders, 0);
  const byChannel = today.orders
    .map((channel) => `${channel.channelName} ${formatCount(channel.orders)}`)
    .join(' · ');
  const toShip = `${formatCount(today.toShip)}${today.toShip >= TO_SHIP_MAX ? '+' : ''}`;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          Today
        </Text>
        <InlineGrid columns={{ xs: 2, md: 4 }} gap="400">
          <Figure
            name="Orders"
            value={formatCount(orders)}
            path="/app/orders"
            note={byChannel === '' ? 'None yet' : byChannel}
          />
          <Figure
            name="Orders to ship"
            value={toShip}
            path="/app/orders?view=to-ship"
            note="Their stock is set aside"
          />
          <Figure
            name="Units shipped"
            value={formatCount(today.unitsShipped)}
            path="/app/orders?view=shipped"
            note="From all locations"
          />
          <Figure
            name="Units committed"
            value={formatCount(today.unitsCommitted)}
            path="/app/inventory"
            note="Promised to orders now"
          />
        </InlineGrid>
      </BlockStack>
    </Card>
  );
}

type FigureProps = {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly path: string;
};

function Figure({ name, value, note, path }: FigureProps) {
  return (
    <BlockStack gap="050">
      <Text as="h3" variant="bodySm" tone="subdued">
        <Link url={path}>{name}</Link>
      </Text>
      <Text as="p" variant="headingLg" numeric>
        {value}
      </Text>
      <Text as="p" variant="bodySm" tone="subdued" breakWord>
        {note}
      </Text>
    </BlockStack>
  );
}
