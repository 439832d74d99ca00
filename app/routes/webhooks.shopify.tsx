import type { ActionFunctionArgs } from '@remix-run/node';
import { methodNotAllowed } from '#app/webhooks/inbound/receive-webhook';
import { wiring } from '#app/wiring.server';

export const loader = () => methodNotAllowed();

export const action = ({ request }: ActionFunctionArgs) => wiring().webhooks.shopify(request);
