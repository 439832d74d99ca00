import { Banner, BlockStack, Modal } from '@shopify/polaris';
import type { ReactNode } from 'react';

type DialogProps = {
  readonly title: string;
  readonly action: string;
  readonly destructive?: boolean;
  readonly busy: boolean;
  readonly problem: string | null;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** What the other button says when "Cancel" could be misread. */
  readonly closeLabel?: string;
};

/** A form or a question in a modal: what went wrong stays on top of it, in red, until solved. */
export function Dialog(props: DialogProps) {
  const { title, action, destructive = false, busy, problem, onSubmit, onClose, children } = props;
  return (
    <Modal
      open
      title={title}
      onClose={onClose}
      primaryAction={{ content: action, destructive, loading: busy, onAction: onSubmit }}
      secondaryActions={[
        { content: props.closeLabel ?? 'Cancel', disabled: busy, onAction: onClose },
      ]}
    >
      <Modal.Section>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          <BlockStack gap="400">
            {problem !== null && <Banner tone="critical">{problem}</Banner>}
            {children}
          </BlockStack>
          {/* Enter in a text field sends the form only when the form has a submit button. */}
          <button type="submit" hidden aria-hidden tabIndex={-1} disabled={busy} />
        </form>
      </Modal.Section>
    </Modal>
  );
}
