import {
  Badge,
  BlockStack,
  Card,
  IndexTable,
  InlineStack,
  Link,
  Page,
  Text,
  useBreakpoints,
} from '@shopify/polaris';
import type { LocationRow } from '#app/queries/locations/list-locations';
import { Calm } from '../parts/no-match';
import { OneLine, WholeText } from '../parts/text-of-strangers';
import { countOf, formatCount, listOf } from '../words/numbers';
import { plainText } from '../words/plain-text';

export type LocationsPageProps = { readonly locations: readonly LocationRow[] };

/** Every place that holds stock, in the order they ship in. */
export function LocationsPage({ locations }: LocationsPageProps) {
  const { smDown } = useBreakpoints();
  const Row = smDown ? PhoneRow : WideRow;
  return (
    <Page
      title="Locations"
      primaryAction={{ content: 'Add a warehouse', url: '/app/locations/new' }}
      fullWidth
    >
      <Card padding="0">
        <IndexTable
          resourceName={{ singular: 'location', plural: 'locations' }}
          itemCount={locations.length}
          selectable={false}
          condensed={smDown}
          emptyState={
            <Calm title="No locations yet">
              They are read from your Shopify store. A warehouse that only you know can be added.
            </Calm>
          }
          headings={[
            { title: 'Location' },
            { title: 'Ships' },
            { title: 'Feeds' },
            { title: 'On hand', alignment: 'end' },
            { title: 'Available', alignment: 'end' },
            { title: 'To ship', alignment: 'end' },
          ]}
        >
          {locations.map((location, index) => (
            <Row key={location.id} location={location} index={index} />
          ))}
        </IndexTable>
      </Card>
    </Page>
  );
}

type RowProps = { readonly location: LocationRow; readonly index: number };

function LocationName({ location }: { readonly location: LocationRow }) {
  const { city, province, countryCode } = location;
  const where = [city, province, countryCode].map((part) => plainText(part ?? ''));
  return (
    <BlockStack gap="050">
      <InlineStack gap="200" blockAlign="center" wrap={false}>
        <Link url={`/app/locations/${location.id}`} dataPrimaryLink monochrome removeUnderline>
          <Text as="span" fontWeight="semibold">
            <OneLine text={location.name} fallback="Location" />
          </Text>
        </Link>
        {location.kind === 'virtual' && <Badge tone="info">Third party</Badge>}
        {!location.active && <Badge>Off</Badge>}
      </InlineStack>
      <Text as="span" variant="bodySm" tone="subdued">
        <OneLine text={where.filter((part) => part !== '').join(', ')} fallback="No address" />
      </Text>
    </BlockStack>
  );
}

function feedWords({ feeds }: LocationRow): string {
  return feeds.length === 0 ? 'no channel' : listOf(feeds.map(({ name }) => plainText(name)));
}

function WideRow({ location, index }: RowProps) {
  const numbers = [location.onHand, location.available, location.orders];
  return (
    <IndexTable.Row id={location.id} position={index}>
      <IndexTable.Cell className="cd-cell">
        <LocationName location={location} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        {location.active ? `Priority ${String(location.priority)}` : 'Nothing'}
      </IndexTable.Cell>
      <IndexTable.Cell className="cd-wrap-narrow">
        <WholeText
          text={location.feeds.length === 0 ? 'No channel' : feedWords(location)}
          fallback=""
        />
      </IndexTable.Cell>
      {numbers.map((units, column) => (
        <IndexTable.Cell key={column}>
          <Text as="span" alignment="end" numeric>
            {formatCount(units)}
          </Text>
        </IndexTable.Cell>
      ))}
    </IndexTable.Row>
  );
}

function PhoneRow({ location, index }: RowProps) {
  return (
    <IndexTable.Row id={location.id} position={index}>
      <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
        <BlockStack gap="100">
          <LocationName location={location} />
          <div style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
            <Text as="p" variant="bodySm">
              {`${formatCount(location.onHand)} on hand · ${formatCount(location.available)} available · ${countOf(location.orders, 'order')} to ship`}
            </Text>
            <Text as="p" variant="bodySm" tone="subdued">
              {`Priority ${String(location.priority)} · feeds ${feedWords(location)}`}
            </Text>
          </div>
        </BlockStack>
      </div>
    </IndexTable.Row>
  );
}
