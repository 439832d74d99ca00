import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { setSettings } from '#app/operations/merchants/set-settings';
import { listPrivacyRequests } from '#app/queries/privacy/list-privacy-requests';
import { getSettings } from '#app/queries/settings/get-settings';
import { PageError } from '#app/ui/frame/page-error';
import { PrivacyCard } from '#app/ui/settings/privacy-card';
import { SettingsPage } from '#app/ui/settings/settings-page';
import { requireMerchant, wiring } from '#app/wiring.server';
import { keyField, parseForm, toAnswer } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Settings · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const [settings, requests] = await Promise.all([
    getSettings(prisma, merchantId),
    listPrivacyRequests(prisma, merchantId),
  ]);
  return { settings, requests };
}

const switchField = z.enum(['yes', 'no']).transform((answer) => answer === 'yes');
const numberField = z
  .string()
  .trim()
  .regex(/^\d{1,7}$/, 'Enter whole numbers.')
  .transform(Number);

const schema = z.object({
  key: keyField,
  holdHighRisk: switchField,
  holdMissingAddress: switchField,
  writeRoutingBack: switchField,
  inboxDays: numberField,
  jobDays: numberField,
  reconcileDays: numberField,
  auditDays: numberField,
  lowStockUnits: numberField,
});

/** Saves all choices. */
export async function action({ request }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  const { key: _key, ...settings } = form;
  return toAnswer(
    await setSettings(wiring().ctx, { merchantId, actor, settings }),
    'Settings saved',
  );
}

export default function Settings() {
  const { settings, requests } = useLoaderData<typeof loader>();
  return (
    <SettingsPage settings={settings}>
      <PrivacyCard requests={requests} />
    </SettingsPage>
  );
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
