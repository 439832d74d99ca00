import {
  Box,
  Button,
  Card,
  IndexTable,
  InlineStack,
  Page,
  Text,
  useBreakpoints,
} from '@shopify/polaris';
import { useState } from 'react';
import type { UnmatchedListing } from '#app/queries/connections/list-unmatched-listings';
import type { Page as RowsPage } from '#app/queries/paging';
import { Calm } from '../parts/no-match';
import { Pager } from '../parts/pager';
import { OneLine } from '../parts/text-of-strangers';
import { plainText } from '../words/plain-text';
import { MatchDialog } from './match-dialog';

type UnmatchedPageProps = {
  readonly connection: { readonly id: string; readonly name: string };
  readonly listings: RowsPage<UnmatchedListing>;
};

/** What a channel sells that belongs to no item yet. */
export function UnmatchedPage({ connection, listings }: UnmatchedPageProps) {
  const [matching, setMatching] = useState<UnmatchedListing | null>(null);
  const { smDown } = useBreakpoints();
  return (
    <Page
      title="Listings to match"
      subtitle={connection.name}
      backAction={{ content: 'Channels', url: '/app/channels' }}
    >
      <Card padding="0">
        {listings.rows.length > 0 && (
          <Box padding="400">
            <Text as="p" tone="subdued">
              Match a listing to one of your items: both then share one stock, and orders for the
              listing take units of that item.
            </Text>
          </Box>
        )}
        {listings.rows.length === 0 ? (
          <Calm title="Every listing is matched">The stock of each is kept in step.</Calm>
        ) : (
          <IndexTable
            resourceName={{ singular: 'listing', plural: 'listings' }}
            itemCount={listings.rows.length}
            selectable={false}
            headings={[
              { title: 'Listing' },
              ...(smDown ? [] : [{ title: 'SKU' }, { title: 'Barcode' }]),
              { title: 'Match', hidden: true },
            ]}
          >
            {listings.rows.map((listing, index) => (
              <IndexTable.Row key={listing.id} id={listing.id} position={index}>
                <IndexTable.Cell className={smDown ? 'cd-cell-narrow' : 'cd-cell'}>
                  <Text as="span" fontWeight="medium">
                    <OneLine text={listing.title} fallback="Untitled" />
                  </Text>
                </IndexTable.Cell>
                {!smDown && (
                  <>
                    <IndexTable.Cell className="cd-cell-narrow">
                      <OneLine text={listing.sku} fallback="No SKU" />
                    </IndexTable.Cell>
                    <IndexTable.Cell className="cd-cell-narrow">
                      <OneLine text={listing.barcode} fallback="" />
                    </IndexTable.Cell>
                  </>
                )}
                <IndexTable.Cell>
                  <InlineStack align="end">
                    <Button
                      size="slim"
                      accessibilityLabel={`Match ${plainText(listing.title)}`}
                      onClick={() => {
                        setMatching(listing);
                      }}
                    >
                      Match
                    </Button>
                  </InlineStack>
                </IndexTable.Cell>
              </IndexTable.Row>
            ))}
          </IndexTable>
        )}
        <Pager page={listings} label="listings" />
      </Card>
      {matching !== null && (
        <MatchDialog
          connectionId={connection.id}
          listing={matching}
          onClose={() => {
            setMatching(null);
          }}
        />
      )}
    </Page>
  );
}
