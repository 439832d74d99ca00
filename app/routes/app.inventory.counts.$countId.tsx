import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { cancelCount } from '#app/operations/stock/cancel-count';
import { postCount } from '#app/operations/stock/post-count';
import { recountDifferences, scanCode, setCount } from '#app/operations/stock/record-count';
import { undoCount } from '#app/operations/stock/undo-count';
import { isId } from '#app/platform/ids';
import { getCount, hidesExpected } from '#app/queries/counts/get-count';
import { listCountLines, viewOf } from '#app/queries/counts/list-count-lines';
import { CountPage } from '#app/ui/counts/count-page';
import { PageError } from '#app/ui/frame/page-error';
import type { FormAnswer } from '#app/ui/parts/use-dialog-form';
import { requireMerchant, wiring } from '#app/wiring.server';
import { idField, keyField, notFound, parseForm, toAnswer } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Count · Crossdock' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { prisma } = wiring();
  const count = await getCount(prisma, merchantId, params['countId'] ?? '');
  if (count === null) throw notFound();
  const address = new URL(request.url).searchParams;
  const counting = count.kind === 'cycle' && count.state === 'open';
  const lines = await listCountLines(prisma, count.id, {
    view: viewOf(count, address.get('view'), counting ? 'all' : 'changes'),
    search: address.get('q'),
    after: address.get('after'),
    before: address.get('before'),
  });
  if (!hidesExpected(count)) return { count, lines, me: actor.id };
  // Who counts blind is not told by the page's data either.
  const rows = lines.rows.map((line) => ({ ...line, expected: null, earlier: null, promised: 0 }));
  return { count, lines: { ...lines, rows }, me: actor.id };
}

const CODE_LENGTH_MAX = 200;
const unitsField = z
  .string()
  .trim()
  .regex(/^\d{0,7}$/, 'Enter a whole number, 0 or more.')
  .transform((text) => (text === '' ? null : Number(text)));

const schema = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('set'),
    key: keyField,
    lineId: idField,
    counted: unitsField,
    seen: unitsField,
  }),
  z.object({
    intent: z.literal('scan'),
    key: keyField,
    code: z.string().max(CODE_LENGTH_MAX, 'That is no code.'),
  }),
  z.object({ intent: z.literal('recount'), key: keyField }),
  z.object({ intent: z.literal('post'), key: keyField, rest: z.enum(['leave', 'zero']) }),
  z.object({ intent: z.literal('undo'), key: keyField }),
  z.object({ intent: z.literal('cancel'), key: keyField }),
]);

/** Writes down what was counted, and posts, undoes or gives up the count. */
export async function action({ request, params }: ActionFunctionArgs): Promise<FormAnswer> {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const countId = params['countId'] ?? '';
  if (!isId(countId)) throw notFound();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  const target = { merchantId, countId, actor };
  switch (form.intent) {
    case 'set': {
      const { lineId, counted, seen } = form;
      return toAnswer(await setCount(ctx, { ...target, lineId, counted, seen }), 'Saved');
    }
    case 'scan': {
      const scanned = await scanCode(ctx, { ...target, code: form.code, key: form.key });
      return toAnswer(scanned, scanned.message);
    }
    case 'recount':
      return toAnswer(await recountDifferences(ctx, target), 'Back on the list');
    case 'post':
      return toAnswer(await postCount(ctx, { ...target, rest: form.rest }), 'Posting started');
    case 'undo':
      return toAnswer(await undoCount(ctx, target), 'Undoing started');
    case 'cancel':
      return toAnswer(await cancelCount(ctx, target), 'Count given up');
  }
}

export default function Count() {
  return <CountPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
