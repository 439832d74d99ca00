import { createHmac, timingSafeEqual } from 'node:crypto';

import { newUuid, type ShopState, type Staff } from './state';

/** Claims of the id token that the admin hands to an embedded app. */
export type SessionClaims = {
  iss: string;
  dest: string;
  aud: string;
  sub: string;
  exp: number;
  nbf: number;
  iat: number;
  jti: string;
  sid: string;
};

/** Seconds an id token lives, and the tolerance for clocks that differ. */
const LIFETIME_SECONDS = 60;
const TOLERANCE_SECONDS = 10;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const sign = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('base64url');

export function mintSessionToken(shop: ShopState, staff: Staff): string {
  const now = Math.floor(shop.clock.now().getTime() / 1000);
  const claims: SessionClaims = {
    iss: `https://${shop.domain}/admin`,
    dest: `https://${shop.domain}`,
    aud: shop.apiKey,
    sub: staff.id,
    exp: now + LIFETIME_SECONDS,
    nbf: now,
    iat: now,
    jti: newUuid(shop),
    sid: newUuid(shop),
  };
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${sign(shop.apiSecret, text)}`;
}

/** The claims, or the reason for refusing the token. */
export function readSessionToken(
  shop: ShopState,
  token: string,
): { claims: SessionClaims } | { refusal: string } {
  const [header, payload, signature] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined) {
    return { refusal: 'malformed token' };
  }
  const expected = Buffer.from(sign(shop.apiSecret, `${header}.${payload}`));
  const given = Buffer.from(signature);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    return { refusal: 'bad signature' };
  }
  const { alg } = parse(header) as { alg?: string };
  if (alg !== 'HS256') return { refusal: 'bad algorithm' };
  const claims = parse(payload) as SessionClaims;
  const now = shop.clock.now().getTime() / 1000;
  if (claims.exp < now - TOLERANCE_SECONDS) return { refusal: 'expired' };
  if (claims.nbf > now + TOLERANCE_SECONDS) return { refusal: 'not yet valid' };
  if (claims.aud !== shop.apiKey) return { refusal: 'wrong audience' };
  if (claims.dest !== `https://${shop.domain}`) return { refusal: 'for another shop' };
  return { claims };
}

const parse = (part: string): unknown =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
