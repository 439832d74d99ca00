import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { acceptSuggestions } from '#app/operations/catalog/accept-suggestions';
import { createItems } from '#app/operations/catalog/create-items';
import {
  LISTINGS_MAX,
  type ListingsChanged,
  bringBack,
  linkToItem,
} from '#app/operations/catalog/link-listings';
import type { Refused } from '#app/operations/context';
import { LISTING_VIEWS, countMatches, listListings } from '#app/queries/catalog/list-listings';
import { CatalogPage } from '#app/ui/catalog/catalog-page';
import { PageError } from '#app/ui/frame/page-error';
import type { FormAnswer } from '#app/ui/parts/use-dialog-form';
import { countOf } from '#app/ui/words/numbers';
import { requireMerchant, wiring } from '#app/wiring.server';
import { idField, keyField, parseForm, toAnswer } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Catalog · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const params = new URL(request.url).searchParams;
  const connectionId = params.get('channel');
  const [listings, counts] = await Promise.all([
    listListings(prisma, merchantId, {
      view: LISTING_VIEWS.find((view) => view === params.get('view')) ?? 'to-match',
      connectionId,
      search: params.get('q'),
      after: params.get('after'),
      before: params.get('before'),
    }),
    countMatches(prisma, merchantId, connectionId),
  ]);
  return { listings, counts };
}

const optionalId = z.union([z.literal('').transform(() => null), idField]);
const listingIds = z
  .string()
  .transform((text) => text.split(',').filter((id) => id !== ''))
  .pipe(z.array(idField).min(1, 'Choose at least one listing.').max(LISTINGS_MAX));

const schema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('link'), key: keyField, listingIds, itemId: idField }),
  z.object({ intent: z.literal('unlink'), key: keyField, listingIds }),
  z.object({ intent: z.literal('bring-back'), key: keyField, listingIds }),
  z.object({ intent: z.literal('create'), key: keyField, listingIds, locationId: optionalId }),
  z.object({ intent: z.literal('accept'), key: keyField, listingIds }),
  z.object({ intent: z.literal('accept-all'), key: keyField, connectionId: optionalId }),
]);

/** Says what listings sell, many at a time. */
export async function action({ request }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  const who = { merchantId, actor };
  switch (form.intent) {
    case 'link': {
      const { listingIds: ids, itemId } = form;
      return answerOf(await linkToItem(ctx, { ...who, listingIds: ids, itemId }), 'matched');
    }
    case 'unlink': {
      const input = { ...who, listingIds: form.listingIds, itemId: null };
      return answerOf(await linkToItem(ctx, input), 'set aside');
    }
    case 'bring-back':
      return answerOf(
        await bringBack(ctx, { ...who, listingIds: form.listingIds }),
        'brought back',
      );
    case 'create': {
      const { listingIds: ids, locationId } = form;
      const made = await createItems(ctx, { ...who, listingIds: ids, locationId });
      return answerOf(made, 'made into an item');
    }
    case 'accept': {
      const input = { ...who, listingIds: form.listingIds, connectionId: null };
      return answerOf(await acceptSuggestions(ctx, input), 'matched');
    }
    case 'accept-all': {
      const input = { ...who, listingIds: null, connectionId: form.connectionId };
      return answerOf(await acceptSuggestions(ctx, input), 'matched');
    }
  }
}

function answerOf(result: ListingsChanged | Refused, what: string): FormAnswer {
  if (result.status === 'refused') return toAnswer(result, '');
  return result.changed === 0
    ? { ok: false, message: 'Nothing had to change. Reload the page to see how it stands.' }
    : { ok: true, message: `${countOf(result.changed, 'listing')} ${what}` };
}

export default function Catalog() {
  return <CatalogPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
