import type { Database } from '../../../app/platform/database';
import type { Plan } from './plan';
import type { Merchant } from './person';
import type { SimWorld } from './world';

/** A world that has settled, for looking at. */
export type Judged = {
  readonly db: Database;
  readonly world: SimWorld;
  readonly merchant: Merchant;
  readonly plan: Plan;
};
