import { useRevalidator } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Page, Spinner, Text } from '@shopify/polaris';
import { useEffect } from 'react';
import type { ConnectIntentView } from '#app/queries/connections/get-connect-intent';
import { WholeText } from '../parts/text-of-strangers';

type Shown = Omit<ConnectIntentView, 'state'> & {
  readonly state: ConnectIntentView['state'] | 'denied';
};

/** While something is still to come, the page looks again this often. */
const LOOK_AGAIN_MS = 2_000;

const TITLES: Readonly<Record<Shown['state'], string>> = {
  waiting: 'Waiting for your store',
  checking: 'Checking the keys of your store',
  connected: 'Store connected',
  failed: 'The store was not connected',
  expired: 'This request is too old',
  denied: 'You did not approve',
};

/** What became of asking a store for access. */
export function ConnectOutcomePage({ intent }: { readonly intent: Shown }) {
  const pending = intent.state === 'waiting' || intent.state === 'checking';
  useLookAgain(pending);
  return (
    <Page title="Connect a store" backAction={{ content: 'Channels', url: '/app/channels' }}>
      <Card>
        <BlockStack gap="400">
          <InlineStack gap="200" blockAlign="center" wrap={false}>
            {pending && <Spinner size="small" accessibilityLabel="Working" />}
            <Text as="h2" variant="headingMd">
              {TITLES[intent.state]}
            </Text>
          </InlineStack>
          <Text as="p" tone="subdued" breakWord>
            <WholeText text={intent.storeUrl} fallback="" />
          </Text>
          <Text as="p" breakWord>
            <Explanation intent={intent} />
          </Text>
          <InlineStack gap="200">
            <Button url="/app/channels" {...(pending ? {} : { variant: 'primary' as const })}>
              {intent.state === 'connected' ? 'Go to Channels' : 'Back to Channels'}
            </Button>
          </InlineStack>
        </BlockStack>
      </Card>
    </Page>
  );
}

function Explanation({ intent }: { readonly intent: Shown }) {
  switch (intent.state) {
    case 'waiting':
      return 'Approve the request in your store. This page goes on by itself.';
    case 'checking':
      return 'Your store sent its keys. They are tried before they are used; a busy store can take a minute.';
    case 'connected':
      return 'Its products and open orders are being read now. No number in the store changes before you go live.';
    case 'failed':
      return <WholeText text={intent.problem ?? ''} fallback="The store gave no reason." />;
    case 'expired':
      return 'Nobody approved it within half an hour. Connect the store again from Channels.';
    case 'denied':
      return 'The store gave no access, and nothing was changed. You can ask again from Channels.';
  }
}

function useLookAgain(active: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!active || state !== 'idle') return;
    const timer = setTimeout(revalidate, LOOK_AGAIN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [active, state, revalidate]);
}
