/** Claims jobs by id, as many as are asked for together in one statement. */
import type { Database } from '../platform/database';
import { type ClaimedJob, claimJobsById } from '../store/job-claims';

export type Claimer = {
  /** Null: not due, not first of its serial key, or somebody else's. */
  claim(jobId: number): Promise<ClaimedJob | null>;
};

type Asking = {
  resolve(job: ClaimedJob | null): void;
  reject(problem: unknown): void;
};

export function createClaimer(db: Database, workerName: string, leaseMs: number): Claimer {
  let asked = new Map<number, Asking[]>();
  let claiming = false;
  let claims = 0;

  async function claimBatch(batch: ReadonlyMap<number, readonly Asking[]>): Promise<void> {
    claims += 1;
    const leasedBy = `${workerName}/${String(claims)}`;
    try {
      const claimed = await claimJobsById(db, [...batch.keys()], { leasedBy, leaseMs });
      const byId = new Map(claimed.map((job) => [job.id, job]));
      for (const [id, [first, ...others]] of batch) {
        first?.resolve(byId.get(id) ?? null);
        for (const other of others) other.resolve(null);
      }
    } catch (problem) {
      for (const asking of [...batch.values()].flat()) asking.reject(problem);
    }
  }

  async function claimAll(): Promise<void> {
    while (asked.size > 0) {
      const batch = asked;
      asked = new Map();
      await claimBatch(batch);
    }
    claiming = false;
  }

  return {
    claim(jobId) {
      return new Promise((resolve, reject) => {
        asked.set(jobId, [...(asked.get(jobId) ?? []), { resolve, reject }]);
        if (claiming) return;
        claiming = true;
        setImmediate(() => void claimAll());
      });
    },
  };
}
