import type { Address, GeoPoint } from '../shared/address';

/**
 * The middle of a US state, a Canadian province or a country, in degrees, to a tenth. Routing only
 * compares distances between warehouses, which are states apart; an exact position would not
 * change the answer and would need a geocoder.
 */
const US_STATES: Points = {
  AL: [32.8, -86.8],
  AK: [64.2, -152.5],
  AZ: [34.3, -111.7],
  AR: [34.8, -92.4],
  CA: [36.8, -119.4],
  CO: [39.0, -105.5],
  CT: [41.6, -72.7],
  DE: [39.0, -75.5],
  DC: [38.9, -77.0],
  FL: [28.5, -82.4],
  GA: [32.7, -83.4],
  HI: [20.8, -156.3],
  ID: [44.4, -114.6],
  IL: [40.0, -89.2],
  IN: [39.9, -86.3],
  IA: [42.0, -93.5],
  KS: [38.5, -98.4],
  KY: [37.5, -85.3],
  LA: [31.1, -92.0],
  ME: [45.4, -69.2],
  MD: [39.0, -76.8],
  MA: [42.3, -71.8],
  MI: [44.3, -85.4],
  MN: [46.3, -94.3],
  MS: [32.7, -89.7],
  MO: [38.4, -92.5],
  MT: [47.1, -109.6],
  NE: [41.5, -99.8],
  NV: [39.3, -116.6],
  NH: [43.7, -71.6],
  NJ: [40.2, -74.7],
  NM: [34.4, -106.1],
  NY: [42.9, -75.5],
  NC: [35.6, -79.4],
  ND: [47.5, -100.5],
  OH: [40.3, -82.8],
  OK: [35.6, -97.5],
  OR: [44.0, -120.6],
  PA: [40.9, -77.8],
  RI: [41.7, -71.6],
  SC: [33.9, -80.9],
  SD: [44.4, -100.2],
  TN: [35.9, -86.4],
  TX: [31.5, -99.3],
  UT: [39.3, -111.7],
  VT: [44.1, -72.7],
  VA: [37.5, -78.9],
  WA: [47.4, -120.4],
  WV: [38.6, -80.6],
  WI: [44.6, -89.7],
  WY: [43.0, -107.6],
  PR: [18.2, -66.4],
};

const CANADIAN_PROVINCES: Points = {
  AB: [53.9, -116.6],
  BC: [53.7, -127.6],
  MB: [53.8, -98.8],
  NB: [46.6, -66.5],
  NL: [53.1, -57.7],
  NS: [45.0, -63.0],
  NT: [64.8, -124.8],
  NU: [70.3, -83.1],
  ON: [51.3, -85.3],
  PE: [46.5, -63.4],
  QC: [52.9, -73.5],
  SK: [52.9, -106.5],
  YT: [64.3, -135.0],
};

const COUNTRIES: Points = {
  US: [39.8, -98.6],
  CA: [56.1, -106.3],
  MX: [23.6, -102.6],
  GB: [54.0, -2.0],
  IE: [53.4, -8.2],
  FR: [46.6, 2.2],
  DE: [51.2, 10.4],
  ES: [40.5, -3.7],
  PT: [39.4, -8.2],
  IT: [41.9, 12.6],
  NL: [52.1, 5.3],
  BE: [50.5, 4.5],
  LU: [49.8, 6.1],
  CH: [46.8, 8.2],
  AT: [47.5, 14.6],
  DK: [56.3, 9.5],
  SE: [60.1, 18.6],
  NO: [60.5, 8.5],
  FI: [61.9, 25.7],
  PL: [51.9, 19.1],
  CZ: [49.8, 15.5],
  SK: [48.7, 19.7],
  HU: [47.2, 19.5],
  RO: [45.9, 25.0],
  BG: [42.7, 25.5],
  GR: [39.1, 21.8],
  TR: [39.0, 35.2],
  UA: [48.4, 31.2],
  IL: [31.0, 34.9],
  AE: [23.4, 53.8],
  SA: [23.9, 45.1],
  IN: [20.6, 79.0],
  SG: [1.35, 103.8],
  MY: [4.2, 102.0],
  TH: [15.9, 101.0],
  VN: [14.1, 108.3],
  PH: [12.9, 121.8],
  ID: [-0.8, 113.9],
  CN: [35.9, 104.2],
  HK: [22.3, 114.2],
  TW: [23.7, 121.0],
  KR: [35.9, 127.8],
  JP: [36.2, 138.3],
  AU: [-25.3, 133.8],
  NZ: [-40.9, 174.9],
  ZA: [-30.6, 22.9],
  BR: [-14.2, -51.9],
  AR: [-38.4, -63.6],
  CL: [-35.7, -71.5],
  CO: [4.6, -74.3],
};

type Points = Readonly<Record<string, readonly [latitude: number, longitude: number]>>;

/** Roughly where an address is; null when its country is not known. */
export function pointOfAddress(
  address: Pick<Address, 'province' | 'countryCode'> | null,
): GeoPoint | null {
  if (address === null || address.countryCode === null) return null;
  const country = address.countryCode.toUpperCase();
  const province = address.province?.toUpperCase() ?? '';
  const regions = country === 'US' ? US_STATES : country === 'CA' ? CANADIAN_PROVINCES : {};
  const point = regions[province] ?? COUNTRIES[country];
  return point === undefined ? null : { latitude: point[0], longitude: point[1] };
}
