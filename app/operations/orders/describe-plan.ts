import { orderDemand } from '../../domain/orders/order-status';
import { unitsOfBuyer } from '../../domain/catalog/explode-kit';
import type { OrderPlan } from '../../domain/orders/plan-order';
import type { AuditEntry } from '../../store/audit';
import type { PlanEntry } from './plan-entry';

/** What happened to an order, as audit records. A plan that changes nothing leaves none. */
export function auditOfPlan(
  merchantId: string,
  entry: PlanEntry,
  plan: OrderPlan,
  now: Date,
): AuditEntry[] {
  const record = (action: string, data: AuditEntry['data']): AuditEntry => ({
    merchantId,
    at: now,
    actor: entry.actor,
    action,
    subject: { kind: 'order', id: entry.order.id },
    cause: entry.cause,
    data,
  });
  const records: AuditEntry[] = [];
  const demand = orderDemand(entry.order.stage, entry.order.cancelState);
  if (entry.isNew) {
    records.push(
      record(entry.history ? 'order.imported' : 'order.recorded', {
        name: entry.order.name,
        stage: entry.order.stage,
        connectionId: entry.order.connectionId,
        lines: entry.order.lines.filter((line) => line.parentLineId === null).length,
      }),
    );
  }
  if (entry.changed.length > 0) {
    records.push(
      record('order.updated', {
        changed: entry.changed.join(', '),
        stage: entry.order.stage,
      }),
    );
  }
  if (entry.changed.includes('cancellation') && entry.order.cancelState === 'confirmed') {
    records.push(record('order.cancel_confirmed', {}));
  }
  if (plan.releases.length > 0) {
    records.push(
      record('order.released', {
        units: sum(plan.releases),
        why: demand === 'cancel' ? 'cancelled' : 'changed',
        locationIds: [...new Set(plan.releases.map((release) => release.allocation.locationId))],
      }),
    );
  }
  if (plan.departures.length > 0) {
    records.push(
      record('order.shipped_in_channel', {
        units: sum(plan.departures),
        unknownUnits: sum(plan.departures.filter((shipped) => shipped.locationId === null)),
      }),
    );
  }
  if (plan.routing !== null) {
    records.push(
      record(plan.routing.assignments.length > 0 ? 'order.routed' : 'order.short', {
        sentence: plan.routing.sentence,
        decidedBy: plan.routing.decidedBy,
        units: sum(plan.routing.assignments),
        short: unitsOfBuyer(plan.routing.short),
      }),
    );
  }
  return records;
}

function sum(rows: readonly { readonly quantity: number }[]): number {
  return rows.reduce((total, row) => total + row.quantity, 0);
}
