import { FormLayout, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { Dialog } from '../parts/dialog';
import { isWebAddress } from '../parts/links';
import { useDialogForm } from '../parts/use-dialog-form';

/** Connects a WooCommerce store with a key made in its settings. */
export function ConnectDialog({ onClose }: { readonly onClose: () => void }) {
  const form = useDialogForm('/app/channels?index', onClose);
  const [storeUrl, setStoreUrl] = useState('');
  const [name, setName] = useState('');
  const [consumerKey, setKey] = useState('');
  const [consumerSecret, setSecret] = useState('');
  const [tried, setTried] = useState(false);
  const problems = {
    storeUrl: isWebAddress(storeUrl.trim()) ? null : 'Enter the full address of the store',
    consumerKey: consumerKey.trim() === '' ? 'Enter the consumer key' : null,
    consumerSecret: consumerSecret.trim() === '' ? 'Enter the consumer secret' : null,
  };
  const problem = (name: keyof typeof problems) => (tried ? (problems[name] ?? false) : false);
  return (
    <Dialog
      title="Connect a WooCommerce store"
      action="Connect"
      busy={form.busy}
      problem={form.problem}
      onSubmit={() => {
        setTried(true);
        if (Object.values(problems).some((text) => text !== null)) return;
        form.send({
          intent: 'connect-woocommerce',
          storeUrl: storeUrl.trim(),
          name: name.trim(),
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
      <FormLayout>
        <TextField
          label="Store address"
          type="url"
          autoComplete="off"
          placeholder="https://"
          value={storeUrl}
          onChange={setStoreUrl}
          error={problem('storeUrl')}
        />
        <TextField
          label="Name"
          autoComplete="off"
          placeholder="Outlet store"
          value={name}
          onChange={setName}
          maxLength={80}
          helpText="What you call it. Its address, if you leave this empty."
        />
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
    </Dialog>
  );
}
