/** What people say of a place that holds stock. */
export type LocationDetails = {
  readonly name: string;
  readonly kind: 'own' | 'virtual';
  readonly address1: string | null;
  readonly city: string | null;
  readonly province: string | null;
  readonly zip: string | null;
  /** Two capital letters (ISO 3166-1). */
  readonly countryCode: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Lower ships first; equal ones are chosen by distance. */
  readonly priority: number;
};

export const PRIORITY_MAX = 999;
const NAME_LENGTH_MAX = 100;
const TEXT_LENGTH_MAX = 200;

/** Why a location cannot be like this, or null when it can. */
export function locationProblem(location: LocationDetails): string | null {
  const { name, countryCode, latitude, longitude, priority } = location;
  if (name.trim() === '') return 'Enter a name.';
  if (name.length > NAME_LENGTH_MAX) return 'The name is too long.';
  if (!Number.isInteger(priority) || priority < 1 || priority > PRIORITY_MAX) {
    return 'The priority is a whole number from 1 to 999.';
  }
  if (countryCode !== null && !/^[A-Z]{2}$/.test(countryCode)) {
    return 'The country is a code of two letters, for example US.';
  }
  const texts = [location.address1, location.city, location.province, location.zip];
  if (texts.some((text) => (text ?? '').length > TEXT_LENGTH_MAX))
    return 'The address is too long.';
  if ((latitude === null) !== (longitude === null)) {
    return 'Enter both latitude and longitude, or neither.';
  }
  if (latitude !== null && !(Math.abs(latitude) <= 90)) return 'Latitude is from -90 to 90.';
  if (longitude !== null && !(Math.abs(longitude) <= 180)) return 'Longitude is from -180 to 180.';
  return null;
}

/** The parts in which two descriptions differ, in words for the record. */
export function locationChanges(before: LocationDetails, now: LocationDetails): readonly string[] {
  const changed: string[] = [];
  if (before.name !== now.name) changed.push('name');
  if (before.kind !== now.kind) changed.push('kind');
  if (before.priority !== now.priority) changed.push('priority');
  const address = (one: LocationDetails) =>
    [one.address1, one.city, one.province, one.zip, one.countryCode].join('\n');
  if (address(before) !== address(now)) changed.push('address');
  if (before.latitude !== now.latitude || before.longitude !== now.longitude) {
    changed.push('position');
  }
  return changed;
}
