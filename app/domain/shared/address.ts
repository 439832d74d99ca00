/** A postal address as shipping needs it; unknown parts are null, never an empty string. */
export type Address = {
  readonly name: string | null;
  readonly company: string | null;
  readonly address1: string | null;
  readonly address2: string | null;
  readonly city: string | null;
  readonly province: string | null;
  readonly zip: string | null;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly countryCode: string | null;
  readonly phone: string | null;
};

/** Degrees, WGS 84. */
export type GeoPoint = { readonly latitude: number; readonly longitude: number };
