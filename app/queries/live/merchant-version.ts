import type { Prisma } from '#app/platform/prisma';

/**
 * A text that differs when anything the screens show for this merchant has changed: the newest
 * audit record, message and jobs, the channels' clocks, and the numbers that wait. Every part is
 * the end of an index, so asking once a second costs next to nothing.
 */
export async function merchantVersion(prisma: Prisma, merchantId: string): Promise<string> {
  const [row] = await prisma.$queryRaw<{ version: string }[]>`
    SELECT concat_ws('|',
      (SELECT concat(at, id) FROM audit_record WHERE merchant_id = ${merchantId}::uuid
        ORDER BY at DESC LIMIT 1),
      (SELECT concat(received_at, state) FROM inbox_event WHERE merchant_id = ${merchantId}::uuid
        ORDER BY received_at DESC LIMIT 1),
      (SELECT concat(id, state, checked, repaired) FROM reconcile_run
        WHERE merchant_id = ${merchantId}::uuid ORDER BY started_at DESC LIMIT 1),
      (SELECT string_agg(concat(s.state, (SELECT concat(id, attempts) FROM job
        WHERE merchant_id = ${merchantId}::uuid AND state = s.state ORDER BY id DESC LIMIT 1)), ',')
        FROM unnest(ARRAY['queued', 'running', 'failed', 'done']) s(state)),
      (SELECT string_agg(concat(c.status, c.buffer_units, c.publishing, c.last_event_at,
          c.last_publish_at, c.last_error_at,
          (SELECT count(*) FROM publication p
            WHERE p.connection_id = c.id AND p.dirty_since IS NOT NULL
              AND p.dirty_seq > p.sent_seq)), ',' ORDER BY c.id)
        FROM connection c WHERE c.merchant_id = ${merchantId}::uuid)) AS version`;
  return row?.version ?? '';
}
