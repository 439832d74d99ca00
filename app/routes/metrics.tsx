import type { LoaderFunctionArgs } from '@remix-run/node';
import { problemResponse } from '#app/platform/http';
import { constantTimeEqual } from '#app/platform/secrets';
import { wiring } from '#app/wiring.server';

/** Prometheus text. With METRICS_TOKEN set it wants `Authorization: Bearer <token>`. */
export const loader = async ({ request }: LoaderFunctionArgs) => {
  const { config, metrics } = wiring();
  const given = request.headers.get('authorization') ?? '';
  if (config.metricsToken !== null && !constantTimeEqual(given, `Bearer ${config.metricsToken}`)) {
    return problemResponse(
      { status: 401, code: 'unauthorized', title: 'The metrics need their token' },
      { 'www-authenticate': 'Bearer' },
    );
  }
  const { contentType, text } = await metrics.read();
  return new Response(text, {
    headers: { 'content-type': contentType, 'cache-control': 'no-store' },
  });
};
