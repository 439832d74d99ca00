import { Button, EmptySearchResult, InlineStack, Box, BlockStack, Text } from '@shopify/polaris';
import { useNavigate } from '@remix-run/react';

/** The filters leave nothing: they stay, and one press takes them away. */
export function NoMatch({ what, path }: { readonly what: string; readonly path: string }) {
  const navigate = useNavigate();
  return (
    <BlockStack inlineAlign="center" gap="300">
      <EmptySearchResult
        title={`No ${what} match`}
        description="Try another word, or fewer filters."
        withIllustration
      />
      <Box paddingBlockEnd="400">
        <InlineStack align="center">
          <Button
            onClick={() => {
              navigate(path);
            }}
          >
            Clear search and filters
          </Button>
        </InlineStack>
      </Box>
    </BlockStack>
  );
}

/** Nothing here, and that is fine. */
export function Calm({ title, children }: { readonly title: string; readonly children: string }) {
  return (
    <Box padding="800">
      <BlockStack gap="100" inlineAlign="center">
        <Text as="p" variant="headingSm" alignment="center">
          {title}
        </Text>
        <Text as="p" tone="subdued" alignment="center">
          {children}
        </Text>
      </BlockStack>
    </Box>
  );
}
