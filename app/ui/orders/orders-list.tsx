import {
  ActionList,
  BlockStack,
  Box,
  Button,
  Checkbox,
  InlineStack,
  Link,
  Popover,
  Text,
} from '@shopify/polaris';
import { useState } from 'react';
import type { OrderRow } from '#app/queries/orders/list-orders';
import { Moment } from '../parts/moment';
import { NoMatch } from '../parts/no-match';
import { OneLine } from '../parts/text-of-strangers';
import { formatMoney } from '../words/numbers';
import { plainText } from '../words/plain-text';
import { OrderBadges } from './order-badges';

export type ListAction = {
  readonly content: string;
  readonly destructive?: boolean;
  readonly onAction: () => void;
};

type OrdersListProps = {
  readonly rows: readonly OrderRow[];
  readonly ids: readonly string[];
  /** All that match are chosen, on whatever page. */
  readonly all: boolean;
  /** There are more than these. */
  readonly more: boolean;
  readonly loading: boolean;
  readonly actions: readonly ListAction[];
  readonly onPage: (chosen: boolean) => void;
  readonly onAll: () => void;
  readonly onOne: (id: string, chosen: boolean) => void;
};

/**
 * The orders on a phone, each with a box to choose it by: Polaris offers none in its narrow table.
 */
export function OrdersList(props: OrdersListProps) {
  const { rows, ids, all, loading, onOne } = props;
  if (rows.length === 0) return <NoMatch what="orders" path="/app/orders" />;
  return (
    <div aria-busy={loading} style={{ opacity: loading ? 0.6 : 1 }}>
      <Bar {...props} />
      <ul className="cd-list" style={{ paddingInline: 'var(--p-space-300)' }}>
        {rows.map((order) => (
          <li key={order.id}>
            <InlineStack gap="200" wrap={false} blockAlign="start">
              <Box paddingBlock="200">
                <Checkbox
                  label={`Select order ${plainText(order.name)}`}
                  labelHidden
                  checked={all || ids.includes(order.id)}
                  onChange={(chosen) => {
                    onOne(order.id, chosen);
                  }}
                />
              </Box>
              <PhoneRow order={order} />
            </InlineStack>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What is chosen, and what can be done with it; stays in sight while the list is read. */
function Bar({ rows, ids, all, more, actions, onPage, onAll }: OrdersListProps) {
  const [open, setOpen] = useState(false);
  const some = all || ids.length > 0;
  const whole = all || ids.length === rows.length;
  return (
    <div
      style={{
        position: 'sticky',
        top: 0,
        zIndex: 2,
        background: 'var(--p-color-bg-surface)',
        padding: 'var(--p-space-100) var(--p-space-300)',
        borderBottom: 'var(--p-border-width-025) solid var(--p-color-border-secondary)',
      }}
    >
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <Checkbox
          label={all ? 'All that match' : some ? `${String(ids.length)} selected` : 'Select'}
          checked={whole ? true : some ? 'indeterminate' : false}
          onChange={() => {
            onPage(!whole);
          }}
        />
        {some && (
          <InlineStack gap="200" blockAlign="center">
            {whole && more && !all && (
              <Button variant="plain" onClick={onAll}>
                Select all that match
              </Button>
            )}
            <Popover
              active={open}
              onClose={() => {
                setOpen(false);
              }}
              activator={
                <Button
                  disclosure
                  onClick={() => {
                    setOpen(!open);
                  }}
                >
                  Actions
                </Button>
              }
            >
              <ActionList
                onActionAnyItem={() => {
                  setOpen(false);
                }}
                items={[...actions]}
              />
            </Popover>
          </InlineStack>
        )}
      </InlineStack>
    </div>
  );
}

function PhoneRow({ order }: { readonly order: OrderRow }) {
  return (
    <div style={{ paddingBlock: 'var(--p-space-300)', flex: '1 1 0', minWidth: 0 }}>
      <BlockStack gap="100">
        <InlineStack align="space-between" gap="200" wrap={false}>
          <Link url={`/app/orders/${order.id}`} monochrome removeUnderline>
            <Text as="span" fontWeight="semibold" breakWord>
              {plainText(order.name) || 'No number'}
            </Text>
          </Link>
          <Text as="span" numeric>
            {formatMoney(order.total)}
          </Text>
        </InlineStack>
        <Text as="span" variant="bodySm" tone="subdued">
          <Moment at={order.placedAt} /> · {order.channelName}
        </Text>
        <Text as="span" variant="bodySm" truncate>
          <OneLine text={order.customerName} fallback="No name" />
        </Text>
        <OrderBadges order={order} />
      </BlockStack>
    </div>
  );
}
