import { Badge, type BadgeProps } from '@shopify/polaris';

type Look = {
  readonly label: string;
  readonly tone?: NonNullable<BadgeProps['tone']>;
  readonly progress?: NonNullable<BadgeProps['progress']>;
};

const ORDER: Readonly<Record<string, Look>> = {
  awaiting_payment: { label: 'Awaiting payment', tone: 'warning', progress: 'incomplete' },
  open: { label: 'To ship', tone: 'attention', progress: 'incomplete' },
  waiting_for_stock: { label: 'Waiting for stock', tone: 'warning', progress: 'incomplete' },
  partially_shipped: { label: 'Partly shipped', tone: 'attention', progress: 'partiallyComplete' },
  shipped: { label: 'Shipped', progress: 'complete' },
  cancelled: { label: 'Cancelled' },
};

const WORK: Readonly<Record<string, Look>> = {
  open: { label: 'To ship', tone: 'attention', progress: 'incomplete' },
  shipped: { label: 'Shipped', progress: 'complete' },
  cancelled: { label: 'Cancelled' },
};

const REPORT: Readonly<Record<string, Look>> = {
  pending: { label: 'Telling the channel', tone: 'info', progress: 'incomplete' },
  acknowledged: { label: 'Channel informed', tone: 'success', progress: 'complete' },
  refused: { label: 'Channel refused', tone: 'critical' },
  unknown: { label: 'No answer yet', tone: 'warning' },
  not_needed: { label: 'Channel knows' },
};

const CONNECTION: Readonly<Record<string, Look>> = {
  connected: { label: 'Connected', tone: 'success' },
  needs_attention: { label: 'Needs attention', tone: 'critical' },
  disconnected: { label: 'Disconnected' },
};

const INBOX: Readonly<Record<string, Look>> = {
  received: { label: 'Received', tone: 'info' },
  processed: { label: 'Processed', tone: 'success' },
  ignored: { label: 'Ignored' },
  failed: { label: 'Failed', tone: 'critical' },
};

const JOB: Readonly<Record<string, Look>> = {
  queued: { label: 'Waiting', tone: 'info' },
  running: { label: 'Running', tone: 'attention' },
  done: { label: 'Done', tone: 'success' },
  failed: { label: 'Failed', tone: 'critical' },
  cancelled: { label: 'Cancelled' },
};

const LOOKS = {
  order: ORDER,
  fulfillmentOrder: WORK,
  report: REPORT,
  connection: CONNECTION,
  inbox: INBOX,
  job: JOB,
} as const;

type StatusBadgeProps = { readonly of: keyof typeof LOOKS; readonly status: string };

type OrderUnits = {
  readonly status: string;
  readonly unitsOrdered: number;
  readonly unitsShort: number;
  readonly unitsUnmatched: number;
  readonly unitsShipped: number;
};

/** An order's status as shown: an open one of which nothing can leave is not "to ship". */
export function shownStatus(order: OrderUnits): string {
  const { status, unitsOrdered, unitsShort, unitsUnmatched, unitsShipped } = order;
  const nothing = unitsOrdered - unitsShort - unitsUnmatched - unitsShipped <= 0;
  return status === 'open' && unitsShort > 0 && nothing ? 'waiting_for_stock' : status;
}

/** A status in words and in the tone it has everywhere. One we do not know is shown as it is. */
export function StatusBadge({ of, status }: StatusBadgeProps) {
  const { label, ...look } = LOOKS[of][status] ?? { label: status.replaceAll('_', ' ') };
  return <Badge {...look}>{label}</Badge>;
}
