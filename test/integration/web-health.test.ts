/** Goal: whoever watches the process is answered by the server alone, in the way pages are. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ServerBuild } from '@remix-run/node';
import { silentLog } from '#app/platform/log';
import { type WebServer, startWebServer } from '#app/web';

let server: WebServer;

beforeAll(async () => {
  server = await startWebServer({
    // No application at all: whatever reaches it fails.
    build: { entry: { module: {} }, routes: {} } as unknown as ServerBuild,
    webhooks: (_incoming, _outgoing, next) => next(),
    ...{ clientFolder: '/nonexistent', host: '127.0.0.1', port: 0 },
    ...{ log: silentLog, production: true },
  });
});

afterAll(() => server.close(0));

it('says ok, kept by nobody and framed by nobody', async () => {
  for (const path of ['/health', '/health?from=balancer']) {
    const answer = await fetch(`${server.url}${path}`);
    expect([answer.status, await answer.text()]).toEqual([200, 'ok\n']);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "frame-ancestors 'none';",
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  }
  const head = await fetch(`${server.url}/health`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

it('leaves everything beside it to the application', async () => {
  for (const path of ['/health/ready', '/healthy']) {
    expect((await fetch(`${server.url}${path}`)).status).toBe(500);
  }
  expect((await fetch(`${server.url}/health`, { method: 'DELETE' })).status).toBe(405);
});
