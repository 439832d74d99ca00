import type { SandboxAddress } from './controlled-store';
import type { Random } from './random';

/** Names made by combining lists: nobody in particular. */
const FIRST_NAMES = [
  'Ada', 'Alex', 'Amara', 'Ben', 'Carmen', 'Casey', 'Dana', 'Devon', 'Elena', 'Eli', 'Farah',
  'Felix', 'Grace', 'Hana', 'Hugo', 'Imani', 'Iris', 'Jamal', 'Jordan', 'June', 'Kai', 'Keiko',
  'Lena', 'Leo', 'Luca', 'Maya', 'Mei', 'Miles', 'Nadia', 'Noor', 'Omar', 'Paige', 'Priya',
  'Quinn', 'Rafael', 'Rosa', 'Ruth', 'Sam', 'Selma', 'Tariq', 'Tess', 'Theo', 'Uma', 'Vera',
  'Wes', 'Ximena', 'Yara', 'Zoe',
];
const LAST_NAMES = [
  'Abbott', 'Adeyemi', 'Alvarez', 'Banks', 'Barros', 'Bishop', 'Castillo', 'Chen', 'Cole',
  'Dawson', 'Diaz', 'Ellis', 'Eriksen', 'Farrell', 'Fischer', 'Garcia', 'Gupta', 'Haddad',
  'Hale', 'Hoffman', 'Ito', 'Jensen', 'Kaplan', 'Kim', 'Kowalski', 'Lam', 'Larsen', 'Lopez',
  'Mbeki', 'Meyer', 'Moreau', 'Nakata', 'Novak', "O'Neill", 'Okafor', 'Park', 'Patel', 'Reyes',
  'Rossi', 'Santos', 'Silva', 'Singh', 'Sousa', 'Tanaka', 'Tran', 'Vargas', 'Weber', 'Young',
];
const STREETS = [
  'Alder', 'Beacon', 'Birch', 'Bridge', 'Canal', 'Cedar', 'Chapel', 'Clover', 'Elm', 'Foundry',
  'Garden', 'Harbor', 'Hazel', 'Hill', 'Juniper', 'Lake', 'Maple', 'Market', 'Meadow', 'Mill',
  'Oak', 'Orchard', 'Park', 'Pine', 'River', 'Spring', 'Summit', 'Union', 'Valley', 'Willow',
];
const STREET_KINDS = ['St', 'Ave', 'Rd', 'Ln', 'Blvd', 'Ct', 'Way'];

type City = readonly [
  city: string,
  code: string,
  state: string,
  zip: string,
  latitude: number,
  longitude: number,
  /** How often, among a hundred or so. */
  weight: number,
];

