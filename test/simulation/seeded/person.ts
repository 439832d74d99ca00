/** A person at a screen: waits, looks again, and presses again. */
import type { Wiring } from '../../../app/wiring.server';
import type { Presses } from './plan';
import type { SimWorld } from './world';

export const STAFF = { kind: 'staff', id: 'staff-1' } as const;

/** What the world knows of its merchant, and what has been agreed to so far. */
export type Merchant = {
  readonly merchantId: string;
  readonly shopifyId: string;
  readonly wooId: string;
  /** Units of each SKU that staff have added or taken, by forms that were answered or not. */
  readonly adjusted: { readonly sku: string; readonly key: string; readonly by: number }[];
  formsMade: number;
};

export function nth<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length];
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

export const PRESS_AGAIN_MS = 1_500;
const PRESSES_MAX = 40;
const LOOKS_MAX = 10;

/** A person who gets no answer, or an error, tries again. */
export async function untilDone<T>(
  world: SimWorld,
  work: (wiring: Wiring) => Promise<T>,
): Promise<T> {
  for (let press = 1; ; press += 1) {
    try {
      const answer = world.asStaff(work);
      if (answer !== null) return await answer;
    } catch (problem) {
      if (press >= PRESSES_MAX) throw problem;
    }
    if (press >= PRESSES_MAX) throw new Error('The app never answered.');
    await pause(PRESS_AGAIN_MS);
  }
}

export function newForm(merchant: Merchant): string {
  merchant.formsMade += 1;
  return `form-${String(merchant.formsMade)}`;
}

/** A person who looks for something to do it to, and looks again. */
export async function untilThere<T>(
  world: SimWorld,
  find: (wiring: Wiring) => Promise<T | null>,
): Promise<T | null> {
  for (let look = 1; look <= LOOKS_MAX; look += 1) {
    const found = await untilDone(world, find);
    if (found !== null) return found;
    await pause(PRESS_AGAIN_MS);
  }
  return null;
}

export type Answer = { readonly status: string; readonly message?: string };

/** A form that has done its work says so as often as it is sent. */
export async function pressAs(
  world: SimWorld,
  presses: Presses,
  send: () => Promise<Answer | null>,
): Promise<void> {
  const press = async (): Promise<Answer | null> => {
    const answer = await send();
    world.scheduler.note(`people: ${answer?.status ?? 'nothing to do'} ${answer?.message ?? ''}`);
    return answer;
  };
  if (presses === 'twice at once') {
    await Promise.all([press(), press()]);
    return;
  }
  const first = await press();
  if (presses === 'once') return;
  const again = await press();
  if (first?.status === 'done' && again?.status === 'refused') {
    throw new Error('It was done, and refused when it was sent again.');
  }
}
