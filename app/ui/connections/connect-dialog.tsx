import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, FormLayout, Text, TextField } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { Dialog } from '../parts/dialog';
import { type FormAnswer, useDialogForm } from '../parts/use-dialog-form';

/** What the form answers: `goTo` is the store's own page, where its owner approves. */
export type GrantAnswer =
  | { readonly ok: true; readonly message: string; readonly goTo: string }
  | Extract<FormAnswer, { readonly ok: false }>;

const CHANNELS = '/app/channels?index';

/** Connects a WooCommerce store: by approving in the store, or with a key made there by hand. */
export function ConnectDialog({ onClose }: { readonly onClose: () => void }) {
  const [storeUrl, setStoreUrl] = useState('');
  const [name, setName] = useState('');
  const [byHand, setByHand] = useState(false);
  const store = { storeUrl, setStoreUrl, name, setName };
  return byHand ? (
    <KeysDialog
      store={store}
      onClose={onClose}
      onOther={() => {
        setByHand(false);
      }}
    />
  ) : (
    <GrantDialog
      store={store}
      onClose={onClose}
      onOther={() => {
        setByHand(true);
      }}
    />
  );
}

type StoreFields = {
  readonly storeUrl: string;
  readonly setStoreUrl: (text: string) => void;
  readonly name: string;
  readonly setName: (text: string) => void;
};

type WayProps = {
  readonly store: StoreFields;
  readonly onClose: () => void;
  /** The person would rather take the other way. */
  readonly onOther: () => void;
};

/** Sends the person to their store, which brings the keys itself. */
function GrantDialog({ store, onClose, onOther }: WayProps) {
  const fetcher = useFetcher<GrantAnswer>();
  const [key] = useState(() => crypto.randomUUID());
  const [tried, setTried] = useState(false);
  const answer = fetcher.state === 'idle' ? fetcher.data : undefined;
  const goTo = answer?.ok === true ? answer.goTo : null;
  useEffect(() => {
    // The store's page refuses to be framed, so it takes the place of the whole admin.
    if (goTo !== null) window.open(goTo, '_top');
  }, [goTo]);
  return (
    <Dialog
      title="Connect a WooCommerce store"
      action="Continue in the store"
      busy={fetcher.state !== 'idle'}
      problem={answer?.ok === false ? answer.message : null}
      onSubmit={() => {
        setTried(true);
        if (store.storeUrl.trim() === '' || fetcher.state !== 'idle') return;
        const fields = { storeUrl: store.storeUrl.trim(), name: store.name.trim(), key };
        fetcher.submit(
          { intent: 'grant-woocommerce', ...fields },
          { method: 'post', action: CHANNELS },
        );
      }}
      onClose={onClose}
    >
      <Text as="p">
        Your store opens and asks whether Crossdock may read and write its products and orders.
        Approve there, and you come back here.
      </Text>
      <StoreForm store={store} tried={tried} />
      {goTo !== null && (
        <Text as="p">
          <a href={goTo} target="_top" className="Polaris-Link">
            Open the store if it did not open by itself
          </a>
        </Text>
      )}
      <OtherWay text="Enter keys by hand" onOther={onOther} />
    </Dialog>
  );
}

/** Takes a key pair made in the store's settings. */
function KeysDialog({ store, onClose, onOther }: WayProps) {
  const form = useDialogForm(CHANNELS, onClose);
  const [consumerKey, setKey] = useState('');
  const [consumerSecret, setSecret] = useState('');
  const [tried, setTried] = useState(false);
  const problems = {
    consumerKey: consumerKey.trim() === '' ? 'Enter the consumer key' : null,
    consumerSecret: consumerSecret.trim() === '' ? 'Enter the consumer secret' : null,
  };
  const problem = (field: keyof typeof problems) => (tried ? (problems[field] ?? false) : false);
  return (
    <Dialog
      title="Connect a WooCommerce store"
      action="Connect"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        setTried(true);
        const missing = Object.values(problems).some((text) => text !== null);
        if (missing || store.storeUrl.trim() === '') return;
        form.send({
          intent: 'connect-woocommerce',
          storeUrl: store.storeUrl.trim(),
          name: store.name.trim(),
          consumerKey: consumerKey.trim(),
          consumerSecret: consumerSecret.trim(),
        });
      }}
      onClose={onClose}
    >
      <Text as="p">
        In WordPress, open WooCommerce › Settings › Advanced › REST API, add a key with read and
        write permission, and copy it here.
      </Text>
      <StoreForm store={store} tried={tried} />
      <FormLayout>
        <TextField
          label="Consumer key"
          autoComplete="off"
          spellCheck={false}
          value={consumerKey}
          onChange={setKey}
          error={problem('consumerKey')}
        />
        <TextField
          label="Consumer secret"
          type="password"
          autoComplete="new-password"
          value={consumerSecret}
          onChange={setSecret}
          error={problem('consumerSecret')}
          helpText="Kept encrypted, and never shown again."
        />
      </FormLayout>
      <OtherWay text="Approve in the store instead" onOther={onOther} />
    </Dialog>
  );
}

function StoreForm({ store, tried }: { readonly store: StoreFields; readonly tried: boolean }) {
  return (
    <FormLayout>
      <TextField
        label="Store address"
        inputMode="url"
        autoComplete="off"
        placeholder="https://"
        value={store.storeUrl}
        onChange={store.setStoreUrl}
        error={tried && store.storeUrl.trim() === '' ? 'Enter the address of the store' : false}
        helpText="As it stands in the browser when you visit the store."
      />
      <TextField
        label="Name"
        autoComplete="off"
        placeholder="Outlet store"
        value={store.name}
        onChange={store.setName}
        maxLength={80}
        helpText="What you call it. Its address, if you leave this empty."
      />
    </FormLayout>
  );
}

function OtherWay({ text, onOther }: { readonly text: string; readonly onOther: () => void }) {
  return (
    <BlockStack inlineAlign="start">
      <Button variant="plain" onClick={onOther}>
        {text}
      </Button>
    </BlockStack>
  );
}
