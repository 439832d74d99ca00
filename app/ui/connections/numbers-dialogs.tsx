import { List, Text } from '@shopify/polaris';
import type { Braked, ChannelPolicy } from '#app/queries/connections/get-policy';
import type { NumberTotals } from '#app/queries/connections/preview-numbers';
import { Dialog } from '../parts/dialog';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf, formatCount } from '../words/numbers';
import type { PolicyDraft } from './numbers-draft';
import { totalsSentence } from './numbers-words';

type NumbersDialogProps = {
  readonly policy: ChannelPolicy;
  readonly totals: NumberTotals;
  readonly onClose: () => void;
};

const pathOf = ({ id }: ChannelPolicy): string => `/app/channels/${id}/numbers`;

type SaveDialogProps = NumbersDialogProps & {
  readonly draft: PolicyDraft;
  /** The totals are of an earlier draft still. */
  readonly counting: boolean;
};

/** Asks before a policy is saved, and says what it changes. */
export function SaveDialog(props: SaveDialogProps) {
  const { policy, totals, draft, counting, onClose } = props;
  const form = useDialogForm(pathOf(policy), onClose);
  const live = policy.publishing && policy.status !== 'disconnected';
  return (
    <Dialog
      title={`Change the numbers of ${policy.name}?`}
      action={live ? 'Save and send' : 'Save'}
      busy={form.busy || counting}
      problem={form.problem}
      onSubmit={() => {
        const { from, ...fields } = draft;
        form.send({
          ...fields,
          intent: 'save-policy',
          from: policy.perLocation ? '' : from.join(','),
        });
      }}
      onClose={onClose}
    >
      <Text as="p">{totalsSentence(totals)}</Text>
      <Text as="p" tone="subdued">
        {live ? 'The channel is told at once.' : 'The channel is told nothing until it goes live.'}
      </Text>
    </Dialog>
  );
}

/** Asks before the first numbers are sent. */
export function GoLiveDialog({ policy, totals, onClose }: NumbersDialogProps) {
  const form = useDialogForm(pathOf(policy), onClose);
  return (
    <Dialog
      title={`Go live on ${policy.name}?`}
      action="Go live"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'go-live' });
      }}
      onClose={onClose}
    >
      <Text as="p">{totalsSentence(totals)}</Text>
      <Text as="p" tone="subdued">
        From now on Crossdock keeps these numbers: a number edited in the channel is put back.
      </Text>
    </Dialog>
  );
}

/** Asks before numbers stop being sent, and says what that means. */
export function PauseDialog({ policy, onClose }: Omit<NumbersDialogProps, 'totals'>) {
  const form = useDialogForm(pathOf(policy), onClose);
  return (
    <Dialog
      title={`Stop sending numbers to ${policy.name}?`}
      action="Stop sending"
      closeLabel="Keep sending"
      destructive
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'pause' });
      }}
      onClose={onClose}
    >
      <List>
        <List.Item>
          It keeps the numbers it has, also when other channels sell: it can sell what is gone.
        </List.Item>
        <List.Item>Its orders are still taken, and still lower the other channels.</List.Item>
        <List.Item>All its numbers are sent when you go live again.</List.Item>
      </List>
    </Dialog>
  );
}

type SendHeldDialogProps = Omit<NumbersDialogProps, 'totals'> & { readonly braked: Braked };

/** Asks before what the brake holds is sent. */
export function SendHeldDialog({ policy, braked, onClose }: SendHeldDialogProps) {
  const form = useDialogForm(pathOf(policy), onClose);
  return (
    <Dialog
      title={`Send them to ${policy.name}?`}
      action="Send them"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'send-held' });
      }}
      onClose={onClose}
    >
      <Text as="p">{brakedSentence(braked)}</Text>
      <Text as="p" tone="subdued">
        What changes after this is measured anew.
      </Text>
    </Dialog>
  );
}

/** "40 of 40 listings would change: 0 up, 40 down, 40 of them to 0." */
export function brakedSentence({ changes, live, raises, drops, toZero }: Braked): string {
  const zero = toZero > 0 ? `, ${formatCount(toZero)} to 0` : '';
  return `${formatCount(changes)} of ${countOf(live, 'listing')} would change at once: ${formatCount(raises)} up, ${formatCount(drops)} down${zero}.`;
}
