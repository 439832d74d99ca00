import type { Actor, Cause } from '../domain/shared/actor';
import type { Queryable } from '../platform/database';
import { newId } from '../platform/ids';
import { type TableRows, writeTables } from './rows';

/**
 * One thing that was done: by whom, to what, because of what. `data` holds no secret, no customer
 * data.
 */
export type AuditEntry = {
  readonly merchantId: string;
  readonly at: Date;
  readonly actor: Actor;
  /** Short code `subject.verb`, for example `order.routed`. */
  readonly action: string;
  readonly subject: Cause;
  readonly cause: Cause;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Writes audit records in the caller's transaction. */
export async function writeAudit(q: Queryable, entries: readonly AuditEntry[]): Promise<void> {
  await writeTables(q, [auditRows(entries)]);
}

/** Audit records that travel with other rows, for writeTables. */
export function auditRows(entries: readonly AuditEntry[]): TableRows {
  return {
    table: 'audit_record',
    rows: entries.map((entry) => ({
      id: newId(),
      merchant_id: entry.merchantId,
      at: entry.at,
      actor_kind: entry.actor.kind,
      actor_id: entry.actor.id,
      action: entry.action,
      subject_kind: entry.subject.kind,
      subject_id: entry.subject.id,
      cause_kind: entry.cause.kind,
      cause_id: entry.cause.id,
      data: entry.data,
    })),
  };
}
