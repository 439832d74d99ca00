/** The fields of a stock policy, as they come in a form and in an address. */
import { z } from 'zod';
import { POLICY_UNITS_MAX } from '#app/domain/stock/stock-policy';
import type { ChannelPolicy } from '#app/queries/connections/get-policy';
import type { Proposal } from '#app/queries/connections/preview-numbers';
import { idField } from './parse-form';

/** More locations than a merchant has. */
const LOCATIONS_MAX = 500;

export const unitsField = (message: string) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,6}$/, message)
    .transform(Number);

/** Empty = no cap. */
export const capField = z
  .string()
  .trim()
  .regex(/^\d{0,6}$/, 'The most units shown is a whole number, 0 or more, or nothing.')
  .transform((text) => (text === '' ? null : Number(text)));

/** Ids with commas between them. */
export const locationsField = z
  .string()
  .transform((text) => text.split(',').filter((id) => id !== ''))
  .pipe(z.array(idField).max(LOCATIONS_MAX));

/** The policy that the address proposes; what it does not name, or names wrongly, is as saved. */
export function readProposal(address: URLSearchParams, saved: ChannelPolicy): Proposal {
  const number = (name: string, max: number, otherwise: number): number => {
    const text = address.get(name) ?? '';
    return /^\d{1,6}$/.test(text) && Number(text) <= max ? Number(text) : otherwise;
  };
  const locations = locationsField.safeParse(address.get('from') ?? '');
  const chosen = locations.success ? locations.data : [];
  return {
    sharePercent: number('share', 100, saved.sharePercent),
    bufferUnits: number('buffer', POLICY_UNITS_MAX, saved.bufferUnits),
    capUnits:
      address.get('cap') === 'none' ? null : orNull(number('cap', POLICY_UNITS_MAX, -1), saved),
    locationIds: saved.perLocation || chosen.length === 0 ? null : chosen,
  };
}

function orNull(cap: number, saved: ChannelPolicy): number | null {
  return cap < 0 ? saved.capUnits : cap;
}
