import type { Address } from '#app/domain/shared/address';

/** Stored by us, but read with care: a channel may have sent anything, or nothing. */
export function readAddress(stored: unknown): Address | null {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return null;
  const parts = stored as Record<string, unknown>;
  const part = (name: keyof Address) => {
    const value = parts[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    name: part('name'),
    company: part('company'),
    address1: part('address1'),
    address2: part('address2'),
    city: part('city'),
    province: part('province'),
    zip: part('zip'),
    countryCode: part('countryCode'),
    phone: part('phone'),
  };
}
