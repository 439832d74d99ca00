/** States a unit can be in while it is at a location. Each is a column of its stock level. */
export const INSIDE_STATES = [
  'available',
  'committed',
  'reserved',
  'safety_stock',
  'quality_control',
  'damaged',
  'incoming',
] as const;

/** Where units come from and go to, outside all locations. */
export const OUTSIDE_STATES = ['supplier', 'customer', 'adjustment', 'transit', 'scrap'] as const;

export type InsideState = (typeof INSIDE_STATES)[number];
export type OutsideState = (typeof OUTSIDE_STATES)[number];

/** One side of a movement: a state at a location, or a place outside. */
export type Cell =
  | { readonly state: InsideState; readonly locationId: string }
  | { readonly state: OutsideState; readonly locationId: null };

export function inside(state: InsideState, locationId: string): Cell {
  return { state, locationId };
}

export function outside(state: OutsideState): Cell {
  return { state, locationId: null };
}

export function isInsideState(state: string): state is InsideState {
  return (INSIDE_STATES as readonly string[]).includes(state);
}
