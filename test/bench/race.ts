/** What the processes of the comparison with Medusa are told, and what they answer. */
import { z } from 'zod';

/** `callers` at once try so often in all to reserve one unit of the item. */
export type Race = {
  readonly act: 'race';
  readonly item: string;
  readonly tries: number;
  readonly callers: number;
};

export type Raced = {
  accepted: number;
  /** Told that there is not enough. */
  refused: number;
  /** Anything else: a lock not gotten, a lost connection. */
  failed: number;
  /** From the start until the last unit was accepted. */
  acceptedMs: number;
  problem: string | null;
};

export const ledgerPlace = z.object({ merchantId: z.string(), locationId: z.string() });
