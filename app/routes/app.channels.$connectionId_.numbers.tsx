import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { agreeToSend, goLive, pauseLive } from '#app/operations/connections/go-live';
import { setPolicy } from '#app/operations/connections/set-policy';
import { isId } from '#app/platform/ids';
import { getPolicy } from '#app/queries/connections/get-policy';
import {
  type NumberView,
  NUMBER_VIEWS,
  previewNumbers,
  totalNumbers,
} from '#app/queries/connections/preview-numbers';
import { NumbersPage } from '#app/ui/connections/numbers-page';
import { PageError } from '#app/ui/frame/page-error';
import { requireMerchant, wiring } from '#app/wiring.server';
import { keyField, notFound, parseForm, toAnswer } from './forms/parse-form';
import { capField, locationsField, readProposal, unitsField } from './forms/policy-form';

export const meta: MetaFunction = () => [{ title: 'Numbers · Crossdock' }];

/** The policy as saved, and the numbers that the one in the address would make. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const policy = await getPolicy(prisma, merchantId, params['connectionId'] ?? '');
  if (policy === null) throw notFound();
  const address = new URL(request.url).searchParams;
  const proposal = readProposal(address, policy);
  const whose = { merchantId, connectionId: policy.id };
  const view = viewOf(address.get('view'), policy.braked !== null);
  const [numbers, totals] = await Promise.all([
    previewNumbers(prisma, whose, proposal, {
      view,
      search: address.get('q'),
      after: address.get('after'),
      before: address.get('before'),
    }),
    totalNumbers(prisma, whose, proposal),
  ]);
  return { policy, proposal, view, numbers, totals };
}

/** What the brake holds is looked at first; without a brake there is nothing to look at there. */
function viewOf(asked: string | null, braked: boolean): NumberView {
  const view = NUMBER_VIEWS.find((name) => name === asked) ?? (braked ? 'waiting' : 'changes');
  return view === 'waiting' && !braked ? 'changes' : view;
}

const schema = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('save-policy'),
    key: keyField,
    share: unitsField('The share is a whole number from 0 to 100.'),
    buffer: unitsField('The buffer is a whole number of units, 0 or more.'),
    cap: capField,
    oversell: z.enum(['never', 'backorder']),
    brake: unitsField('The brake is a whole number from 1 to 100.'),
    /** Empty: as they are. */
    from: locationsField,
  }),
  z.object({ intent: z.literal('go-live'), key: keyField }),
  z.object({ intent: z.literal('pause'), key: keyField }),
  z.object({ intent: z.literal('send-held'), key: keyField }),
]);

/** Saves how a channel's numbers are made; starts, stops or releases their sending. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const connectionId = params['connectionId'] ?? '';
  if (!isId(connectionId)) throw notFound();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  const asked = { merchantId, connectionId, actor };
  switch (form.intent) {
    case 'save-policy': {
      const { share, buffer, cap, oversell, brake, from } = form;
      const saved = await setPolicy(ctx, {
        ...asked,
        policy: {
          sharePercent: share,
          bufferUnits: buffer,
          capUnits: cap,
          oversell,
          brakePercent: brake,
        },
        locationIds: from.length === 0 ? null : from,
        // The page shows every number as it is typed, and asks before it saves.
        previewed: true,
      });
      return toAnswer(saved, 'Saved');
    }
    case 'go-live':
      return toAnswer(await goLive(ctx, asked), 'It is live');
    case 'pause':
      return toAnswer(await pauseLive(ctx, asked), 'No numbers are sent');
    case 'send-held':
      return toAnswer(await agreeToSend(ctx, asked), 'The numbers are on their way');
  }
}

export default function Numbers() {
  return <NumbersPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
