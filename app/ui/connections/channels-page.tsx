import {
  Banner,
  BlockStack,
  Button,
  ButtonGroup,
  Card,
  InlineStack,
  Page,
  Text,
} from '@shopify/polaris';
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
import { BufferDialog, DisconnectDialog, LocationsDialog } from './connection-dialogs';
import { ConnectDialog } from './connect-dialog';

type Open =
  | { readonly dialog: 'connect' }
  | { readonly dialog: 'locations' | 'buffer' | 'disconnect'; readonly connection: ConnectionRow };

/** Every channel: whether it is well, what feeds it, and how to connect another. */
export function ChannelsPage({ connections }: { readonly connections: readonly ConnectionRow[] }) {
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => {
    setOpen(null);
  };
  return (
    <Page
      title="Channels"
      primaryAction={{
        content: 'Connect WooCommerce',
        onAction: () => {
          setOpen({ dialog: 'connect' });
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
          <ConnectionCard
            key={connection.id}
            connection={connection}
            onOpen={(dialog) => {
              setOpen({ dialog, connection });
            }}
          />
        ))}
      </BlockStack>
      {open?.dialog === 'connect' && <ConnectDialog onClose={close} />}
      {open?.dialog === 'locations' && (
        <LocationsDialog connection={open.connection} onClose={close} />
      )}
      {open?.dialog === 'buffer' && <BufferDialog connection={open.connection} onClose={close} />}
      {open?.dialog === 'disconnect' && (
        <DisconnectDialog connection={open.connection} onClose={close} />
      )}
    </Page>
  );
}

type ConnectionCardProps = {
  readonly connection: ConnectionRow;
  readonly onOpen: (dialog: 'locations' | 'buffer' | 'disconnect') => void;
};

const KINDS: Readonly<Record<string, string>> = {
  shopify: 'Shopify',
  woocommerce: 'WooCommerce',
};

function ConnectionCard({ connection, onOpen }: ConnectionCardProps) {
  const gone = connection.status === 'disconnected';
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="start" gap="200">
          <BlockStack gap="050">
            <InlineStack gap="200" align="start" blockAlign="center">
              <Text as="h2" variant="headingMd" breakWord>
                {connection.name}
              </Text>
              <StatusBadge of="connection" status={connection.status} />
            </InlineStack>
            <Text as="p" tone="subdued" breakWord>
              {KINDS[connection.kind] ?? connection.kind} ·{' '}
              <WholeText text={connection.account} fallback="" />
            </Text>
          </BlockStack>
          {!gone && (
            <ButtonGroup>
              {/* Shopify keeps a number for each of its own locations: nothing to choose. */}
              {connection.kind !== 'shopify' && (
                <Button
                  onClick={() => {
                    onOpen('locations');
                  }}
                  accessibilityLabel={`Choose locations for ${connection.name}`}
                >
                  Locations
                </Button>
              )}
              <Button
                onClick={() => {
                  onOpen('buffer');
                }}
                accessibilityLabel={`Change the buffer of ${connection.name}`}
              >
                Buffer
              </Button>
            </ButtonGroup>
          )}
        </InlineStack>
        {connection.status === 'needs_attention' && (
          <Banner tone="critical">
            <Text as="p" breakWord>
              {withoutCode(connection.statusReason ?? 'The channel does not accept our access.')}
            </Text>
          </Banner>
        )}
        <ConnectionFacts connection={connection} />
        {!gone && connection.kind !== 'shopify' && (
          <InlineStack align="end">
            <Button
              variant="plain"
              tone="critical"
              onClick={() => {
                onOpen('disconnect');
              }}
              accessibilityLabel={`Disconnect ${connection.name}`}
            >
              Disconnect
            </Button>
          </InlineStack>
        )}
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
      <dt>Buffer</dt>
      <dd>
        {connection.bufferUnits === 0
          ? 'None'
          : `${countOf(connection.bufferUnits, 'unit')} withheld on every listing`}
      </dd>
      <dt>Listings</dt>
      <dd>
        {countOf(connection.listings, 'listing')}
        {connection.unmatchedListings > 0 && (
          <>
            {', '}
            <AppLink to={`/app/channels/${connection.id}`}>
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
