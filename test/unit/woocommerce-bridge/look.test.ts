import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';

import { lookAtStore } from '../../../woocommerce-bridge/index';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A site that answers everything in one way. */
async function site(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const look = (url: string) => lookAtStore(url, { allowPrivate: true });

describe('looking at an address before anybody is sent there', () => {
  it.each([
    [200, '{"namespaces":["wp/v2","wc/v3"]}', true],
    [401, '{"code":"rest_not_logged_in"}', true],
    [403, 'Forbidden', true],
    [200, '{"namespaces":["wp/v2"]}', 'WooCommerce is not active'],
    [200, '<html>Welcome</html>', 'no WooCommerce store'],
    [404, 'Not found', 'no WooCommerce store'],
    [503, 'Down for maintenance', 'does not work at the moment (503)'],
  ])('%i %s', async (status, body, said) => {
    const answer = await look(await site(status, body));
    if (said === true) expect(answer).toEqual({ ok: true });
    else expect(answer).toMatchObject({ message: expect.stringContaining(String(said)) as string });
  });

  it.each([
    ['https://www.shop.example/wp-json/?_fields=namespaces', 'Enter https://www.shop.example '],
    ['/shop/wp-json/?_fields=namespaces', '/shop instead.'],
    ['http://[', 'leads to another one.'],
    [`https://${'x'.repeat(300)}.example/`, 'leads to another one.'],
  ])('a redirect to %s', async (location, said) => {
    const answer = await look(await site(301, '', { location }));
    expect(answer).toMatchObject({ ok: false, message: expect.stringContaining(said) as string });
  });

  it('never looks into a private network, unless the operator allows it', async () => {
    const url = await site(200, '{"namespaces":["wc/v3"]}');
    const closed = { allowPrivate: false };
    expect(await lookAtStore(url, closed)).toMatchObject({ ok: false });
    expect(await lookAtStore(url.replace('127.0.0.1', 'localhost'), closed)).toMatchObject({
      message: 'This address leads into a private network.',
    });
    closing.splice(0).forEach((close) => {
      close();
    });
    expect(await look(url)).toMatchObject({ message: 'Nothing answers at this address.' });
  });
});
