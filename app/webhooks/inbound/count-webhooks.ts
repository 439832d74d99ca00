import type { Metrics } from '../../platform/metrics';
import type { WebhookDeps } from './receive-webhook';

/** Counts messages by what became of them, and times their answers. */
export function countWebhooks(metrics: Metrics): NonNullable<WebhookDeps['onAnswer']> {
  const labels = ['channel', 'outcome'];
  const received = metrics.counter('crossdock_webhooks_total', 'Messages from channels', labels);
  const took = metrics.duration('crossdock_webhook_answer_seconds', 'How long an answer took', [
    'channel',
  ]);
  return (channel, outcome, seconds) => {
    received({ channel, outcome });
    took(seconds, { channel });
  };
}
