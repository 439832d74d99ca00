import { BlockStack, Box, Button, Card, Page, Text } from '@shopify/polaris';

type EmptyPageProps = {
  readonly title: string;
  readonly heading: string;
  readonly action: { readonly label: string; readonly path: string };
  readonly children: string;
};

/** A page that has nothing to show yet: what will be here, and the one next step. */
export function EmptyPage({ title, heading, action, children }: EmptyPageProps) {
  return (
    <Page title={title} fullWidth>
      <Card>
        <Box paddingBlock="1600">
          <BlockStack gap="400" inlineAlign="center">
            <BlockStack gap="100" inlineAlign="center">
              <Text as="h2" variant="headingMd" alignment="center">
                {heading}
              </Text>
              <Text as="p" tone="subdued" alignment="center">
                {children}
              </Text>
            </BlockStack>
            <Button variant="primary" url={action.path}>
              {action.label}
            </Button>
          </BlockStack>
        </Box>
      </Card>
    </Page>
  );
}
