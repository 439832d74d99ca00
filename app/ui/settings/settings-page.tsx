import {
  Banner,
  BlockStack,
  Card,
  Checkbox,
  FormLayout,
  Page,
  Text,
  TextField,
} from '@shopify/polaris';
import { type ReactNode, useState } from 'react';
import {
  type MerchantSettings,
  SETTING_BOUNDS,
  isSettingNumber,
} from '#app/domain/merchants/settings';
import { useDialogForm } from '../parts/use-dialog-form';
import { formatCount } from '../words/numbers';

export type SettingsPageProps = {
  readonly settings: MerchantSettings;
  /** Cards that are no form. */
  readonly children?: ReactNode;
};

type NumberKey = keyof typeof SETTING_BOUNDS;
type SwitchKey = Exclude<keyof MerchantSettings, NumberKey>;

const SWITCHES: readonly { key: SwitchKey; label: string; help: string }[] = [
  {
    key: 'holdHighRisk',
    label: 'Hold orders with a high risk of fraud',
    help: 'When a channel judges the risk as high, nothing of the order leaves before you release it.',
  },
  {
    key: 'holdMissingAddress',
    label: 'Hold orders without a usable address',
    help: 'When street, city or country is missing, the order waits for you.',
  },
];

const ROUTING: readonly { key: SwitchKey; label: string; help: string }[] = [
  {
    key: 'writeRoutingBack',
    label: 'Tell Shopify which location ships an order',
    help: 'Shopify then shows the order at the location that Crossdock has chosen. Other channels have no such place.',
  },
];

const KEPT: readonly { key: NumberKey; label: string; help: string }[] = [
  {
    key: 'inboxDays',
    label: 'Messages from channels',
    help: 'They hold customer data. Those that still wait or have failed are kept until they are dealt with.',
  },
  {
    key: 'jobDays',
    label: 'Finished jobs',
    help: 'Failed jobs are kept until you run them again.',
  },
  {
    key: 'reconcileDays',
    label: 'Reports of reconciliations',
    help: 'With every difference found.',
  },
  {
    key: 'auditDays',
    label: 'Records of what happened',
    help: 'Older ones leave Activity and the timelines for an archive, where they can be read again. 0 keeps all of them here.',
  },
];

/** What holds for all channels and locations, in plain sentences. */
export function SettingsPage({ settings, children }: SettingsPageProps) {
  const [switches, setSwitches] = useState(() => pick(settings, [...SWITCHES, ...ROUTING]));
  const [numbers, setNumbers] = useState(() => numbersOf(settings));
  const form = useDialogForm('/app/settings', () => undefined);
  const wrong = (Object.keys(SETTING_BOUNDS) as NumberKey[]).some(
    (key) => numberProblem(key, numbers[key]) !== null,
  );
  const toggle = ({ key, label, help }: (typeof SWITCHES)[number]) => (
    <Checkbox
      key={key}
      label={label}
      helpText={help}
      checked={switches[key] === true}
      onChange={(on) => {
        setSwitches((known) => ({ ...known, [key]: on }));
      }}
    />
  );
  const field = (key: NumberKey, label: string, help: string, suffix: string) => (
    <TextField
      key={key}
      label={label}
      helpText={help}
      suffix={suffix}
      type="number"
      inputMode="numeric"
      autoComplete="off"
      value={numbers[key]}
      error={numberProblem(key, numbers[key]) ?? false}
      onChange={(value) => {
        setNumbers((known) => ({ ...known, [key]: value }));
      }}
    />
  );
  return (
    <Page
      title="Settings"
      primaryAction={{
        content: 'Save',
        loading: form.busy,
        disabled: wrong,
        onAction: () => {
          const on = Object.entries(switches).map(([key, value]) => [key, value ? 'yes' : 'no']);
          form.send({ ...numbers, ...(Object.fromEntries(on) as Record<string, string>) });
        },
      }}
    >
      <BlockStack gap="400">
        {form.problem !== null && <Banner tone="critical">{form.problem}</Banner>}
        <SettingsCard title="Orders that wait for you">{SWITCHES.map(toggle)}</SettingsCard>
        <SettingsCard title="Routing">{ROUTING.map(toggle)}</SettingsCard>
        <SettingsCard title="Stock">
          {field(
            'lowStockUnits',
            'Show an item as low when fewer are available than',
            'Over all locations together.',
            'units',
          )}
        </SettingsCard>
        <SettingsCard title="How long things are kept">
          {KEPT.map(({ key, label, help }) => field(key, label, help, 'days'))}
        </SettingsCard>
        {children}
      </BlockStack>
    </Page>
  );
}

function SettingsCard({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <FormLayout>{children}</FormLayout>
      </BlockStack>
    </Card>
  );
}

function pick(
  settings: MerchantSettings,
  fields: readonly { readonly key: SwitchKey }[],
): Partial<Record<SwitchKey, boolean>> {
  return Object.fromEntries(fields.map(({ key }) => [key, settings[key]]));
}

function numbersOf(settings: MerchantSettings): Record<NumberKey, string> {
  const { inboxDays, jobDays, reconcileDays, auditDays, lowStockUnits } = settings;
  return {
    inboxDays: String(inboxDays),
    jobDays: String(jobDays),
    reconcileDays: String(reconcileDays),
    auditDays: String(auditDays),
    lowStockUnits: String(lowStockUnits),
  };
}

function numberProblem(key: NumberKey, typed: string): string | null {
  const [least, most] = SETTING_BOUNDS[key];
  const value = /^\d{1,7}$/.test(typed.trim()) ? Number(typed) : Number.NaN;
  if (isSettingNumber(key, value)) return null;
  const orNever = key === 'auditDays' ? ', or 0' : '';
  return `Enter a whole number from ${formatCount(least)} to ${formatCount(most)}${orNever}`;
}
