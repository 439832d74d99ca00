import { useNavigate } from '@remix-run/react';
import {
  Badge,
  Banner,
  BlockStack,
  Card,
  ChoiceList,
  FormLayout,
  Layout,
  Page,
  Select,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import type { LocationRow } from '#app/queries/locations/list-locations';
import type { NamedChoice } from '../frame/merchant-context';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf, formatCount } from '../words/numbers';
import { cutTitle, plainText } from '../words/plain-text';
import { SwitchDialog } from './switch-dialog';

export type LocationPageProps = {
  /** Null: one that is to be added, under `newId`. */
  readonly location: LocationRow | null;
  readonly newId: string;
  /** Channels that any location may feed. */
  readonly channels: readonly NamedChoice[];
};

const PRIORITY_FIRST = 100;

/** One location: what it is called, where it is, when it ships, and what is sold from it. */
export function LocationPage({ location, newId, channels }: LocationPageProps) {
  const navigate = useNavigate();
  const [switching, setSwitching] = useState(false);
  const [fields, setFields] = useState(() => fieldsOf(location));
  const form = useDialogForm(`/app/locations/${location?.id ?? newId}`, () => {
    if (location === null) navigate('/app/locations');
  });
  const set = (name: keyof typeof fields) => (value: string) => {
    setFields((known) => ({ ...known, [name]: value }));
  };
  const save = () => {
    form.send({ intent: 'save', ...fields, feeds: fields.feeds.join(',') });
  };
  return (
    <Page
      title={location === null ? 'Add a warehouse' : cutTitle(plainText(location.name))}
      titleMetadata={location?.active === false ? <Badge>Off</Badge> : undefined}
      backAction={{ content: 'Locations', url: '/app/locations' }}
      primaryAction={{
        content: location === null ? 'Add' : 'Save',
        loading: form.busy,
        onAction: save,
      }}
      secondaryActions={
        location === null
          ? []
          : [
              {
                content: location.active ? 'Switch off' : 'Switch on',
                destructive: location.active,
                onAction: () => {
                  setSwitching(true);
                },
              },
            ]
      }
    >
      <Layout>
        {form.problem !== null && (
          <Layout.Section variant="fullWidth">
            <Banner tone="critical">{form.problem}</Banner>
          </Layout.Section>
        )}
        <Layout.Section>
          <BlockStack gap="400">
            <DetailsCard fields={fields} set={set} />
            <AddressCard fields={fields} set={set} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            {location !== null && <NowCard location={location} />}
            <FeedsCard
              location={location}
              channels={channels}
              chosen={fields.feeds}
              onChoose={(feeds) => {
                setFields((known) => ({ ...known, feeds }));
              }}
            />
          </BlockStack>
        </Layout.Section>
      </Layout>
      {switching && location !== null && (
        <SwitchDialog
          location={location}
          onClose={() => {
            setSwitching(false);
          }}
        />
      )}
    </Page>
  );
}

function fieldsOf(location: LocationRow | null) {
  return {
    name: location?.name ?? '',
    kind: location?.kind ?? 'own',
    priority: String(location?.priority ?? PRIORITY_FIRST),
    address1: location?.address1 ?? '',
    city: location?.city ?? '',
    province: location?.province ?? '',
    zip: location?.zip ?? '',
    countryCode: location?.countryCode ?? '',
    latitude: location?.latitude === null || location === null ? '' : String(location.latitude),
    longitude: location?.longitude === null || location === null ? '' : String(location.longitude),
    feeds: (location?.feeds ?? []).filter(({ ownNumber }) => !ownNumber).map(({ id }) => id),
  };
}

type Fields = ReturnType<typeof fieldsOf>;
type Set = (name: keyof Fields) => (value: string) => void;

function DetailsCard({ fields, set }: { readonly fields: Fields; readonly set: Set }) {
  return (
    <Card>
      <FormLayout>
        <TextField
          label="Name"
          autoComplete="off"
          maxLength={100}
          value={fields.name}
          onChange={set('name')}
        />
        <Select
          label="Kind"
          options={[
            { label: 'Your own', value: 'own' },
            { label: 'A third party’s (3PL)', value: 'virtual' },
          ]}
          value={fields.kind}
          onChange={set('kind')}
        />
        <TextField
          label="Priority"
          type="number"
          inputMode="numeric"
          min={1}
          max={999}
          autoComplete="off"
          value={fields.priority}
          onChange={set('priority')}
          helpText="Lower ships first, once as much as possible ships in as few parcels as possible. Of equal ones the closest to the buyer ships."
        />
      </FormLayout>
    </Card>
  );
}

function AddressCard({ fields, set }: { readonly fields: Fields; readonly set: Set }) {
  const plain = { autoComplete: 'off', maxLength: 200 } as const;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          Address
        </Text>
        <FormLayout>
          <TextField label="Street" {...plain} value={fields.address1} onChange={set('address1')} />
          <FormLayout.Group condensed>
            <TextField label="City" {...plain} value={fields.city} onChange={set('city')} />
            <TextField label="Postal code" {...plain} value={fields.zip} onChange={set('zip')} />
          </FormLayout.Group>
          <FormLayout.Group condensed>
            <TextField
              label="State or province"
              {...plain}
              value={fields.province}
              onChange={set('province')}
            />
            <TextField
              label="Country code"
              {...plain}
              maxLength={2}
              placeholder="US"
              value={fields.countryCode}
              onChange={set('countryCode')}
            />
          </FormLayout.Group>
          <FormLayout.Group condensed>
            <TextField
              label="Latitude"
              {...plain}
              inputMode="text"
              value={fields.latitude}
              onChange={set('latitude')}
            />
            <TextField
              label="Longitude"
              {...plain}
              inputMode="text"
              value={fields.longitude}
              onChange={set('longitude')}
            />
          </FormLayout.Group>
        </FormLayout>
        <Text as="p" variant="bodySm" tone="subdued">
          Latitude and longitude are what distances to buyers are measured from. Leave both empty if
          you do not know them.
        </Text>
      </BlockStack>
    </Card>
  );
}

function NowCard({ location }: { readonly location: LocationRow }) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingSm">
          Now
        </Text>
        <dl className="cd-facts">
          <dt>On hand</dt>
          <dd>{countOf(location.onHand, 'unit')}</dd>
          <dt>Available</dt>
          <dd>{formatCount(location.available)}</dd>
          <dt>To ship</dt>
          <dd>{countOf(location.orders, 'order')}</dd>
        </dl>
      </BlockStack>
    </Card>
  );
}

type FeedsCardProps = {
  readonly location: LocationRow | null;
  readonly channels: readonly NamedChoice[];
  readonly chosen: string[];
  readonly onChoose: (ids: string[]) => void;
};

/** Which channels sell what lies here; Shopify decides that for its own locations. */
function FeedsCard({ location, channels, chosen, onChoose }: FeedsCardProps) {
  const fixed = (location?.feeds ?? []).filter(({ ownNumber }) => ownNumber);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          Channels
        </Text>
        {fixed.map(({ id, name }) => (
          <Text as="p" key={id} breakWord>
            {`${plainText(name)} has a number for this location.`}
          </Text>
        ))}
        {fixed.length === 0 && (
          <Text as="p" tone="subdued">
            No Shopify store knows this location, so its stock is not part of a Shopify number.
          </Text>
        )}
        {channels.length > 0 && (
          <ChoiceList
            allowMultiple
            title="Sold on, and shipped for"
            choices={channels.map(({ id, name }) => ({ label: plainText(name), value: id }))}
            selected={chosen}
            onChange={onChoose}
          />
        )}
      </BlockStack>
    </Card>
  );
}
