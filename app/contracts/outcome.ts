/** An id given by the outside; opaque, always a string. */
export type ExternalRef = string;

/** Names one intended write; sending it again must not act again. */
export type IdempotencyKey = string;

/** Why an outside system said no. `unauthorized` means the connection needs the merchant. */
export type RefusalCode = 'validation' | 'conflict' | 'not_found' | 'unauthorized' | 'permanent';

export type Refusal = {
  readonly code: RefusalCode;
  readonly message: string;
  /**
   * Of `unauthorized`: the access itself was taken away. Not said of an account that is frozen,
   * locked or forbids something, which may be itself again tomorrow.
   */
  readonly revoked?: true;
};

/**
 * The answer to every write (and to reads that can fail in an expected way).
 * - `done`: it happened now. `duplicate`: it had happened before under this key.
 * - `refused`: it did not happen and repeating will not help.
 * - `retry_later`: it did not happen; try again at or after `retryAt`.
 * - `unknown`: it may have happened; look it up, never repeat blindly.
 */
export type Outcome<Value> =
  | { readonly status: 'done'; readonly value: Value }
  | { readonly status: 'duplicate'; readonly value: Value }
  | { readonly status: 'refused'; readonly reason: Refusal }
  | { readonly status: 'retry_later'; readonly retryAt: Date; readonly message: string }
  | { readonly status: 'unknown'; readonly lookUpBy: ExternalRef; readonly message: string };
