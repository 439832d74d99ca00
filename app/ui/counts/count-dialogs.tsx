import { ChoiceList, List, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { CountDetails } from '#app/queries/counts/get-count';
import { Dialog } from '../parts/dialog';
import { useDialogForm } from '../parts/use-dialog-form';
import { countOf } from '../words/numbers';

type CountDialogProps = { readonly count: CountDetails; readonly onClose: () => void };

function pathOf(count: CountDetails): string {
  return `/app/inventory/counts/${count.id}`;
}

/** Says what posting does, and asks what an uncounted item is. */
export function PostDialog({ count, onClose }: CountDialogProps) {
  const form = useDialogForm(pathOf(count), onClose);
  const [rest, setRest] = useState('leave');
  const { lines = 0, counted = 0, problems = 0, differing = 0 } = count.tally ?? {};
  const left = lines - counted - problems;
  return (
    <Dialog
      title={`Post “${count.name}”?`}
      action="Post"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'post', rest });
      }}
      onClose={onClose}
    >
      <List>
        <List.Item>
          {count.kind === 'cycle' && count.blind
            ? `${countOf(counted, 'item')} are brought to what was counted.`
            : `${countOf(differing, 'level')} will change; ${countOf(counted - differing, 'line')} are as expected.`}
        </List.Item>
        {problems > 0 && (
          <List.Item>{`${countOf(problems, 'row')} with a problem change nothing.`}</List.Item>
        )}
        <List.Item>
          What leaves or arrives after it was counted is taken into account, and no level goes below
          zero.
        </List.Item>
        <List.Item>
          Channels are told the new numbers, unless a channel’s brake waits for you to agree. You
          can undo it.
        </List.Item>
      </List>
      {count.kind === 'cycle' && left > 0 && (
        <ChoiceList
          title={`${countOf(left, 'item')} nobody has counted`}
          choices={[
            { label: 'Leave them as they are', value: 'leave' },
            { label: 'Set them to 0: they are not there', value: 'zero' },
          ]}
          selected={[rest]}
          onChange={([chosen]) => {
            setRest(chosen ?? 'leave');
          }}
        />
      )}
    </Dialog>
  );
}

/** Says what undoing can and cannot do. */
export function UndoDialog({ count, onClose }: CountDialogProps) {
  const form = useDialogForm(pathOf(count), onClose);
  return (
    <Dialog
      title={`Undo “${count.name}”?`}
      action="Undo count"
      closeLabel="Keep it"
      destructive
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'undo' });
      }}
      onClose={onClose}
    >
      <Text as="p">
        {`${countOf(count.summary.changed ?? 0, 'level')} are moved back by exactly what this count has moved. Units that were sold or moved since cannot be taken back: you will see which.`}
      </Text>
    </Dialog>
  );
}

/** Asks before numbers that somebody has counted are put aside. */
export function CancelDialog({ count, onClose }: CountDialogProps) {
  const form = useDialogForm(pathOf(count), onClose);
  return (
    <Dialog
      title={`Give up “${count.name}”?`}
      action="Give up"
      closeLabel="Go on with it"
      destructive
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'cancel' });
      }}
      onClose={onClose}
    >
      <Text as="p">Its numbers will not be posted. No stock has changed.</Text>
    </Dialog>
  );
}

/** Asks before differing numbers are taken off the list for a second look. */
export function RecountDialog({ count, onClose }: CountDialogProps) {
  const form = useDialogForm(pathOf(count), onClose);
  const { differing = 0 } = count.tally ?? {};
  return (
    <Dialog
      title="Recount differences?"
      action="Recount"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        form.send({ intent: 'recount' });
      }}
      onClose={onClose}
    >
      <Text as="p">
        {`${countOf(differing, 'item')} whose number is not the expected one go back on the list to be counted again. The first number is kept beside the second.`}
      </Text>
    </Dialog>
  );
}
