import { BlockStack, Box, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { useMerchant } from '../frame/merchant-context';
import { formatDay, formatTime } from '../words/dates';

export type TimelineRow = {
  readonly id: string;
  readonly at: Date;
  readonly sentence: ReactNode;
  /** Who, and because of what. */
  readonly because: string | null;
  /** What can be opened below it. */
  readonly more?: ReactNode;
};

/** What happened, newest first, a heading for each day. */
export function Timeline({ rows }: { readonly rows: readonly TimelineRow[] }) {
  const { timezone, now } = useMerchant();
  const days = new Map<string, TimelineRow[]>();
  for (const row of rows) {
    const day = formatDay(row.at, timezone, now);
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  return (
    <BlockStack gap="400">
      {[...days].map(([day, ofDay]) => (
        <BlockStack key={day} gap="100">
          <Text as="h3" variant="bodySm" tone="subdued">
            {day}
          </Text>
          <ul className="cd-list">
            {ofDay.map((row) => (
              <li key={row.id} className="cd-row cd-row-top">
                <Box minWidth="0">
                  <Text as="p" breakWord>
                    {row.sentence}
                  </Text>
                  {row.because !== null && (
                    <Text as="p" variant="bodySm" tone="subdued" breakWord>
                      {row.because}
                    </Text>
                  )}
                  {row.more}
                </Box>
                <Text as="span" variant="bodySm" tone="subdued" numeric>
                  <time dateTime={row.at.toISOString()}>{formatTime(row.at, timezone)}</time>
                </Text>
              </li>
            ))}
          </ul>
        </BlockStack>
      ))}
    </BlockStack>
  );
}
