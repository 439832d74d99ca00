/** Goal: what is counted, set and timed can be read in Prometheus' format, with fresh look-ups. */
import { expect, test } from 'vitest';
import { createMetrics } from '#app/platform/metrics';

test('counts, measures and durations are read back', async () => {
  const metrics = createMetrics();
  const accepted = metrics.counter('webhooks_total', 'Webhooks accepted', ['channel']);
  const depth = metrics.gauge('queue_depth', 'Jobs due');
  const duration = metrics.duration('answer_seconds', 'Time to answer');
  metrics.beforeReading(() => Promise.resolve(depth(7)));
  accepted({ channel: 'shopify' });
  accepted({ channel: 'shopify' }, 2);
  duration(0.02);

  const { contentType, text } = await metrics.read();
  expect(contentType).toContain('text/plain');
  expect(text).toContain('webhooks_total{channel="shopify"} 3');
  expect(text).toContain('queue_depth 7');
  expect(text).toContain('answer_seconds_bucket{le="0.025"} 1');
});