/** Cities with a ZIP prefix and rough coordinates: enough for distance to mean something. */
const CITIES: readonly City[] = [
  ['New York', 'NY', 'New York', '100', 40.71, -74.01, 12],
  ['Buffalo', 'NY', 'New York', '142', 42.89, -78.88, 2],
  ['Los Angeles', 'CA', 'California', '900', 34.05, -118.24, 10],
  ['San Diego', 'CA', 'California', '921', 32.72, -117.16, 4],
  ['San Francisco', 'CA', 'California', '941', 37.77, -122.42, 5],
  ['Sacramento', 'CA', 'California', '958', 38.58, -121.49, 2],
  ['Chicago', 'IL', 'Illinois', '606', 41.88, -87.63, 7],
  ['Houston', 'TX', 'Texas', '770', 29.76, -95.37, 6],
  ['Dallas', 'TX', 'Texas', '752', 32.78, -96.8, 5],
  ['Austin', 'TX', 'Texas', '787', 30.27, -97.74, 3],
  ['Miami', 'FL', 'Florida', '331', 25.76, -80.19, 4],
  ['Orlando', 'FL', 'Florida', '328', 28.54, -81.38, 3],
  ['Tampa', 'FL', 'Florida', '336', 27.95, -82.46, 2],
  ['Philadelphia', 'PA', 'Pennsylvania', '191', 39.95, -75.17, 4],
  ['Pittsburgh', 'PA', 'Pennsylvania', '152', 40.44, -79.99, 2],
  ['Columbus', 'OH', 'Ohio', '432', 39.96, -83.0, 3],
  ['Cleveland', 'OH', 'Ohio', '441', 41.5, -81.69, 2],
  ['Atlanta', 'GA', 'Georgia', '303', 33.75, -84.39, 4],
  ['Charlotte', 'NC', 'North Carolina', '282', 35.23, -80.84, 3],
  ['Raleigh', 'NC', 'North Carolina', '276', 35.78, -78.64, 2],
  ['Detroit', 'MI', 'Michigan', '482', 42.33, -83.05, 3],
  ['Boston', 'MA', 'Massachusetts', '021', 42.36, -71.06, 4],
  ['Newark', 'NJ', 'New Jersey', '071', 40.74, -74.17, 3],
  ['Richmond', 'VA', 'Virginia', '232', 37.54, -77.44, 3],
  ['Seattle', 'WA', 'Washington', '981', 47.61, -122.33, 4],
  ['Spokane', 'WA', 'Washington', '992', 47.66, -117.43, 1],
  ['Phoenix', 'AZ', 'Arizona', '850', 33.45, -112.07, 3],
  ['Denver', 'CO', 'Colorado', '802', 39.74, -104.99, 4],
  ['Portland', 'OR', 'Oregon', '972', 45.52, -122.68, 2],
  ['Minneapolis', 'MN', 'Minnesota', '554', 44.98, -93.27, 3],
  ['St. Louis', 'MO', 'Missouri', '631', 38.63, -90.2, 2],
  ['Kansas City', 'MO', 'Missouri', '641', 39.1, -94.58, 2],
  ['Nashville', 'TN', 'Tennessee', '372', 36.16, -86.78, 3],
  ['New Orleans', 'LA', 'Louisiana', '701', 29.95, -90.07, 2],
  ['Milwaukee', 'WI', 'Wisconsin', '532', 43.04, -87.91, 2],
  ['Salt Lake City', 'UT', 'Utah', '841', 40.76, -111.89, 2],
  ['Las Vegas', 'NV', 'Nevada', '891', 36.17, -115.14, 2],
  ['Omaha', 'NE', 'Nebraska', '681', 41.26, -95.93, 1],
  ['Boise', 'ID', 'Idaho', '837', 43.62, -116.2, 1],
  ['Portland', 'ME', 'Maine', '041', 43.66, -70.26, 1],
];
const WEIGHT_TOTAL = CITIES.reduce((sum, city) => sum + city[6], 0);

function pickCity(random: Random): City {
  let target = random.next() * WEIGHT_TOTAL;
  for (const city of CITIES) {
    target -= city[6];
    if (target < 0) return city;
  }
  throw new Error('the list of cities is empty');
}

export function believableAddress(random: Random): SandboxAddress {
  const [city, provinceCode, province, zip, latitude, longitude] = pickCity(random);
  const street = `${random.pick(STREETS)} ${random.pick(STREET_KINDS)}`;
  return {
    firstName: random.pick(FIRST_NAMES),
    lastName: random.pick(LAST_NAMES),
    company: null,
    address1: `${random.integer(1, 2400)} ${street}`,
    address2: random.chance(0.2) ? `Apt ${random.integer(1, 40)}` : null,
    city,
    provinceCode,
    province,
    zip: zip + String(random.integer(1, 99)).padStart(2, '0'),
    countryCode: 'US',
    phone: `+1 555 01${random.integer(0, 9)}-${String(random.integer(0, 9999)).padStart(4, '0')}`,
    // Spread over the city, so that no two buyers live on the same spot.
    latitude: Number((latitude + (random.next() - 0.5) * 0.3).toFixed(4)),
    longitude: Number((longitude + (random.next() - 0.5) * 0.3).toFixed(4)),
  };
}

/** An address at a domain reserved for examples. */
export const believableEmail = (random: Random, address: SandboxAddress): string =>
  `${address.firstName}.${address.lastName}${random.integer(1, 99)}@example.com`
    .toLowerCase()
    .replace(/[^a-z0-9.@]/g, '');
