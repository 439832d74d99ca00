import {
  Badge,
  Banner,
  BlockStack,
  Button,
  ButtonGroup,
  Card,
  InlineStack,
  Page,
  Text,
} from '@shopify/polaris';
import { useSearchParams } from '@remix-run/react';
import { useState } from 'react';
import type { ConnectionRow } from '#app/queries/connections/list-connections';
import { useMerchant } from '../frame/merchant-context';
import { LagWords } from '../home/channel-lag-card';
import { AppLink } from '../parts/links';
import { Ago } from '../parts/moment';
import { Calm } from '../parts/no-match';
import { StatusBadge } from '../parts/status-badge';
import { WholeText } from '../parts/text-of-strangers';
import { countOf, listOf } from '../words/numbers';
import { withoutCode } from '../words/sentences';
import { ConnectDialog } from './connect-dialog';
import { ReadingBar, kindName, policyWords, stageOf } from './connection-words';

/** Every channel: whether it is well, what feeds it, and how to connect another. */
export function ChannelsPage({ connections }: { readonly connections: readonly ConnectionRow[] }) {
  // The first steps lead here with the dialog open.
  const [params, setParams] = useSearchParams();
  const [connecting, setConnecting] = useState(params.get('connect') === 'woocommerce');
  return (
    <Page
      title="Channels"
      primaryAction={{
        content: 'Connect WooCommerce',
        onAction: () => {
          setConnecting(true);
        },
      }}
    >
      <BlockStack gap="400">
        {connections.length === 0 && (
          <Card>
            <Calm title="No channel is connected">
              Your Shopify store connects by itself when it is ready.
            </Calm>
          </Card>
        )}
        {connections.map((connection) => (
          <ConnectionCard key={connection.id} connection={connection} />
        ))}
      </BlockStack>
      {connecting && (
        <ConnectDialog
          onClose={() => {
            setConnecting(false);
            if (params.has('connect')) setParams({}, { replace: true });
          }}
        />
      )}
    </Page>
  );
}

function ConnectionCard({ connection }: { readonly connection: ConnectionRow }) {
  const stage = stageOf(connection);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="start" gap="200">
          <BlockStack gap="050">
            <InlineStack gap="200" align="start" blockAlign="center">
              <Text as="h2" variant="headingMd" breakWord>
                <AppLink to={`/app/channels/${connection.id}`}>{connection.name}</AppLink>
              </Text>
              <StatusBadge of="connection" status={connection.status} />
              {stage === 'live' && <Badge tone="success">Live</Badge>}
              {stage === 'ready' && <Badge tone="warning">Not live</Badge>}
            </InlineStack>
            <Text as="p" tone="subdued" breakWord>
              {kindName(connection.kind)} · <WholeText text={connection.account} fallback="" />
            </Text>
          </BlockStack>
          {stage !== 'gone' && (
            <ButtonGroup>
              <Button
                url={`/app/channels/${connection.id}`}
                accessibilityLabel={`Details of ${connection.name}`}
              >
                Details
              </Button>
              <Button
                variant={stage === 'ready' || stage === 'braked' ? 'primary' : 'secondary'}
                url={`/app/channels/${connection.id}/numbers`}
                accessibilityLabel={`Numbers of ${connection.name}`}
              >
                {stage === 'ready' ? 'Go live' : 'Numbers'}
              </Button>
            </ButtonGroup>
          )}
        </InlineStack>
        {stage === 'refused' && (
          <Banner tone="critical">
            <Text as="p" breakWord>
              {withoutCode(connection.statusReason ?? 'The channel does not accept our access.')}
            </Text>
          </Banner>
        )}
        {stage === 'braked' && (
          <Banner tone="critical">
            <Text as="p">
              Many numbers would change at once, so they wait for you. Sales still lower numbers.
            </Text>
          </Banner>
        )}
        {stage === 'reading' && connection.reading !== null && (
          <ReadingBar reading={connection.reading} />
        )}
        <ConnectionFacts connection={connection} />
      </BlockStack>
    </Card>
  );
}

function ConnectionFacts({ connection }: { readonly connection: ConnectionRow }) {
  const { locations } = useMerchant();
  const feeding = locations.filter(({ id }) => connection.feedingLocationIds.includes(id));
  const never = 'Never';
  return (
    <dl className="cd-facts">
      <dt>Numbers</dt>
      <dd>
        <LagWords connection={connection} />
      </dd>
      <dt>Fed by</dt>
      <dd>{feeding.length === 0 ? 'No location' : listOf(feeding.map(({ name }) => name))}</dd>
      <dt>Policy</dt>
      <dd>{policyWords(connection)}</dd>
      <dt>Listings</dt>
      <dd>
        {countOf(connection.listings, 'listing')}
        {connection.unmatchedListings > 0 && (
          <>
            {', '}
            <AppLink to={`/app/catalog?channel=${connection.id}`}>
              {`${String(connection.unmatchedListings)} not matched`}
            </AppLink>
          </>
        )}
      </dd>
      <dt>Last heard</dt>
      <dd>{connection.lastEventAt === null ? never : <Ago at={connection.lastEventAt} />}</dd>
      <dt>Last told</dt>
      <dd>{connection.lastPublishAt === null ? never : <Ago at={connection.lastPublishAt} />}</dd>
      {connection.lastError !== null && connection.lastErrorAt !== null && (
        <>
          <dt>Last problem</dt>
          <dd>
            <WholeText text={withoutCode(connection.lastError)} fallback="" />{' '}
            <Text as="span" tone="subdued">
              <Ago at={connection.lastErrorAt} />
            </Text>
          </dd>
        </>
      )}
    </dl>
  );
}
