import { BlockStack, Button, Card, Text } from '@shopify/polaris';
import type { ItemLevel } from '#app/queries/stock/get-item';
import { formatCount } from '../words/numbers';

type LevelsCardProps = {
  readonly levels: readonly ItemLevel[];
  readonly onAdjust: (locationId: string) => void;
};

type State = { readonly name: string; readonly units: (level: ItemLevel) => number };

const ALWAYS: readonly State[] = [
  { name: 'Available', units: ({ available }) => available },
  { name: 'Committed', units: ({ committed }) => committed },
];

/** Shown only where the item has such units: most never do. */
const SOMETIMES: readonly State[] = [
  { name: 'Reserved', units: ({ reserved }) => reserved },
  { name: 'Safety stock', units: ({ safetyStock }) => safetyStock },
  { name: 'Quality control', units: ({ qualityControl }) => qualityControl },
  { name: 'Damaged', units: ({ damaged }) => damaged },
];

const TOTALS: readonly State[] = [
  { name: 'On hand', units: onHand },
  { name: 'Incoming', units: ({ incoming }) => incoming },
];

function onHand(level: ItemLevel): number {
  return [...ALWAYS, ...SOMETIMES].reduce((sum, { units }) => sum + units(level), 0);
}

/** A row per location, a column per state. */
export function LevelsCard({ levels, onAdjust }: LevelsCardProps) {
  const used = SOMETIMES.filter(({ units }) => levels.some((level) => units(level) > 0));
  const states = [...ALWAYS, ...used, ...TOTALS];
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingSm">
          Stock
        </Text>
        <div className="cd-scroll" tabIndex={0} role="region" aria-label="Stock by location">
          <table className="cd-table cd-stack">
            <thead>
              <tr>
                <th scope="col">Location</th>
                {states.map(({ name }) => (
                  <th key={name} scope="col" className="cd-number">
                    {name}
                  </th>
                ))}
                <td />
              </tr>
            </thead>
            <tbody>
              {levels.map((level) => (
                <tr key={level.locationId}>
                  <td>{level.locationName}</td>
                  {states.map(({ name, units }) => (
                    <td key={name} className="cd-number" data-name={name}>
                      {formatCount(units(level))}
                    </td>
                  ))}
                  <td className="cd-number cd-beside">
                    <Button
                      variant="plain"
                      accessibilityLabel={`Adjust stock at ${level.locationName}`}
                      onClick={() => {
                        onAdjust(level.locationId);
                      }}
                    >
                      Adjust
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td>Total</td>
                {states.map(({ name, units }) => (
                  <td key={name} className="cd-number" data-name={name}>
                    {formatCount(levels.reduce((sum, level) => sum + units(level), 0))}
                  </td>
                ))}
                <td />
              </tr>
            </tfoot>
          </table>
        </div>
      </BlockStack>
    </Card>
  );
}
