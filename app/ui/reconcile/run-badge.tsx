import { Badge, type BadgeProps } from '@shopify/polaris';

const LOOKS: Readonly<Record<string, { label: string; tone?: NonNullable<BadgeProps['tone']> }>> = {
  running: { label: 'Running', tone: 'attention' },
  done: { label: 'Done', tone: 'success' },
  failed: { label: 'Failed', tone: 'critical' },
  cancelled: { label: 'Stopped' },
};

/** How a check stands. */
export function RunBadge({ state }: { readonly state: string }) {
  const { label, ...look } = LOOKS[state] ?? { label: state };
  return <Badge {...look}>{label}</Badge>;
}
