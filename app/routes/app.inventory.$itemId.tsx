import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { MOVEMENT_UNITS_MAX } from '#app/domain/stock/movement';
import { setKit } from '#app/operations/catalog/set-kit';
import { adjustStock, setStock } from '#app/operations/stock/adjust-stock';
import { isId } from '#app/platform/ids';
import { getKit } from '#app/queries/catalog/get-kit';
import { getItem } from '#app/queries/stock/get-item';
import { levelsAsOf } from '#app/queries/stock/levels-as-of';
import { listMovements } from '#app/queries/stock/list-movements';
import { PageError } from '#app/ui/frame/page-error';
import { ItemPage } from '#app/ui/stock/item-page';
import { cutTitle, itemTitle } from '#app/ui/words/plain-text';
import { requireMerchant, wiring } from '#app/wiring.server';
import {
  idField,
  keyField,
  notFound,
  optionalTextField,
  parseForm,
  toAnswer,
} from './forms/parse-form';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data === undefined ? 'Item' : cutTitle(itemTitle(data.item))} · Crossdock` },
];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const itemId = params['itemId'] ?? '';
  const address = new URL(request.url).searchParams;
  const at = readMoment(address.get('at'));
  const [item, kit, movements, levels] = await Promise.all([
    getItem(prisma, merchantId, itemId),
    getKit(prisma, merchantId, itemId),
    listMovements(prisma, merchantId, itemId, {
      after: address.get('m-after'),
      before: address.get('m-before'),
    }),
    at === null ? [] : levelsAsOf(prisma, merchantId, itemId, at),
  ]);
  if (item === null) throw notFound();
  return { item, kit, movements, asOf: at === null ? null : { at, levels } };
}

const unitsField = z
  .string()
  .regex(/^\d{1,9}$/, 'Enter a whole number of units, without a sign.')
  .transform(Number)
  .refine((units) => units <= MOVEMENT_UNITS_MAX, 'Enter at most 1,000,000 units.');

/** "<item id>:<units>", separated by commas. */
const partsField = z
  .string()
  .transform((text) => text.split(',').filter((part) => part !== ''))
  .pipe(
    z.array(
      z
        .string()
        .transform((part) => {
          const [itemId = '', units = ''] = part.split(':');
          return { itemId, quantity: /^\d{1,4}$/.test(units) ? Number(units) : 0 };
        })
        .refine((part) => isId(part.itemId), 'A component does not exist any more.'),
    ),
  );

const kitSchema = z.object({
  intent: z.literal('set-kit'),
  key: keyField,
  parts: partsField,
  writeOff: z.string().transform((text) => text === 'yes'),
});

const adjustSchema = z
  .object({
    intent: z.literal('adjust'),
    key: keyField,
    locationId: idField,
    way: z.enum(['add', 'remove', 'set']),
    units: unitsField,
    reason: z.string().min(1).max(50),
    note: optionalTextField,
  })
  .refine(({ way, units }) => way === 'set' || units > 0, 'Enter at least 1 unit.');

const schema = z.discriminatedUnion('intent', [kitSchema, adjustSchema]);

/** Adds, removes or sets what is available at a location; says what a kit is made of. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const itemId = params['itemId'] ?? '';
  if (!isId(itemId)) throw notFound();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  if (form.intent === 'set-kit') {
    const { parts, writeOff } = form;
    return toAnswer(
      await setKit(ctx, { merchantId, itemId, parts, writeOff, actor }),
      parts.length === 0 ? 'Kit ended' : 'Kit saved',
    );
  }
  const { locationId, units, reason, note } = form;
  const target = { merchantId, itemId, locationId, reason, note, actor };
  const idempotencyKey = `form:${form.key}`;
  const adjusted =
    form.way === 'set'
      ? await setStock(ctx, { ...target, quantity: units, idempotencyKey })
      : await adjustStock(ctx, {
          ...target,
          change: form.way === 'add' ? units : -units,
          idempotencyKey,
        });
  return toAnswer(adjusted, 'Stock adjusted');
}

function readMoment(text: string | null): Date | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : new Date(ms);
}

export default function Item() {
  return <ItemPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
