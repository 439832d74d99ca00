import { BlockStack, Card, ChoiceList, FormLayout, Text, TextField } from '@shopify/polaris';
import type { NumberPolicy } from '#app/domain/stock/stock-policy';
import type { ChannelPolicy } from '#app/queries/connections/get-policy';
import { useMerchant } from '../frame/merchant-context';
import type { PolicyDraft } from './numbers-draft';
import { exampleSentence } from './numbers-words';

type PolicyFormProps = {
  readonly policy: ChannelPolicy;
  readonly proposal: NumberPolicy;
  readonly draft: PolicyDraft;
  readonly problem: string | null;
  readonly onEdit: (part: Partial<PolicyDraft>) => void;
};

/** How a channel's numbers are made of the stock that feeds it. */
export function PolicyForm({ policy, proposal, draft, problem, onEdit }: PolicyFormProps) {
  const { locations } = useMerchant();
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingSm">
          How its numbers are made
        </Text>
        {!policy.perLocation && (
          <ChoiceList
            allowMultiple
            title="Stock at these locations is sold on this channel, and its orders ship from them"
            choices={locations.map(({ id, name }) => ({ label: name, value: id }))}
            selected={[...draft.from]}
            onChange={(from: string[]) => {
              onEdit({ from });
            }}
            {...(draft.from.length === 0 ? { error: 'Choose at least one location' } : {})}
          />
        )}
        <FormLayout>
          <FormLayout.Group condensed>
            <NumberField
              label="Share shown"
              suffix="%"
              value={draft.share}
              onChange={(share) => {
                onEdit({ share });
              }}
            />
            <NumberField
              label="Buffer withheld"
              suffix="units"
              value={draft.buffer}
              onChange={(buffer) => {
                onEdit({ buffer });
              }}
            />
            <NumberField
              label="Show at most"
              suffix="units"
              placeholder="No limit"
              value={draft.cap}
              onChange={(cap) => {
                onEdit({ cap });
              }}
            />
          </FormLayout.Group>
        </FormLayout>
        <Text as="p" tone={problem === null ? 'subdued' : 'critical'}>
          <span role={problem === null ? undefined : 'alert'}>
            {problem ?? exampleSentence(proposal)}
          </span>
        </Text>
        <ChoiceList
          title="When nothing is left"
          choices={[
            { label: 'Stop selling', value: 'never' },
            {
              label: 'Go on selling and take backorders',
              value: 'backorder',
              helpText: 'Orders beyond the stock wait until more arrives.',
            },
          ]}
          selected={[draft.oversell]}
          onChange={([chosen]) => {
            onEdit({ oversell: chosen === 'backorder' ? 'backorder' : 'never' });
          }}
        />
        <div style={{ maxWidth: '20rem' }}>
          <NumberField
            label="Brake"
            suffix="% of its listings"
            helpText="A change of more listings than this, by anything but orders, waits for you. It never waits below 20 listings."
            value={draft.brake}
            onChange={(brake) => {
              onEdit({ brake });
            }}
          />
        </div>
      </BlockStack>
    </Card>
  );
}

type NumberFieldProps = {
  readonly label: string;
  readonly suffix: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly helpText?: string;
  readonly placeholder?: string;
};

function NumberField(props: NumberFieldProps) {
  return <TextField {...props} type="text" inputMode="numeric" autoComplete="off" />;
}
