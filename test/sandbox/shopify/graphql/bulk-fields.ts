import { beginBulkOperation, bulkFileUrl, bulkStatus } from '../bulk-operations';
import type { BulkOperation } from '../bulk-state';
import { connection, type PageArgs } from './connection';
import type { Context, Fields } from './context';
import { bulkRefusal, exportRows } from './export-rows';

const isDone = (context: Context, operation: BulkOperation): boolean =>
  bulkStatus(context.shop, operation) !== 'RUNNING';

const operationFields: Fields<BulkOperation> = {
  status: (operation, _args, { shop }) => bulkStatus(shop, operation),
  errorCode: (operation, _args, context) =>
    operation.ending === 'FAILED' && isDone(context, operation) ? 'INTERNAL_SERVER_ERROR' : null,
  completedAt: (operation, _args, context) =>
    isDone(context, operation) ? operation.doneAt : null,
  rootObjectCount: (operation) => String(operation.roots),
  objectCount: (operation) => String(operation.objects),
  fileSize: (operation, _args, context) =>
    isDone(context, operation) && operation.ending === 'COMPLETED'
      ? String(operation.file?.length ?? 0)
      : null,
  url: (operation, _args, context) =>
    isDone(context, operation) && operation.ending === 'COMPLETED' && operation.objects > 0
      ? bulkFileUrl(context.shop, operation)
      : null,
  partialDataUrl: (operation, _args, context) =>
    isDone(context, operation) && operation.ending === 'FAILED'
      ? bulkFileUrl(context.shop, operation)
      : null,
};

export const bulkQueries: Fields<unknown> = {
  bulkOperation: (_root, args: { id: string }, { shop }) =>
    shop.bulk.operations.get(args.id) ?? null,
  bulkOperations: (_root, args: PageArgs & { query?: string | null }, { shop }) => {
    if (args.query !== 'operation_type:query') {
      throw new Error(`simulator: bulkOperations by ${String(args.query)} not implemented`);
    }
    return connection([...shop.bulk.operations.values()], args, (one) => one.createdAt.getTime());
  },
};

type RunArgs = { query: string; groupObjects: boolean };

export const bulkMutations: Fields<unknown> = {
  bulkOperationRunQuery: (_root, args: RunArgs, context, info) => {
    const refuse = (code: string, message: string): object => ({
      bulkOperation: null,
      userErrors: [{ __typename: 'BulkOperationUserError', code, field: ['query'], message }],
    });
    if (!args.groupObjects) throw new Error('simulator: bulk without groupObjects not implemented');
    const refusal = bulkRefusal(info.schema, args.query);
    if (refusal !== null) return refuse('INVALID', refusal);
    const { behaviour, operations } = context.shop.bulk;
    const running = [...operations.values()].some((one) => !isDone(context, one));
    if (running || behaviour.busy) {
      const message = 'A bulk query operation for this app and shop is already in progress.';
      return refuse('OPERATION_IN_PROGRESS', message);
    }
    const operation = beginBulkOperation(context.shop, args.query, () =>
      exportRows(info.schema, { ...context, objects: 0 }, args.query),
    );
    return { bulkOperation: operation, userErrors: [] };
  },
};

export const bulkResolvers = { BulkOperation: operationFields };
