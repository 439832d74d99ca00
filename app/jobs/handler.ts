/** What a kind of job is: a schema for its payload, and the call of one operation. */
import type { z } from 'zod';
import type { JobAnswer } from '../contracts/job-queue';
import type { Log } from '../platform/log';
import type { ClaimedJob } from '../store/job-claims';

export type JobContext<Deps> = {
  readonly deps: Deps;
  readonly log: Log;
  /** Aborted when the lease is lost or the process ends: stop, the job will run again. */
  readonly signal: AbortSignal;
  /** Kept with the job; the next try finds it in `job.progress`. Throws when the lease is lost. */
  saveProgress(progress: object): Promise<void>;
};

export type JobDefinition<Deps, Payload> = {
  readonly kind: string;
  /** What does not fit fails the job at once: trying again would not change it. */
  readonly schema: z.ZodType<Payload>;
  run(context: JobContext<Deps>, payload: Payload, job: ClaimedJob): Promise<JobAnswer>;
};

/** A definition whose payload type is its own business. */
export type JobHandler<Deps> = {
  readonly kind: string;
  handle(context: JobContext<Deps>, job: ClaimedJob): Promise<JobAnswer>;
};

/** Made once per kind; give all of them to the worker. */
export function defineJob<Deps, Payload>(
  definition: JobDefinition<Deps, Payload>,
): JobHandler<Deps> {
  return {
    kind: definition.kind,
    async handle(context, job) {
      const parsed = definition.schema.safeParse(job.payload);
      if (parsed.success) return definition.run(context, parsed.data, job);
      // Paths and messages only: the values are not ours to repeat.
      const problems = parsed.error.issues.map(
        ({ path, message }) => `${path.map(String).join('.') || 'payload'}: ${message}`,
      );
      return { status: 'failed', reason: `The payload does not fit. ${problems.join('; ')}` };
    },
  };
}

export type JobRegistry<Deps> = ReadonlyMap<string, JobHandler<Deps>>;

/** Throws when two handlers have the same kind. */
export function registerJobs<Deps>(handlers: readonly JobHandler<Deps>[]): JobRegistry<Deps> {
  const registry = new Map(handlers.map((handler) => [handler.kind, handler]));
  if (registry.size !== handlers.length) throw new Error('Two job handlers have the same kind.');
  return registry;
}
