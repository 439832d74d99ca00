import { useFetcher, useNavigate } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Button,
  Card,
  DropZone,
  FormLayout,
  InlineStack,
  List,
  Page,
  Select,
  Text,
} from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { showToast } from '../frame/admin';
import { useMerchant } from '../frame/merchant-context';
import { useDownload } from '../parts/use-download';
import { OneLine } from '../parts/text-of-strangers';

/** What the page's action answers. */
export type ImportAnswer =
  | { readonly ok: true; readonly message: string; readonly countId: string }
  | { readonly ok: false; readonly message: string };

const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** A file with counted numbers: what it needs, and where it goes. */
export function ImportPage() {
  const { locations } = useMerchant();
  const [file, setFile] = useState<File | null>(null);
  const [locationId, setLocationId] = useState('');
  const [tooLarge, setTooLarge] = useState(false);
  const upload = useUpload();
  const problem = tooLarge
    ? 'The file is larger than 64 MB: split it into several files.'
    : upload.problem;
  return (
    <Page
      title="Import stock"
      backAction={{ content: 'Counts', url: '/app/inventory/counts' }}
      primaryAction={{
        content: 'Read the file',
        loading: upload.busy,
        disabled: file === null || tooLarge,
        onAction: () => {
          if (file !== null) upload.send(file, locationId);
        },
      }}
    >
      <BlockStack gap="400">
        {problem !== null && <Banner tone="critical">{problem}</Banner>}
        <Card>
          <FormLayout>
            <DropZone
              label="CSV file"
              allowMultiple={false}
              variableHeight
              disabled={upload.busy}
              onDrop={(_all, accepted) => {
                const chosen = accepted[0] ?? null;
                setFile(chosen);
                setTooLarge(chosen !== null && chosen.size > FILE_BYTES_MAX);
              }}
            >
              <div style={{ padding: 'var(--p-space-600) var(--p-space-400)' }}>
                <BlockStack gap="100" inlineAlign="center">
                  {file === null ? (
                    <Text as="p" alignment="center">
                      Choose a file or drop it here
                    </Text>
                  ) : (
                    <>
                      <Text as="p" fontWeight="semibold" alignment="center">
                        <OneLine text={file.name} fallback="File" />
                      </Text>
                      <Text as="p" tone="subdued" alignment="center">
                        {sizeWords(file.size)}
                      </Text>
                    </>
                  )}
                </BlockStack>
              </div>
            </DropZone>
            <Select
              label="Rows that name no location"
              options={[
                { label: 'are refused, if you have several locations', value: '' },
                ...locations.map(({ id, name }) => ({
                  label: `were counted at ${name}`,
                  value: id,
                })),
              ]}
              value={locationId}
              onChange={setLocationId}
              disabled={upload.busy}
            />
          </FormLayout>
        </Card>
        <FileHelp />
      </BlockStack>
    </Page>
  );
}

function FileHelp() {
  const { download, busy, problem } = useDownload();
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm">
          What the file needs
        </Text>
        <List>
          <List.Item>A heading row, and a row for each item and location.</List.Item>
          <List.Item>
            A column SKU (or Barcode), a column Location, and a column On hand, Counted or Quantity:
            all units that are there, also those promised to orders. A column Available is taken for
            what can still be sold.
          </List.Item>
          <List.Item>Whole numbers without separators. Columns may stand in any order.</List.Item>
          <List.Item>
            Shopify’s inventory export works as it is: numbers in On hand (new) are set, rows
            without one stay as they are.
          </List.Item>
          <List.Item>At most 64 MB and 500,000 rows.</List.Item>
        </List>
        <Text as="p">
          You see every change and every problem before anything is changed, and can undo it after.
        </Text>
        {problem !== null && <Banner tone="critical">{problem}</Banner>}
        <InlineStack>
          <Button
            loading={busy}
            onClick={() => {
              download('/app/inventory/export', 'stock.csv');
            }}
          >
            Export stock as a file to start from
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function useUpload() {
  const fetcher = useFetcher<ImportAnswer>();
  const navigate = useNavigate();
  const { data, state } = fetcher;
  useEffect(() => {
    if (state !== 'idle' || data?.ok !== true) return;
    showToast(data.message);
    navigate(`/app/inventory/counts/${data.countId}`);
  }, [data, state, navigate]);
  return {
    busy: state !== 'idle' || data?.ok === true,
    problem: state === 'idle' && data?.ok === false ? data.message : null,
    send: (file: File, locationId: string) => {
      if (state !== 'idle') return;
      const form = new FormData();
      // Before the file: the server reads the parts in their order, and keeps no file to wait.
      form.set('id', crypto.randomUUID());
      form.set('locationId', locationId);
      form.set('file', file);
      fetcher.submit(form, { method: 'post', encType: 'multipart/form-data' });
    },
  };
}

function sizeWords(bytes: number): string {
  if (bytes < 1024 * 1024) return `${String(Math.max(1, Math.round(bytes / 1024)))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
