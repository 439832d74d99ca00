import { BlockStack, Button, Card, Collapsible, InlineStack, Text } from '@shopify/polaris';
import { useId, useState } from 'react';
import type { RoutingDecisionDetail } from '#app/queries/orders/get-order';
import { Moment } from '../parts/moment';

/** Why it ships from there. Earlier decisions stay, folded away. */
export function RoutingCard({
  decisions,
  ships,
}: {
  readonly decisions: readonly RoutingDecisionDetail[];
  /** Whether any location ships, or shipped, a part of it. */
  readonly ships: boolean;
}) {
  const [open, setOpen] = useState(false);
  const foldId = useId();
  const [current, ...earlier] = decisions;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingSm">
          {ships ? 'Why it ships from there' : 'Where it ships from'}
        </Text>
        {current === undefined ? (
          <Text as="p" tone="subdued">
            No location was chosen yet.
          </Text>
        ) : (
          <Decision decision={current} />
        )}
        {earlier.length > 0 && (
          <>
            <InlineStack>
              <Button
                variant="plain"
                disclosure={open ? 'up' : 'down'}
                ariaExpanded={open}
                ariaControls={foldId}
                onClick={() => {
                  setOpen(!open);
                }}
              >
                {earlier.length === 1
                  ? '1 earlier decision'
                  : `${String(earlier.length)} earlier decisions`}
              </Button>
            </InlineStack>
            <Collapsible id={foldId} open={open}>
              <BlockStack gap="300">
                {earlier.map((decision) => (
                  <Decision key={decision.id} decision={decision} />
                ))}
              </BlockStack>
            </Collapsible>
          </>
        )}
      </BlockStack>
    </Card>
  );
}

function Decision({ decision }: { readonly decision: RoutingDecisionDetail }) {
  return (
    <div>
      <Text as="p" breakWord>
        {decision.sentence}
      </Text>
      <Text as="p" variant="bodySm" tone="subdued">
        <Moment at={decision.decidedAt} />
      </Text>
    </div>
  );
}
