import {
  Banner,
  BlockStack,
  Button,
  Card,
  InlineStack,
  Tag,
  Text,
  TextField,
} from '@shopify/polaris';
import { useFetcher } from '@remix-run/react';
import { useState } from 'react';
import type { OrderDetail } from '#app/queries/orders/get-order';
import type { FormAnswer } from '../parts/use-dialog-form';
import { plainText } from '../words/plain-text';
import { withoutCode } from '../words/sentences';

const NOTE_LENGTH_MAX = 5000;
const TAG_LENGTH_MAX = 40;

/** What people wrote on the order, here or in its store: changed here, it changes there, too. */
export function NotesCard({ order }: { readonly order: OrderDetail }) {
  const refusal = refusalOf(order);
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingSm">
          Notes and tags
        </Text>
        {refusal !== null && (
          <Banner tone="critical" title={`${order.channel.name} did not take the last change`}>
            <Text as="p" breakWord>
              {refusal}
            </Text>
          </Banner>
        )}
        <Note order={order} />
        <Tags order={order} />
      </BlockStack>
    </Card>
  );
}

/** What the channel said to the newest change; null when it had nothing against it. */
function refusalOf({ timeline }: OrderDetail): string | null {
  const last = timeline.find(({ action }) =>
    ['order.annotated', 'order.annotate_refused'].includes(action),
  );
  if (last?.action !== 'order.annotate_refused') return null;
  const { message } = last.data;
  return typeof message === 'string' ? withoutCode(message) : 'It gave no reason.';
}

/** Sends a change; what went wrong stays until the next one. */
function useAnnotate(order: OrderDetail) {
  const fetcher = useFetcher<FormAnswer>();
  return {
    busy: fetcher.state !== 'idle',
    problem: fetcher.state === 'idle' && fetcher.data?.ok === false ? fetcher.data.message : false,
    send: (fields: Readonly<Record<string, string>>) => {
      fetcher.submit(
        { intent: 'annotate', key: crypto.randomUUID(), ...fields },
        { method: 'post', action: `/app/orders/${order.id}` },
      );
    },
  };
}

function Note({ order }: { readonly order: OrderDetail }) {
  const stored = order.note ?? '';
  const annotate = useAnnotate(order);
  // Null = nothing typed: what the store says shows, and changes with it.
  const [typed, setTyped] = useState<{ readonly text: string; readonly from: string } | null>(null);
  const dirty = typed !== null && typed.text !== stored;
  return (
    <BlockStack gap="200">
      <TextField
        label="Note"
        autoComplete="off"
        multiline={2}
        maxLength={NOTE_LENGTH_MAX}
        value={typed?.text ?? stored}
        error={annotate.problem}
        onChange={(text) => {
          setTyped({ text, from: typed?.from ?? stored });
        }}
      />
      {dirty && typed.from !== stored && (
        <Text as="p" tone="caution" breakWord>
          {`It was changed meanwhile to: “${plainText(stored)}”. Saving writes yours over it.`}
        </Text>
      )}
      {dirty && (
        <InlineStack gap="200">
          <Button
            variant="primary"
            loading={annotate.busy}
            onClick={() => {
              annotate.send({ note: typed.text });
            }}
          >
            Save note
          </Button>
          <Button
            onClick={() => {
              setTyped(null);
            }}
          >
            Discard
          </Button>
        </InlineStack>
      )}
    </BlockStack>
  );
}

function Tags({ order }: { readonly order: OrderDetail }) {
  const annotate = useAnnotate(order);
  const [typed, setTyped] = useState('');
  const add = () => {
    if (typed.trim() === '') return;
    annotate.send({ addTags: typed });
    setTyped('');
  };
  return (
    <BlockStack gap="200">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField
          label="Tags"
          placeholder="Add a tag"
          autoComplete="off"
          maxLength={TAG_LENGTH_MAX}
          value={typed}
          error={annotate.problem}
          onChange={setTyped}
          connectedRight={
            <Button submit loading={annotate.busy} disabled={typed.trim() === ''}>
              Add
            </Button>
          }
        />
      </form>
      {order.tags.length > 0 && (
        <InlineStack gap="100">
          {order.tags.map((tag) => (
            <Tag
              key={tag}
              onRemove={() => {
                annotate.send({ removeTags: tag });
              }}
            >
              {plainText(tag)}
            </Tag>
          ))}
        </InlineStack>
      )}
    </BlockStack>
  );
}
