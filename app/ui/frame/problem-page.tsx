import { useLocation, useRevalidator } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Page, Text } from '@shopify/polaris';

/** The list that a missing page would be in. */
const LISTS = [
  { name: 'Orders', url: '/app/orders' },
  { name: 'Inventory', url: '/app/inventory' },
  { name: 'Channels', url: '/app/channels' },
];

type ProblemPageProps = { readonly status: number };

/** Instead of a page that is not there, or that we could not make. Never says what broke inside. */
export function ProblemPage({ status }: ProblemPageProps) {
  const revalidator = useRevalidator();
  const { pathname } = useLocation();
  const missing = status === 404;
  const list = LISTS.find(({ url }) => pathname.startsWith(`${url}/`));
  const near = list ?? { name: 'Home', url: '/app' };
  return (
    <Page
      title={missing ? 'Not found' : 'This page did not load'}
      backAction={{ content: near.name, url: near.url }}
    >
      <Card>
        <BlockStack gap="400">
          <Text as="p">
            {missing
              ? 'There is nothing here. It may have been removed, or the link may be incomplete.'
              : 'Something went wrong on our side. Nothing was lost: orders and stock are kept safe while you try again.'}
          </Text>
          <InlineStack gap="200">
            {!missing && (
              <Button
                variant="primary"
                loading={revalidator.state === 'loading'}
                onClick={() => {
                  revalidator.revalidate();
                }}
              >
                Try again
              </Button>
            )}
            <Button url={near.url}>{`Go to ${near.name}`}</Button>
          </InlineStack>
        </BlockStack>
      </Card>
    </Page>
  );
}
