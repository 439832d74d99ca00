import type { SandboxReply, SandboxRequest } from '../core';
import type { BulkOperation } from './bulk-state';
import { newId, type ShopState } from './state';

/** What an operation is at this moment, as Shopify shows it. */
export function bulkStatus(shop: ShopState, operation: BulkOperation): string {
  const isDone = operation.file !== null && shop.clock.now() >= operation.doneAt;
  return isDone ? operation.ending : 'RUNNING';
}

/** Notes a new operation; its rows are being written by `write`. */
export function beginBulkOperation(
  shop: ShopState,
  query: string,
  write: () => Promise<{ lines: string[]; roots: number }>,
): BulkOperation {
  const { behaviour, operations } = shop.bulk;
  const createdAt = shop.clock.now();
  const operation: BulkOperation = {
    __typename: 'BulkOperation',
    id: newId(shop, 'BulkOperation'),
    type: 'QUERY',
    query,
    createdAt,
    doneAt: new Date(createdAt.getTime() + behaviour.milliseconds),
    ending: behaviour.endings.shift() ?? 'COMPLETED',
    file: null,
    roots: 0,
    objects: 0,
  };
  operations.set(operation.id, operation);
  const cutOff = behaviour.cutOff.shift();
  const fail = (): void => {
    operation.ending = 'FAILED';
    operation.file = Buffer.alloc(0);
  };
  void write().then(({ lines, roots }) => {
    const whole = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    operation.roots = roots;
    operation.objects = lines.length;
    operation.file =
      cutOff === undefined ? whole : whole.subarray(0, Math.floor(whole.length * cutOff));
  }, fail);
  return operation;
}

/** Where the file of an operation lies: an address that a call of the app may reach. */
export function bulkFileUrl(shop: ShopState, operation: BulkOperation): string {
  if (shop.bulk.behaviour.url !== null) return shop.bulk.behaviour.url;
  const name = operation.id.split('/').at(-1) ?? '';
  return `https://${shop.domain}/bulk-files/${name}.jsonl?signature=${name.slice(-6)}`;
}

/** Serves a file as a storage provider does: without a token, whole or from a byte on. */
export function answerBulkFile(shop: ShopState, request: SandboxRequest): SandboxReply {
  const name = /^\/bulk-files\/(\d+)\.jsonl$/.exec(request.path)?.[1] ?? '';
  const { behaviour, operations } = shop.bulk;
  const file = operations.get(`gid://shopify/BulkOperation/${name}`)?.file ?? null;
  if (file === null || request.query.get('signature') !== name.slice(-6)) {
    return { status: 403, body: 'Forbidden' };
  }
  const range = /^bytes=(\d+)-$/.exec(request.headers['range'] ?? '');
  const from = range === null || behaviour.ignoresRange ? 0 : Number(range[1]);
  if (from >= file.length && from > 0) return { status: 416, body: '' };
  const breakOff = behaviour.breakOffs.shift();
  const body = file.subarray(from, breakOff === undefined ? undefined : from + breakOff);
  const headers = { 'content-type': 'application/jsonl' };
  if (range === null || behaviour.ignoresRange) return { status: 200, headers, body };
  const last = `${String(from)}-${String(file.length - 1)}/${String(file.length)}`;
  return { status: 206, headers: { ...headers, 'content-range': `bytes ${last}` }, body };
}
