/** What a job's handler answers. A throw counts as `retry` with the queue's own back-off. */
export type JobAnswer =
  | { readonly status: 'done'; readonly detail?: string }
  /**
   * Try again at `at`. Meant for "the channel said when": up to a generous cap it does not use
   * up the attempts of the job.
   */
  | { readonly status: 'retry'; readonly at: Date; readonly reason: string }
  | { readonly status: 'failed'; readonly reason: string };

/** A job as it was just put into the table: enough for a dispatcher to say "job N is due". */
export type JobAnnouncement = {
  readonly id: number;
  /** Tries so far. */
  readonly attempts: number;
  /** Rate group. */
  readonly connectionId: string | null;
  readonly runAt: Date;
};

/**
 * Says that jobs wait. The table is the truth and is looked at regularly anyway, so an announcement
 * that gets lost only costs time: it never throws and nobody waits for it.
 */
export type JobQueue = {
  /**
   * Call after the transaction that enqueued has committed: a job is invisible before. Without
   * jobs it only says "look".
   */
  announce(jobs?: readonly JobAnnouncement[]): void;
};

/** At most `max` jobs of one connection start in any window of this length. */
export type JobRate = { readonly max: number; readonly durationMs: number };

/** The rate of a connection's jobs; null = only the connector's own limits apply. */
export type JobRateOf = (connectionId: string) => JobRate | null;
