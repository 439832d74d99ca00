import {
  BlockStack,
  Card,
  Layout,
  Page,
  SkeletonBodyText,
  SkeletonDisplayText,
  SkeletonPage,
} from '@shopify/polaris';

const TITLES: Readonly<Record<string, string>> = {
  '/app': 'Home',
  '/app/orders': 'Orders',
  '/app/inventory': 'Inventory',
  '/app/channels': 'Channels',
  '/app/reconciliation': 'Reconciliation',
  '/app/activity': 'Activity',
  '/app/jobs': 'Jobs',
};

const LISTS = new Set(['/app/orders', '/app/inventory', '/app/jobs', '/app/activity']);

/** The shape of the page that is coming: a list, or details in two columns. */
export function PageSkeleton({ path }: { readonly path: string }) {
  const title = TITLES[path];
  if (title !== undefined && LISTS.has(path)) {
    return (
      <Page title={title} fullWidth>
        <div aria-busy="true">
          <Card>
            <SkeletonBodyText lines={14} />
          </Card>
        </div>
      </Page>
    );
  }
  return (
    <SkeletonPage {...(title === undefined ? { backAction: true } : { title })}>
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <SkeletonCard lines={6} />
            <SkeletonCard lines={4} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <SkeletonCard lines={4} />
        </Layout.Section>
      </Layout>
    </SkeletonPage>
  );
}

function SkeletonCard({ lines }: { readonly lines: number }) {
  return (
    <Card>
      <BlockStack gap="300">
        <SkeletonDisplayText size="small" />
        <SkeletonBodyText lines={lines} />
      </BlockStack>
    </Card>
  );
}
