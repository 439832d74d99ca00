import { useSearchParams } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import type { LevelAsOf } from '#app/queries/stock/levels-as-of';
import { useMerchant } from '../frame/merchant-context';
import { Moment } from '../parts/moment';
import { fromLocalInput, toLocalInput } from '../words/dates';
import { formatCount } from '../words/numbers';

type AsOfCardProps = {
  readonly asOf: { readonly at: Date; readonly levels: readonly LevelAsOf[] } | null;
};

/** What there was at a moment, read from the movements. */
export function AsOfCard({ asOf }: AsOfCardProps) {
  const { timezone } = useMerchant();
  const [, setParams] = useSearchParams();
  const [typed, setTyped] = useState(asOf === null ? '' : toLocalInput(asOf.at, timezone));
  const chosen = fromLocalInput(typed, timezone);
  const show = (at: Date | null) => {
    setParams(
      (current) => {
        const changed = new URLSearchParams(current);
        changed.delete('at');
        if (at !== null) changed.set('at', at.toISOString());
        return changed;
      },
      { preventScrollReset: true },
    );
  };
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          Stock at an earlier time
        </Text>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            show(chosen);
          }}
        >
          <BlockStack gap="200">
            <TextField
              label="Date and time"
              type="datetime-local"
              autoComplete="off"
              value={typed}
              onChange={setTyped}
            />
            <InlineStack gap="200">
              <Button submit disabled={chosen === null}>
                Show
              </Button>
              {asOf !== null && (
                <Button
                  variant="plain"
                  onClick={() => {
                    setTyped('');
                    show(null);
                  }}
                >
                  Clear
                </Button>
              )}
            </InlineStack>
          </BlockStack>
        </form>
        {asOf !== null && <LevelsThen asOf={asOf} />}
      </BlockStack>
    </Card>
  );
}

function LevelsThen({ asOf }: { readonly asOf: NonNullable<AsOfCardProps['asOf']> }) {
  return (
    <BlockStack gap="100">
      <Text as="p" tone="subdued">
        <Moment at={asOf.at} />
      </Text>
      {asOf.levels.length === 0 ? (
        <Text as="p">Nothing had been recorded by then.</Text>
      ) : (
        <table className="cd-table">
          <thead>
            <tr>
              <th scope="col">Location</th>
              <th scope="col" className="cd-number">
                Available
              </th>
              <th scope="col" className="cd-number">
                On hand
              </th>
            </tr>
          </thead>
          <tbody>
            {asOf.levels.map((level) => (
              <tr key={level.locationId}>
                <td>{level.locationName}</td>
                <td className="cd-number">{formatCount(level.available)}</td>
                <td className="cd-number">
                  {formatCount(level.available + level.committed + level.unavailable)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </BlockStack>
  );
}
