import {
  type ActionFunctionArgs,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
  unstable_parseMultipartFormData as parseMultipart,
} from '@remix-run/node';
import { boundary } from '@shopify/shopify-app-remix/server';
import { receiveCountFile } from '#app/operations/stock/receive-count-file';
import { isId } from '#app/platform/ids';
import { ImportPage, type ImportAnswer } from '#app/ui/counts/import-page';
import { PageError } from '#app/ui/frame/page-error';
import { requireMerchant, wiring } from '#app/wiring.server';

export const meta: MetaFunction = () => [{ title: 'Import stock · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  await requireMerchant(request);
  return null;
}

/** Longer than an id; a field that is longer is none of ours. */
const FIELD_BYTES_MAX = 100;

/** Takes a file in, piece by piece as it arrives: it is never in memory as a whole. */
export async function action({ request }: ActionFunctionArgs): Promise<ImportAnswer> {
  const { merchantId, actor } = await requireMerchant(request);
  const fields = new Map<string, string>();
  let answer: ImportAnswer = { ok: false, message: 'Choose a file.' };
  let refusedFields = false;
  const work = async ({ name, filename, data }: UploadPart): Promise<string | null> => {
    if (filename === undefined) {
      const value = await shortText(data);
      if (value === null) refusedFields = true;
      else fields.set(name, value);
      return value;
    }
    const [id, locationId] = [fields.get('id') ?? '', fields.get('locationId') ?? ''];
    if (refusedFields || name !== 'file' || filename === '' || !isId(id)) return null;
    const received = await receiveCountFile(wiring().ctx, {
      merchantId,
      actor,
      id,
      fileName: filename,
      locationId: isId(locationId) ? locationId : null,
      bytes: data,
    });
    answer =
      received.status === 'done'
        ? { ok: true, message: 'File received', countId: received.countId }
        : { ok: false, message: received.message };
    return null;
  };
  if (!(request.headers.get('content-type') ?? '').startsWith('multipart/form-data')) return answer;
  try {
    await parseMultipart(request, work);
  } catch (problem) {
    if (!(problem instanceof Error) || !/multipart|boundary/i.test(problem.message)) throw problem;
    return { ok: false, message: 'The file did not arrive whole: try again.' };
  }
  return answer;
}

type UploadPart = {
  readonly name: string;
  readonly filename?: string;
  readonly data: AsyncIterable<Uint8Array>;
};

async function shortText(data: AsyncIterable<Uint8Array>): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of data) {
    bytes += piece.byteLength;
    if (bytes > FIELD_BYTES_MAX) return null;
    pieces.push(Uint8Array.from(piece));
  }
  return Buffer.concat(pieces).toString();
}

export default function Import() {
  return <ImportPage />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
