/** Where a buyer of the tests lives, as a checkout has it: close to the eastern location. */
export const ADDRESS = {
  firstName: 'Alder',
  lastName: 'Quay',
  address1: '1 Pine Street',
  city: 'Newark',
  provinceCode: 'NJ',
  province: 'New Jersey',
  zip: '07101',
  countryCode: 'US',
};
