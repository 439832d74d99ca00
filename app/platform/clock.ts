/** Time is handed to whoever needs it, so that tests and replays can choose it. */
export type Clock = { now(): Date };

export const systemClock: Clock = { now: () => new Date() };
