import { Banner, BlockStack, Text } from '@shopify/polaris';
import { useFetcher } from '@remix-run/react';
import { useState } from 'react';
import type { OrderDetail } from '#app/queries/orders/get-order';
import type { OrderHoldDetail } from '#app/queries/orders/order-exceptions';
import { Ago } from '../parts/moment';
import { WholeText } from '../parts/text-of-strangers';
import type { FormAnswer } from '../parts/use-dialog-form';
import { holdTodo, holdWords } from '../words/holds';
import { withoutCode } from '../words/sentences';

/** Why the order may not leave: a banner for each hold, with the way to lift it. */
export function HoldBanners({ order }: { readonly order: OrderDetail }) {
  if (order.status === 'cancelled' || order.status === 'shipped') return null;
  return order.holds.map((hold) =>
    hold.active ? (
      <ActiveHold key={hold.id} hold={hold} order={order} />
    ) : (
      <Banner
        key={hold.id}
        tone="warning"
        title={`${order.channel.name} still holds this order there`}
      >
        <Text as="p" breakWord>
          {withoutCode(hold.reportDetail ?? 'It gave no reason.')}
        </Text>
      </Banner>
    ),
  );
}

type HoldProps = { readonly hold: OrderHoldDetail; readonly order: OrderDetail };

function ActiveHold({ hold, order }: HoldProps) {
  const lift = useLift(order.id);
  const asked = hold.origin === 'channel' && hold.reportState === 'pending';
  return (
    <Banner
      tone="warning"
      title={`On hold: ${holdWords(hold.reason)}`}
      {...(asked
        ? {}
        : {
            action: {
              content: 'Lift hold',
              loading: lift.busy,
              onAction: () => {
                lift.lift(hold.id);
              },
            },
          })}
    >
      <BlockStack gap="100">
        {hold.note !== null && hold.note !== '' && (
          <Text as="p" breakWord>
            “<WholeText text={hold.note} fallback="" />”
          </Text>
        )}
        <Text as="p">{holdTodo(hold.reason)}</Text>
        <Text as="p" tone="subdued">
          Set {setBy(hold, order)} <Ago at={hold.createdAt} />
        </Text>
        <Standing hold={hold} order={order} />
        {lift.problem !== null && (
          <Text as="p" tone="critical" breakWord>
            {lift.problem}
          </Text>
        )}
      </BlockStack>
    </Banner>
  );
}

/** Lifts a hold, or (null) all of them; what went wrong stays until the next try. */
export function useLift(orderId: string) {
  const fetcher = useFetcher<FormAnswer>();
  const [key] = useState(() => crypto.randomUUID());
  return {
    busy: fetcher.state !== 'idle',
    problem: fetcher.state === 'idle' && fetcher.data?.ok === false ? fetcher.data.message : null,
    lift: (holdId: string | null) => {
      fetcher.submit(
        { intent: 'lift', key, holdId: holdId ?? '' },
        { method: 'post', action: `/app/orders/${orderId}` },
      );
    },
  };
}

function setBy(hold: OrderHoldDetail, order: OrderDetail): string {
  if (hold.origin === 'channel') return `in ${order.channel.name}`;
  return hold.automatic ? 'by Crossdock' : 'by staff';
}

/** What the channel makes of it, when there is something to say. */
function Standing({ hold, order }: HoldProps) {
  const { name } = order.channel;
  const said = withoutCode(hold.reportDetail ?? 'It gave no reason.');
  if (hold.reportState === 'pending') {
    return (
      <Text as="p" tone="subdued">
        {hold.origin === 'channel' ? `Asking ${name} to lift it.` : `Telling ${name}.`}
      </Text>
    );
  }
  if (hold.reportState === 'acknowledged' && hold.origin === 'crossdock') {
    return (
      <Text as="p" tone="subdued">
        {name} holds it, too.
      </Text>
    );
  }
  if (hold.reportState !== 'refused') return null;
  return (
    <Text as="p" tone="critical" breakWord>
      {hold.origin === 'channel'
        ? `${name} did not lift it: ${said}`
        : `${name} does not hold it: ${said}`}
    </Text>
  );
}
