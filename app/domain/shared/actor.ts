/**
 * Who did it. `system` acts on its own (a schedule, an import); `channel` passes on what happened
 * there.
 */
export type Actor = {
  readonly kind: 'staff' | 'system' | 'channel';
  /** Staff: the platform's user id. System: the part of it. Channel: the connection's id. */
  readonly id: string;
};

/** What made it happen: an inbox event, an order, a job, a form sent by a person. */
export type Cause = { readonly kind: string; readonly id: string };

/** The worker itself, for what no person and no channel asked for. */
export function systemActor(part: string): Actor {
  return { kind: 'system', id: part };
}
