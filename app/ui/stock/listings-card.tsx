import { Badge, BlockStack, Card, Text } from '@shopify/polaris';
import type { ItemListing } from '#app/queries/stock/get-item';
import { Ago } from '../parts/moment';
import { Calm } from '../parts/no-match';
import { WholeText } from '../parts/text-of-strangers';
import { formatCount } from '../words/numbers';
import { withoutCode } from '../words/sentences';

/** What each channel was last told about the item, and what it should show now. */
export function ListingsCard({ listings }: { readonly listings: readonly ItemListing[] }) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingSm">
          Channels
        </Text>
        {listings.length === 0 ? (
          <Calm title="Not listed">No channel sells this item.</Calm>
        ) : (
          <div className="cd-scroll" tabIndex={0} role="region" aria-label="Channels">
            <table className="cd-table cd-stack">
              <thead>
                <tr>
                  <th scope="col">Channel</th>
                  <th scope="col" className="cd-number">
                    Should be
                  </th>
                  <th scope="col" className="cd-number">
                    Last told
                  </th>
                  <th scope="col">When</th>
                  <th scope="col">State</th>
                </tr>
              </thead>
              <tbody>
                {listings.map((listing, index) => (
                  <tr key={`${listing.listingId}-${String(index)}`}>
                    <td>
                      <Text as="p" breakWord>
                        {listing.channelName}
                        {listing.locationName !== null && ` · ${listing.locationName}`}
                      </Text>
                      <Text as="p" variant="bodySm" tone="subdued" breakWord>
                        <WholeText text={listing.title} fallback="Untitled" />
                      </Text>
                    </td>
                    <td className="cd-number" data-name="Should be">
                      {listing.tracked ? formatCount(listing.shouldBe) : '–'}
                    </td>
                    <td className="cd-number" data-name="Last told">
                      {listing.knownQuantity === null ? '–' : formatCount(listing.knownQuantity)}
                    </td>
                    <td data-name="When">
                      {listing.knownAt === null ? 'Never' : <Ago at={listing.knownAt} />}
                    </td>
                    <td className="cd-beside">
                      <ListingState listing={listing} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </BlockStack>
    </Card>
  );
}

function ListingState({ listing }: { readonly listing: ItemListing }) {
  if (listing.channelStatus === 'disconnected') return <Badge>Disconnected</Badge>;
  if (!listing.active) return <Badge>No longer sold</Badge>;
  if (!listing.tracked) return <Badge>Not tracked there</Badge>;
  if (!listing.publishing) return <Badge>Not live</Badge>;
  if (listing.lastError !== null) {
    return (
      <BlockStack gap="050">
        <span>
          <Badge tone="critical">Not sent</Badge>
        </span>
        <Text as="p" variant="bodySm" tone="subdued" breakWord>
          {withoutCode(listing.lastError)}
        </Text>
      </BlockStack>
    );
  }
  if (listing.waiting) return <Badge tone="info">Sending</Badge>;
  if (listing.knownQuantity !== listing.shouldBe) return <Badge tone="warning">Differs</Badge>;
  return <Badge tone="success">In step</Badge>;
}
