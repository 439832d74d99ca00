import { Badge, BlockStack, Card, InlineStack, Text } from '@shopify/polaris';
import type { OrderDetail, OrderLineDetail } from '#app/queries/orders/get-order';
import { AppLink } from '../parts/links';
import { Moment } from '../parts/moment';
import { WholeText } from '../parts/text-of-strangers';
import { countOf, formatMoney } from '../words/numbers';
import { ShipsAfter } from './ships-after';

/** What was bought, and for each line where its units are. */
export function OrderLinesCard({ order }: { readonly order: OrderDetail }) {
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" gap="200">
          <Text as="h2" variant="headingSm">
            {order.unitsOrdered === 0 ? 'Products' : countOf(order.unitsOrdered, 'unit')}
          </Text>
          <Text as="span" tone="subdued">
            Placed <Moment at={order.placedAt} inSentence />
          </Text>
        </InlineStack>
        <div className="cd-scroll" tabIndex={0} role="region" aria-label="Order lines">
          <table className="cd-table cd-stack">
            <thead>
              <tr>
                <th scope="col">Product</th>
                <th scope="col" className="cd-number">
                  Units
                </th>
                <th scope="col" className="cd-place">
                  Stock
                </th>
                <th scope="col" className="cd-number">
                  Price
                </th>
              </tr>
            </thead>
            <tbody>
              {order.lines
                .filter(({ parentLineId }) => parentLineId === null)
                .map((line) => (
                  <LineRow
                    key={line.id}
                    line={line}
                    components={order.lines.filter(({ parentLineId }) => parentLineId === line.id)}
                    cancelled={order.status === 'cancelled'}
                  />
                ))}
            </tbody>
            <tfoot>
              <tr>
                <td colSpan={3}>Total</td>
                <td className="cd-number cd-beside">{formatMoney(order.total)}</td>
              </tr>
            </tfoot>
          </table>
        </div>
      </BlockStack>
    </Card>
  );
}

type LineRowProps = {
  readonly line: OrderLineDetail;
  /** Of a kit: the lines of what it is made of, which carry its stock. */
  readonly components: readonly OrderLineDetail[];
  readonly cancelled: boolean;
};

function LineRow({ line, components, cancelled }: LineRowProps) {
  const title = <WholeText text={line.title} fallback="Untitled" />;
  return (
    <tr>
      <td>
        <Text as="p" breakWord>
          {line.itemId === null ? (
            title
          ) : (
            <AppLink to={`/app/inventory/${line.itemId}`}>{title}</AppLink>
          )}
        </Text>
        <Text as="p" variant="bodySm" tone="subdued" breakWord>
          <WholeText text={line.sku} fallback="No SKU" />
        </Text>
        {line.isKit && <Badge>Kit</Badge>}
        <ShipsAfter at={line.shipAfter} />
      </td>
      <td className="cd-number" data-name="Units">
        {line.quantity}
      </td>
      <td className="cd-place" data-name="Stock">
        {components.length === 0 ? (
          <LineStock line={line} cancelled={cancelled} />
        ) : (
          <Components components={components} cancelled={cancelled} />
        )}
      </td>
      <td className="cd-number" data-name="Price">
        {formatMoney(line.unitPrice)}
      </td>
    </tr>
  );
}

/** What a kit is made of, each with where its units are. */
function Components({ components, cancelled }: Pick<LineRowProps, 'components' | 'cancelled'>) {
  return (
    <BlockStack gap="200">
      {components.map((line) => (
        <div key={line.id}>
          <Text as="p" variant="bodySm" tone="subdued" breakWord>
            {line.quantity} × <WholeText text={line.title} fallback="Untitled" />
          </Text>
          <LineStock line={line} cancelled={cancelled} />
        </div>
      ))}
    </BlockStack>
  );
}

function LineStock({ line, cancelled }: Pick<LineRowProps, 'line' | 'cancelled'>) {
  if (!line.requiresShipping) return <Text as="span">Not shipped</Text>;
  if (cancelled) return <Text as="span">Released</Text>;
  if (line.itemId === null) return <Badge tone="warning">Unmatched</Badge>;
  return (
    <BlockStack gap="050">
      {line.places.map(({ locationName, allocated, shipped }) => (
        <Text as="p" key={locationName} breakWord>
          {placeWords(locationName, allocated, shipped)}
        </Text>
      ))}
      {line.shortQuantity > 0 && (
        <InlineStack>
          <Badge tone="critical">{`${String(line.shortQuantity)} short`}</Badge>
        </InlineStack>
      )}
      {line.places.length === 0 && line.shortQuantity === 0 && (
        <Text as="p" tone="subdued">
          {line.quantity === 0 ? 'Removed' : 'Nothing set aside yet'}
        </Text>
      )}
    </BlockStack>
  );
}

function placeWords(name: string, allocated: number, shipped: number): string {
  const parts = [
    allocated > 0 ? `${String(allocated)} from ${name}` : null,
    shipped > 0 ? `${String(shipped)} shipped from ${name}` : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}
