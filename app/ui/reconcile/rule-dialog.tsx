import { ChoiceList } from '@shopify/polaris';
import { useState } from 'react';
import type { ReconcileChannel } from '#app/queries/reconcile/list-runs';
import { Dialog } from '../parts/dialog';
import { useDialogForm } from '../parts/use-dialog-form';

const RULES = [
  {
    value: 'publish',
    label: 'Send our number again',
    helpText: 'Crossdock decides. What somebody types into the store is undone at the next check.',
  },
  {
    value: 'accept',
    label: 'Take their number as a count',
    helpText:
      'What somebody types into the store is taken as a count of the one location behind it, and reaches every other channel. Where several locations or a kit stand behind a number, you are asked. A sale there in the meantime sends our number first.',
  },
  {
    value: 'ask',
    label: 'Ask me',
    helpText:
      'The difference waits on this page. Until you decide, or until a sale changes our number, the store sells what it shows, which can be too much.',
  },
] as const;

/** What a check does with a number that was changed in the channel and that no order explains. */
export function RuleDialog({
  channel,
  onClose,
}: {
  readonly channel: ReconcileChannel;
  readonly onClose: () => void;
}) {
  const form = useDialogForm('/app/reconciliation?index', onClose);
  const [rule, setRule] = useState(channel.repairRule);
  return (
    <Dialog
      title={`When a number was changed in ${channel.name}`}
      action="Save"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'set-rule', connectionId: channel.id, rule });
      }}
      onClose={onClose}
    >
      <ChoiceList
        title="Orders of the channel are always read first. If none explains the number"
        choices={RULES.map((choice) => ({ ...choice }))}
        selected={[rule]}
        onChange={([chosen]) => {
          setRule(chosen ?? rule);
        }}
      />
    </Dialog>
  );
}
