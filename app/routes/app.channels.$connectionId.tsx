import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { linkToItem } from '#app/operations/catalog/link-listings';
import { disconnectConnection } from '#app/operations/connections/disconnect';
import { setBuffer, setFeedingLocations } from '#app/operations/connections/set-policy';
import { isId } from '#app/platform/ids';
import { getConnection } from '#app/queries/connections/list-connections';
import { listUnmatchedListings } from '#app/queries/connections/list-unmatched-listings';
import { UnmatchedPage } from '#app/ui/connections/unmatched-page';
import { PageError } from '#app/ui/frame/page-error';
import { requireMerchant, wiring } from '#app/wiring.server';
import { idField, keyField, notFound, parseForm, toAnswer } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Listings to match · Crossdock' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const connection = await getConnection(prisma, merchantId, params['connectionId'] ?? '');
  if (connection === null) throw notFound();
  const address = new URL(request.url).searchParams;
  const listings = await listUnmatchedListings(prisma, merchantId, connection.id, {
    after: address.get('after'),
    before: address.get('before'),
  });
  return { connection, listings };
}

/** More locations than a merchant has. */
const LOCATIONS_MAX = 500;

const schema = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('set-locations'),
    key: keyField,
    locationIds: z
      .string()
      .transform((text) => text.split(',').filter((id) => id !== ''))
      .pipe(z.array(idField).max(LOCATIONS_MAX)),
  }),
  z.object({
    intent: z.literal('set-buffer'),
    key: keyField,
    bufferUnits: z
      .string()
      .regex(/^\d{1,6}$/, 'Enter a whole number from 0 to 100,000.')
      .transform(Number),
  }),
  z.object({ intent: z.literal('disconnect'), key: keyField }),
  z.object({ intent: z.literal('link'), key: keyField, listingId: idField, itemId: idField }),
]);

/** Changes one connection: what feeds it, its buffer, its listings, its end. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const connectionId = params['connectionId'] ?? '';
  if (!isId(connectionId)) throw notFound();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  switch (form.intent) {
    case 'set-locations': {
      const { locationIds } = form;
      const input = { merchantId, connectionId, locationIds, actor };
      return toAnswer(await setFeedingLocations(ctx, input), 'Locations saved');
    }
    case 'set-buffer': {
      const { bufferUnits } = form;
      const input = { merchantId, connectionId, bufferUnits, actor };
      return toAnswer(await setBuffer(ctx, input), 'Buffer saved');
    }
    case 'disconnect': {
      const input = { merchantId, connectionId, actor };
      return toAnswer(await disconnectConnection(ctx, input), 'Store disconnected');
    }
    case 'link': {
      const { listingId, itemId } = form;
      return toAnswer(
        await linkToItem(ctx, { merchantId, listingIds: [listingId], itemId, actor }),
        'Listing matched',
      );
    }
  }
}

export default function Unmatched() {
  return <UnmatchedPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
