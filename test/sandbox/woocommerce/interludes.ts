import type { StoreState } from './state';

/** Something that happens in the store just before it serves a call. */
type Interlude = { readonly before: string; readonly act: () => void };

/** Beside the state, which can be stored: what is to happen cannot. */
const waiting = new WeakMap<StoreState, Interlude[]>();

/** Lets `act` happen once, right before the next call whose method and path hold `before`. */
export function addInterlude(state: StoreState, before: string, act: () => void): void {
  waiting.set(state, [...(waiting.get(state) ?? []), { before, act }]);
}

export function playInterludes(state: StoreState, operation: string): void {
  const all = waiting.get(state) ?? [];
  const due = all.filter(({ before }) => operation.includes(before));
  if (due.length === 0) return;
  waiting.set(
    state,
    all.filter((interlude) => !due.includes(interlude)),
  );
  for (const { act } of due) act();
}
