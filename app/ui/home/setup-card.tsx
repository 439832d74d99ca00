import { BlockStack, Button, Card, Icon, InlineStack, ProgressBar, Text } from '@shopify/polaris';
import { CheckCircleIcon, ClockIcon } from '@shopify/polaris-icons';
import type { ReactNode } from 'react';
import type { ConnectionRow } from '#app/queries/connections/list-connections';
import { ReadingBar, stageOf } from '../connections/connection-words';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf, listOf } from '../words/numbers';

type SetupCardProps = {
  readonly connections: readonly ConnectionRow[];
  readonly toMatch: number;
};

type Step = {
  readonly key: string;
  readonly title: string;
  readonly done: boolean;
  readonly text: ReactNode;
  readonly action: { readonly label: string; readonly path: string } | null;
};

/** The way from having installed to being live, with what each step is waiting for. */
export function SetupCard({ connections, toMatch }: SetupCardProps) {
  const form = useDialogForm('/app?index', () => undefined);
  const steps = stepsOf(connections, toMatch);
  const done = steps.filter((step) => step.done).length;
  const next = steps.find((step) => !step.done && step.action !== null);
  const ready = steps.every((step) => step.done || step.key === 'connect' || step.key === 'match');
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {done === steps.length ? 'You are set up' : 'Set up Crossdock'}
          </Text>
          <Text as="p" tone="subdued">
            One stock for every channel, in four steps. Nothing in your stores changes before you go
            live.
          </Text>
          <InlineStack gap="300" blockAlign="center" wrap={false}>
            <Text as="span" variant="bodySm" tone="subdued" id="setup-progress">
              {`${String(done)} of ${String(steps.length)} done`}
            </Text>
            <div style={{ flex: 1 }}>
              <ProgressBar
                progress={(100 * done) / steps.length}
                size="small"
                tone="success"
                ariaLabelledBy="setup-progress"
              />
            </div>
          </InlineStack>
        </BlockStack>
        <ol className="cd-list">
          {steps.map((step) => (
            <li key={step.key} className="cd-row cd-row-top">
              <InlineStack gap="200" wrap={false} blockAlign="start">
                <span>
                  <Icon
                    source={step.done ? CheckCircleIcon : ClockIcon}
                    tone={step.done ? 'success' : 'subdued'}
                    accessibilityLabel={step.done ? 'Done' : 'To do'}
                  />
                </span>
                <BlockStack gap="050">
                  <Text as="h3" variant="headingSm">
                    {step.title}
                  </Text>
                  {typeof step.text === 'string' ? (
                    <Text as="p" tone="subdued" breakWord>
                      {step.text}
                    </Text>
                  ) : (
                    step.text
                  )}
                </BlockStack>
              </InlineStack>
              {step.action !== null && (
                <Button
                  url={step.action.path}
                  variant={step === next ? 'primary' : 'secondary'}
                  accessibilityLabel={`${step.action.label}: ${step.title}`}
                >
                  {step.action.label}
                </Button>
              )}
            </li>
          ))}
        </ol>
        {ready && (
          <InlineStack align="end">
            <Button
              loading={form.busy}
              variant={next === undefined ? 'primary' : 'tertiary'}
              onClick={() => {
                form.send({ intent: 'finish-setup' });
              }}
            >
              {next === undefined ? 'Done' : 'Leave the rest for later'}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

function stepsOf(connections: readonly ConnectionRow[], toMatch: number): readonly Step[] {
  const active = connections.filter((connection) => connection.status !== 'disconnected');
  const reading = active.filter((connection) => stageOf(connection) === 'reading');
  return [
    readStep(active, reading),
    connectStep(active),
    {
      key: 'match',
      title: 'Match what your stores sell',
      done: toMatch === 0 && active.length > 0 && reading.length === 0,
      text:
        toMatch > 0
          ? `${countOf(toMatch, 'listing')} could not be matched by SKU or barcode.`
          : 'Products with the same SKU are matched by themselves.',
      action: toMatch > 0 ? { label: 'Match', path: '/app/catalog' } : null,
    },
    liveStep(active),
  ];
}

function readStep(active: readonly ConnectionRow[], reading: readonly ConnectionRow[]): Step {
  const [first] = reading;
  const names = listOf(active.map(({ name }) => name));
  return {
    key: 'read',
    title: 'Read your products, stock and open orders',
    done: active.length > 0 && reading.length === 0,
    text:
      first === undefined ? (
        active.length === 0 ? (
          'Your Shopify store connects by itself in a moment.'
        ) : (
          `${names} ${active.length === 1 ? 'is' : 'are'} read.`
        )
      ) : first.reading === null ? (
        `${first.name} is next.`
      ) : (
        <ReadingBar reading={first.reading} />
      ),
    action: null,
  };
}

function connectStep(active: readonly ConnectionRow[]): Step {
  const others = active.filter(({ kind }) => kind !== 'shopify');
  return {
    key: 'connect',
    title: 'Connect your other stores',
    done: others.length > 0,
    text:
      others.length > 0
        ? `${listOf(others.map(({ name }) => name))} connected.`
        : 'WooCommerce stores share the same stock from then on. Skip this if you have none.',
    action: {
      label: others.length > 0 ? 'Connect another' : 'Connect',
      path: '/app/channels?connect=woocommerce',
    },
  };
}

/** The first channel that is not live is the one to look at. */
function liveStep(active: readonly ConnectionRow[]): Step {
  const waiting = active.filter((connection) => !connection.publishing);
  const next = waiting.find((connection) => stageOf(connection) === 'ready');
  const live = active.filter((connection) => connection.publishing);
  return {
    key: 'live',
    title: 'Check the numbers and go live',
    done: active.length > 0 && waiting.length === 0,
    text:
      waiting.length === 0 && active.length > 0
        ? `${listOf(live.map(({ name }) => name))} ${live.length === 1 ? 'shows' : 'show'} your real stock.`
        : 'For each channel: choose what it may show, see every number first, then switch it on.',
    action:
      next === undefined
        ? null
        : { label: `Check ${next.name}`, path: `/app/channels/${next.id}/numbers` },
  };
}
