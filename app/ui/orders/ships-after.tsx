import { Text } from '@shopify/polaris';
import { useMerchant } from '../frame/merchant-context';
import { formatDay } from '../words/dates';

/** Before which day something may not leave; nothing once that day has come. */
export function ShipsAfter({ at }: { readonly at: Date | null }) {
  const { timezone, now } = useMerchant();
  if (at === null || at <= now) return null;
  return (
    <Text as="p" variant="bodySm" tone="caution">
      {`Ships after ${formatDay(at, timezone, now)}`}
    </Text>
  );
}
