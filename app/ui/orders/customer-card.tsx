import { BlockStack, Card, Text } from '@shopify/polaris';
import type { Address } from '#app/domain/shared/address';
import type { OrderDetail } from '#app/queries/orders/get-order';
import { WholeText } from '../parts/text-of-strangers';

/** Who it is for and where it goes; channels may keep either from us. */
export function CustomerCard({ order }: { readonly order: OrderDetail }) {
  const lines = order.shipTo === null ? [] : addressLines(order.shipTo);
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingSm">
            Customer
          </Text>
          <Text as="p" breakWord>
            <WholeText text={order.customerName} fallback="The channel gave no name" />
          </Text>
          {order.email !== null && (
            <Text as="p" tone="subdued" breakWord>
              <WholeText text={order.email} fallback="" />
            </Text>
          )}
        </BlockStack>
        <BlockStack gap="100">
          <Text as="h3" variant="headingSm">
            Ship to
          </Text>
          {lines.length === 0 ? (
            <Text as="p" tone="subdued">
              The channel gave no address.
            </Text>
          ) : (
            <address style={{ fontStyle: 'normal' }}>
              {lines.map((line, index) => (
                <Text as="p" key={index} breakWord>
                  <WholeText text={line} fallback="" />
                </Text>
              ))}
            </address>
          )}
        </BlockStack>
        {order.shippingMethod !== null && (
          <BlockStack gap="100">
            <Text as="h3" variant="headingSm">
              Shipping method
            </Text>
            <Text as="p" breakWord>
              <WholeText text={order.shippingMethod} fallback="Not named" />
            </Text>
          </BlockStack>
        )}
      </BlockStack>
    </Card>
  );
}

const COUNTRIES = new Intl.DisplayNames(['en'], { type: 'region' });

/** "United States" for US; what is no country's code is shown as it is. */
function countryName(code: string): string {
  return /^[A-Za-z]{2}$/.test(code) ? (COUNTRIES.of(code.toUpperCase()) ?? code) : code;
}

function addressLines(address: Address): string[] {
  const town = [address.city, address.province, address.zip].filter((part) => part !== null);
  return [
    address.name,
    address.company,
    address.address1,
    address.address2,
    town.length === 0 ? null : town.join(' '),
    address.countryCode === null ? null : countryName(address.countryCode),
    address.phone,
  ].filter((line) => line !== null);
}
