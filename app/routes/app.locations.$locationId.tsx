import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { saveLocation, setLocationActive } from '#app/operations/locations/set-location';
import { isId, newId } from '#app/platform/ids';
import { getLocation, listFeedableChannels } from '#app/queries/locations/list-locations';
import { PageError } from '#app/ui/frame/page-error';
import { LocationPage } from '#app/ui/locations/location-page';
import { requireMerchant, wiring } from '#app/wiring.server';
import {
  idField,
  keyField,
  notFound,
  optionalTextField,
  parseForm,
  toAnswer,
} from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Location · Crossdock' }];

/** `new` stands for one that is to be added. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const asked = params['locationId'] ?? '';
  const channels = await listFeedableChannels(prisma, merchantId);
  if (asked === 'new') return { location: null, newId: newId(), channels };
  const location = await getLocation(prisma, merchantId, asked);
  if (location === null) throw notFound();
  return { location, newId: '', channels };
}

/** More channels than a merchant has. */
const CHANNELS_MAX = 200;

const degreesField = z
  .string()
  .trim()
  .regex(
    /^(-?\d{1,3}([.,]\d{1,15})?)?$/,
    'Enter latitude and longitude as numbers, or leave them empty.',
  )
  .transform((text) => (text === '' ? null : Number(text.replace(',', '.'))));

const schema = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('save'),
    key: keyField,
    name: z.string().max(200),
    kind: z.enum(['own', 'virtual']),
    priority: z
      .string()
      .trim()
      .regex(/^\d{1,4}$/, 'The priority is a whole number from 1 to 999.')
      .transform(Number),
    address1: optionalTextField,
    city: optionalTextField,
    province: optionalTextField,
    zip: optionalTextField,
    countryCode: optionalTextField,
    latitude: degreesField,
    longitude: degreesField,
    feeds: z
      .string()
      .transform((text) => text.split(',').filter((id) => id !== ''))
      .pipe(z.array(idField).max(CHANNELS_MAX)),
  }),
  z.object({ intent: z.literal('switch-off'), key: keyField }),
  z.object({ intent: z.literal('switch-on'), key: keyField }),
]);

/** Saves, adds, or switches a location. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const locationId = params['locationId'] ?? '';
  if (!isId(locationId)) throw notFound();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  const target = { merchantId, locationId, actor };
  if (form.intent === 'save') {
    const { feeds, intent: _intent, key: _key, ...fields } = form;
    const countryCode = fields.countryCode?.toUpperCase() ?? null;
    const details = { ...fields, countryCode };
    return toAnswer(await saveLocation(ctx, { ...target, details, feeds }), 'Location saved');
  }
  const active = form.intent === 'switch-on';
  const switched = await setLocationActive(ctx, { ...target, active, withStock: true });
  return toAnswer(switched, active ? 'Location switched on' : 'Location switched off');
}

export default function Location() {
  const data = useLoaderData<typeof loader>();
  return <LocationPage key={data.location?.id ?? 'new'} {...data} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
