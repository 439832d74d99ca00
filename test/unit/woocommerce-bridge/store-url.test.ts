import { describe, expect, it } from 'vitest';

import { checkStoreUrl, grantUrl, readGrant } from '../../../woocommerce-bridge/connect';

const PUBLIC = '93.184.216.34';
const resolvesTo = (...addresses: string[]) => ({
  allowPrivate: false,
  resolve: () => Promise.resolve(addresses),
});

describe('which addresses can be a store', () => {
  it.each([
    ['https://shop.example.com', 'https://shop.example.com'],
    ['shop.example.com', 'https://shop.example.com'],
    ['  https://Shop.Example.com/  ', 'https://shop.example.com'],
    ['http://shop.example.com/', 'https://shop.example.com'],
    ['https://example.com/shop/', 'https://example.com/shop'],
    ['https://example.com/shop/wp-admin/plugins.php?x=1#y', 'https://example.com/shop'],
    ['https://example.com/wp-json/wc/v3', 'https://example.com'],
    ['https://example.com:8443', 'https://example.com:8443'],
    [`https://${PUBLIC}`, `https://${PUBLIC}`],
  ])('%s', async (typed, url) => {
    expect(await checkStoreUrl(typed, resolvesTo(PUBLIC))).toEqual({ ok: true, url });
  });

  it.each([
    ['', 'not_a_url'],
    ['https://', 'not_a_url'],
    ['https:///etc/passwd', 'not_a_url'],
    ['https://a b.example', 'not_a_url'],
    ['https://shop.example\\@evil.example', 'not_a_url'],
    [`https://${'a'.repeat(3000)}.example`, 'not_a_url'],
    ['ftp://shop.example.com', 'not_http'],
    ['file:///etc/passwd', 'not_http'],
    ['javascript:alert(1)', 'not_http'],
    ['gopher://127.0.0.1:6379/_x', 'not_http'],
    ['http://shop.example.com:8080', 'not_http'],
    ['https://user:pass@shop.example.com', 'has_credentials'],
    ['https://shop.example.com@127.0.0.1', 'has_credentials'],
    ['http://localhost', 'private'],
    ['https://localhost.', 'private'],
    ['https://intranet', 'private'],
    ['https://db.internal', 'private'],
    ['https://printer.local', 'private'],
    ['https://127.0.0.1', 'private'],
    ['https://127.1', 'private'],
    ['https://2130706433', 'private'],
    ['https://0x7f.1', 'private'],
    ['https://0177.0.0.1', 'private'],
    ['https://0.0.0.0', 'private'],
    ['https://10.1.2.3', 'private'],
    ['https://172.16.0.1', 'private'],
    ['https://172.31.255.255', 'private'],
    ['https://192.168.1.1', 'private'],
    ['https://169.254.169.254', 'private'],
    ['https://100.64.0.1', 'private'],
    ['https://224.0.0.1', 'private'],
    ['https://255.255.255.255', 'private'],
    ['https://[::1]', 'private'],
    ['https://[::]', 'private'],
    ['https://[fe80::1]', 'private'],
    ['https://[fd00::1]', 'private'],
    ['https://[::ffff:127.0.0.1]', 'private'],
    ['https://[::ffff:a9fe:a9fe]', 'private'],
    ['https://[64:ff9b::7f00:1]', 'private'],
    ['https://[2002:7f00:1::]', 'private'],
  ])('refuses %s', async (typed, code) => {
    const check = await checkStoreUrl(typed, resolvesTo(PUBLIC));
    expect(check.ok ? check.url : check.code).toBe(code);
  });

  it('refuses a name when any of its addresses is private', async () => {
    for (const addresses of [['127.0.0.1'], [PUBLIC, '10.0.0.1'], ['fe80::1%eth0'], ['::1']]) {
      const check = await checkStoreUrl('https://evil.example', resolvesTo(...addresses));
      expect(check).toMatchObject({ ok: false, code: 'private' });
    }
  });

  it('refuses a name that does not resolve', async () => {
    const nothing = await checkStoreUrl('https://gone.example', resolvesTo());
    const failing = await checkStoreUrl('https://gone.example', {
      allowPrivate: false,
      resolve: () => Promise.reject(new Error('ENOTFOUND')),
    });
    expect([nothing, failing]).toMatchObject([{ code: 'not_found' }, { code: 'not_found' }]);
  });

  it('takes a private address as it is where the operator allows that', async () => {
    const check = await checkStoreUrl('http://127.0.0.1:8801/', { allowPrivate: true });
    expect(check).toEqual({ ok: true, url: 'http://127.0.0.1:8801' });
    expect(await checkStoreUrl('file:///x', { allowPrivate: true })).toMatchObject({ ok: false });
  });
});

describe('the one-click grant', () => {
  it('sends the merchant to the store with a state of ours', () => {
    const url = new URL(
      grantUrl('https://example.com/shop', {
        appName: 'Crossdock',
        state: 'one-time',
        returnUrl: 'https://app.example/done',
        callbackUrl: 'https://app.example/keys',
      }),
    );
    expect(url.pathname).toBe('/shop/wc-auth/v1/authorize');
    expect(url.searchParams.get('scope')).toBe('read_write');
    expect(url.searchParams.get('user_id')).toBe('one-time');
  });

  it.each([
    [null],
    [{}],
    [{ key_id: 3, user_id: 's', consumer_key: 'ck_x', consumer_secret: 'cs_x' }],
    [{ key_id: 3, user_id: '', consumer_key: `ck_${'0'.repeat(40)}` }],
  ])('does not believe %j', (body) => {
    expect(readGrant(body)).toBeNull();
  });
});
