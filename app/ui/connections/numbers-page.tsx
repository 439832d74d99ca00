import { SaveBar } from '@shopify/app-bridge-react';
import { Badge, Banner, BlockStack, Button, InlineStack, Page, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { ChannelPolicy } from '#app/queries/connections/get-policy';
import type {
  NumberTotals,
  NumberView,
  PreviewedNumber,
  Proposal,
} from '#app/queries/connections/preview-numbers';
import type { Page as RowsPage } from '#app/queries/paging';
import { Ago } from '../parts/moment';
import { useAddress } from '../parts/use-address';
import { useDownload } from '../parts/use-download';
import {
  GoLiveDialog,
  PauseDialog,
  SaveDialog,
  SendHeldDialog,
  brakedSentence,
} from './numbers-dialogs';
import { type PolicyDraft, usePolicyDraft } from './numbers-draft';
import { PolicyForm } from './numbers-policy-form';
import { NumbersTable } from './numbers-table';

type NumbersPageProps = {
  readonly policy: ChannelPolicy;
  readonly proposal: Proposal;
  readonly view: NumberView;
  readonly numbers: RowsPage<PreviewedNumber>;
  readonly totals: NumberTotals;
};

type Open = 'save' | 'go-live' | 'pause' | 'send-held';

/** How a channel's numbers are made, every one of them before it is sent, and whether they are. */
export function NumbersPage({ policy, proposal, view, numbers, totals }: NumbersPageProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const form = usePolicyDraft(policy, proposal);
  const address = useAddress();
  const file = useDownload();
  const close = () => {
    setOpen(null);
  };
  const savable =
    form.changed && form.problem === null && (policy.perLocation || form.draft.from.length > 0);
  const policyForm = (
    <PolicyForm
      policy={policy}
      proposal={proposal}
      draft={form.draft}
      problem={form.problem}
      onEdit={form.edit}
    />
  );
  const table = (
    <NumbersTable
      numbers={numbers}
      totals={totals}
      policy={proposal}
      view={view}
      braked={policy.braked !== null}
      searched={address.read('q') !== ''}
      download={{
        busy: file.busy,
        start: () => {
          file.download(csvPath(policy, address.read), 'numbers.csv');
        },
      }}
    />
  );
  return (
    <Page
      title="Numbers"
      subtitle={policy.name}
      backAction={{ content: policy.name, url: `/app/channels/${policy.id}` }}
      titleMetadata={<LiveBadge policy={policy} />}
      {...pageActions(policy, form.changed, setOpen)}
    >
      <SaveBar open={form.changed}>
        <button
          variant="primary"
          onClick={() => {
            // What is wrong is said beside the fields.
            if (savable) setOpen('save');
          }}
        />
        <button onClick={form.discard} />
      </SaveBar>
      <BlockStack gap="400">
        <StandingBanner policy={policy} onOpen={setOpen} />
        {file.problem !== null && <Banner tone="critical">{file.problem}</Banner>}
        {policy.braked === null && policyForm}
        {table}
        {policy.braked !== null && policyForm}
      </BlockStack>
      {open !== null && (
        <OpenDialog
          open={open}
          policy={policy}
          totals={totals}
          draft={form.draft}
          counting={form.behind}
          onClose={close}
        />
      )}
    </Page>
  );
}

type OpenDialogProps = {
  readonly open: Open;
  readonly policy: ChannelPolicy;
  readonly totals: NumberTotals;
  readonly draft: PolicyDraft;
  readonly counting: boolean;
  readonly onClose: () => void;
};

function OpenDialog({ open, draft, counting, ...rest }: OpenDialogProps) {
  switch (open) {
    case 'save':
      return <SaveDialog {...rest} draft={draft} counting={counting} />;
    case 'go-live':
      return <GoLiveDialog {...rest} />;
    case 'pause':
      return <PauseDialog policy={rest.policy} onClose={rest.onClose} />;
    case 'send-held': {
      const { policy, onClose } = rest;
      return policy.braked === null ? null : (
        <SendHeldDialog policy={policy} braked={policy.braked} onClose={onClose} />
      );
    }
  }
}

function csvPath({ id }: ChannelPolicy, read: (name: string) => string): string {
  const params = new URLSearchParams(
    ['share', 'buffer', 'cap', 'from'].flatMap((name) =>
      read(name) === '' ? [] : [[name, read(name)]],
    ),
  );
  return `/app/channels/${id}/numbers.csv?${params.toString()}`;
}

function pageActions(policy: ChannelPolicy, changed: boolean, onOpen: (open: Open) => void) {
  if (policy.status === 'disconnected') return {};
  if (policy.publishing) {
    return {
      secondaryActions: [
        {
          content: 'Stop sending',
          destructive: true,
          onAction: () => {
            onOpen('pause');
          },
        },
      ],
    };
  }
  return {
    primaryAction: {
      content: 'Go live',
      disabled: !policy.imported || changed,
      onAction: () => {
        onOpen('go-live');
      },
    },
  };
}

function LiveBadge({ policy }: { readonly policy: ChannelPolicy }) {
  if (policy.braked !== null) return <Badge tone="critical">Held back</Badge>;
  if (!policy.publishing) return <Badge>Not live</Badge>;
  return policy.imported ? (
    <Badge tone="success">Live</Badge>
  ) : (
    <Badge tone="attention">Live after its orders are read</Badge>
  );
}

type StandingBannerProps = {
  readonly policy: ChannelPolicy;
  readonly onOpen: (open: Open) => void;
};

/** What keeps numbers from being sent, and what to do about it. */
function StandingBanner({ policy, onOpen }: StandingBannerProps) {
  const { braked } = policy;
  if (braked !== null) {
    return (
      <Banner tone="critical" title="The brake holds these numbers back">
        <BlockStack gap="300">
          <Text as="p">
            {brakedSentence(braked)}{' '}
            {braked.hold === 'raises'
              ? 'Numbers that fall are sent; those that rise wait for you.'
              : 'Only numbers that orders lower are sent; the others wait for you.'}{' '}
            Put the stock right and it lets go by itself.
          </Text>
          <Text as="p" tone="subdued">
            Held back <Ago at={braked.since} />
          </Text>
          <InlineStack gap="200">
            <Button
              onClick={() => {
                onOpen('send-held');
              }}
            >
              Send them
            </Button>
            <Button
              onClick={() => {
                onOpen('pause');
              }}
            >
              Stop and look
            </Button>
          </InlineStack>
        </BlockStack>
      </Banner>
    );
  }
  if (policy.status === 'disconnected') {
    return <Banner tone="warning">This channel is disconnected: no numbers are sent.</Banner>;
  }
  if (!policy.imported) {
    return (
      <Banner tone="info">
        {policy.publishing
          ? 'Its orders are being read. Its numbers are sent after that.'
          : 'Its orders are being read. It can go live after that.'}
      </Banner>
    );
  }
  if (!policy.publishing) {
    return (
      <Banner tone="info">Not live: the channel is told nothing. Look at the numbers first.</Banner>
    );
  }
  return null;
}
