import { BlockStack, Card, InlineStack, Text } from '@shopify/polaris';
import type { OrderRefundDetail } from '#app/queries/orders/order-exceptions';
import { Moment } from '../parts/moment';
import { WholeText } from '../parts/text-of-strangers';
import { formatMoney } from '../words/numbers';

/** Money given back, and what became of the goods. */
export function RefundsCard({ refunds }: { readonly refunds: readonly OrderRefundDetail[] }) {
  if (refunds.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          {refunds.length === 1 ? 'Refund' : 'Refunds'}
        </Text>
        <ul className="cd-list">
          {refunds.map((refund) => (
            <li key={refund.id}>
              <BlockStack gap="100">
                <InlineStack align="space-between" gap="200">
                  <Moment at={refund.refundedAt} />
                  <Text as="span" numeric>
                    {formatMoney(refund.amount)}
                  </Text>
                </InlineStack>
                {refund.lines.map((line, index) => (
                  <Text as="p" key={index} variant="bodySm" tone="subdued" breakWord>
                    {line.quantity} × <WholeText text={line.title} fallback="Untitled" />:{' '}
                    {RESTOCK[line.restock] ?? 'the channel does not say whether it is back'}
                  </Text>
                ))}
              </BlockStack>
            </li>
          ))}
        </ul>
      </BlockStack>
    </Card>
  );
}

const RESTOCK: Readonly<Record<string, string>> = {
  cancel: 'had not left',
  return: 'back on the shelf',
  none: 'not back on the shelf',
};
