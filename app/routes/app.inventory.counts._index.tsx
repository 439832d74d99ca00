import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import type { CountSelection } from '#app/domain/stock/count';
import { startCount } from '#app/operations/stock/start-count';
import { listCounts } from '#app/queries/counts/list-counts';
import { CountsPage } from '#app/ui/counts/counts-page';
import { PageError } from '#app/ui/frame/page-error';
import { requireMerchant, wiring } from '#app/wiring.server';
import { idField, keyField, parseForm, toAnswer } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Counts · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const address = new URL(request.url).searchParams;
  const page = { after: address.get('after'), before: address.get('before') };
  return { counts: await listCounts(wiring().prisma, merchantId, page), me: actor.id };
}

/** 5,000 SKUs of the longest kind. */
const VALUE_LENGTH_MAX = 200_000;

const schema = z.object({
  intent: z.literal('start'),
  key: keyField,
  id: idField,
  locationId: idField,
  choice: z.enum(['all', 'search', 'skus', 'stale', 'random']),
  value: z.string().max(VALUE_LENGTH_MAX, 'This list is too long.'),
  name: z.string().max(200),
  expected: z.enum(['yes', 'no']),
});

/** Starts a count. */
export async function action({ request }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  const started = await startCount(wiring().ctx, {
    merchantId,
    actor,
    id: form.id,
    name: form.name,
    locationId: form.locationId,
    selection: selectionOf(form.choice, form.value),
    blind: form.expected === 'no',
  });
  return toAnswer(started, 'Count started');
}

function selectionOf(choice: z.infer<typeof schema>['choice'], value: string): CountSelection {
  const number = /^\s*\d{1,6}\s*$/.test(value) ? Number(value) : 0;
  switch (choice) {
    case 'all':
      return { kind: 'all' };
    case 'search':
      return { kind: 'search', text: value };
    case 'skus': {
      const skus = value.split(/[\n,;\t]/).map((sku) => sku.trim());
      return { kind: 'skus', skus: skus.filter((sku) => sku !== '') };
    }
    case 'stale':
      return { kind: 'stale', days: number };
    case 'random':
      return { kind: 'random', items: number };
  }
}

export default function Counts() {
  return <CountsPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
