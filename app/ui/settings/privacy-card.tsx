import { Badge, Banner, BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import type { PrivacyRequestRow } from '#app/queries/privacy/list-privacy-requests';
import { Moment } from '../parts/moment';
import { useDownload } from '../parts/use-download';
import { countOf } from '../words/numbers';

const KINDS: Readonly<Record<string, string>> = {
  customer_data: 'A customer asked which data is kept',
  customer_redact: 'A customer’s data was to be erased',
  shop_redact: 'The shop’s data was to be erased',
};

/** Requests under privacy law: what was asked, what was done, and the file to pass on. */
export function PrivacyCard({ requests }: { readonly requests: readonly PrivacyRequestRow[] }) {
  const file = useDownload();
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            Privacy requests
          </Text>
          <Text as="p" tone="subdued">
            Shopify passes on what customers ask for. Crossdock carries it out by itself; what it
            collected about a customer is yours to pass on, and is deleted after 30 days.
          </Text>
        </BlockStack>
        {file.problem !== null && <Banner tone="critical">{file.problem}</Banner>}
        {requests.length === 0 && <Text as="p">There have been none.</Text>}
        {requests.map((request) => (
          <InlineStack key={request.id} align="space-between" blockAlign="center" gap="200">
            <BlockStack gap="050">
              <Text as="p">
                {KINDS[request.kind] ?? request.kind}
                {request.customerRef === null ? '' : ` (customer ${request.customerRef})`}
              </Text>
              <Text as="p" tone="subdued">
                <Moment at={request.doneAt ?? request.receivedAt} /> · {whatWasDone(request)}
              </Text>
            </BlockStack>
            {request.canDownload ? (
              <Button
                loading={file.busy}
                accessibilityLabel={`Download the data of customer ${request.customerRef ?? ''}`}
                onClick={() => {
                  file.download(`/app/privacy/${request.id}`, 'customer-data.json');
                }}
              >
                Download
              </Button>
            ) : (
              <Badge tone={request.state === 'done' ? 'success' : 'attention'}>
                {request.state === 'done' ? 'Done' : 'Waiting'}
              </Badge>
            )}
          </InlineStack>
        ))}
      </BlockStack>
    </Card>
  );
}

function whatWasDone({ kind, orders, messages }: PrivacyRequestRow): string {
  const what = `${countOf(orders, 'order')} and ${countOf(messages, 'message')}`;
  return kind === 'customer_data' ? `${what} collected` : `${what} erased`;
}
