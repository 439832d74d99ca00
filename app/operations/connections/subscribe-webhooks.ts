import type { Outcome } from '../../contracts/outcome';
import type { OperationContext } from '../context';
import { checkWebhooks } from './check-webhooks';

/** Registers (or repairs) a connection's webhooks with the secret kept for it. */
export async function subscribeWebhooks(
  context: OperationContext,
  input: { readonly connectionId: string },
): Promise<Outcome<string>> {
  const outcome = await checkWebhooks(context, input);
  return outcome.status === 'done' || outcome.status === 'duplicate'
    ? { status: outcome.status, value: `${String(outcome.value)} made` }
    : outcome;
}
