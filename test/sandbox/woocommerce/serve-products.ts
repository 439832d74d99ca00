import type { SandboxReply, SandboxRequest } from '../core';
import { announceProduct } from './announce';
import { listPage } from './collections';
import { editedProductBody, productBody, variationBody } from './product-bodies';
import { invalidId, invalidParam, refuse, reply, wordpressError } from './replies';
import type { Body } from './replies';
import { nowOf, takePostId } from './state';
import type { Product, StoreState } from './state';
import { variationsOf } from './stock-facts';
import { setQuantity, touchProduct } from './stock-rules';

const BATCH_MAX = 100;

/** An error of one item, or a whole answer, before its HTTP shape is decided. */
type Refused = { readonly code: string; readonly message: string; readonly data?: Body };

export function listProducts(state: StoreState, request: SandboxRequest): SandboxReply {
  const skus = request.query.get('sku')?.split(',');
  const status = request.query.get('status') ?? 'any';
  const all = [...state.products.values()].filter((product) => {
    if (status === 'any' ? product.status === 'trash' : product.status !== status) return false;
    // Asked for by SKU, variations are found as well; otherwise only what has a page of its own.
    return skus ? skus.includes(product.sku) : product.type !== 'variation';
  });
  return listPage(state, request, all, (product) => productBody(state, product));
}

export function getProduct(state: StoreState, id: number): SandboxReply {
  const product = state.products.get(id);
  return product
    ? reply(200, productBody(state, product))
    : invalidId('woocommerce_rest_product_invalid_id');
}

export function listVariations(
  state: StoreState,
  request: SandboxRequest,
  parentId: number,
): SandboxReply {
  if (!state.products.has(parentId)) return invalidId('woocommerce_rest_product_invalid_id');
  const all = variationsOf(state, parentId).filter((product) => product.status !== 'trash');
  return listPage(state, request, all, (product) => variationBody(state, product));
}

/** The variations of all products (10.3 and later), each naming its parent. */
export function listAllVariations(state: StoreState, request: SandboxRequest): SandboxReply {
  const all = [...state.products.values()].filter(
    (product) => product.type === 'variation' && product.status !== 'trash',
  );
  return listPage(state, request, all, (product) => variationBody(state, product));
}

export function getVariation(state: StoreState, parentId: number, id: number): SandboxReply {
  const product = state.products.get(id);
  return product?.parentId === parentId && product.parentId > 0
    ? reply(200, variationBody(state, product))
    : invalidId('woocommerce_rest_product_variation_invalid_id');
}

export function createProduct(state: StoreState, body: Body, parentId = 0): SandboxReply {
  const refused = createOne(state, body, parentId);
  if (!('code' in refused)) return reply(201, answerBody(state, refused));
  return refuse(refused.code, refused.message, 400, refused.data);
}

function createOne(state: StoreState, body: Body, parentId: number): Product | Refused {
  const clash = skuClash(state, textOf(body['sku']), 0);
  if (clash) return clash;
  const type = parentId > 0 ? 'variation' : body['type'] === 'variable' ? 'variable' : 'simple';
  const at = nowOf(state);
  const product: Product = {
    ...blankProduct(takePostId(state), parentId, type, at),
    name: textOf(body['name']),
  };
  state.products.set(product.id, product);
  applyFields(state, product, body);
  announceProduct(state, product, 'created');
  return product;
}

export function blankProduct(
  id: number,
  parentId: number,
  type: Product['type'],
  createdAt: Date,
): Product {
  return {
    id,
    parentId,
    type,
    name: '',
    sku: '',
    globalUniqueId: '',
    status: 'publish',
    price: '',
    managesStock: false,
    stockQuantity: null,
    backorders: 'no',
    lowStockAmount: null,
    weight: '',
    dimensions: { length: '', width: '', height: '' },
    attributes: [],
    totalSales: 0,
    meta: [],
    createdAt,
    modifiedAt: createdAt,
  };
}

/** A PUT of one product checks its schema; the items of a batch are not checked at all. */
export function updateProduct(
  state: StoreState,
  id: number,
  body: Body,
  parentId: number | null,
): SandboxReply {
  const product = state.products.get(id);
  if (!product) return invalidId('woocommerce_rest_product_invalid_id');
  if (parentId !== null && product.parentId !== parentId) {
    return invalidId('woocommerce_rest_product_variation_invalid_id');
  }
  if (parentId === null && product.type === 'variation') {
    return refuse('woocommerce_rest_invalid_product_id', VARIATION_ELSEWHERE, 404);
  }
  const quantity = body['stock_quantity'];
  if (quantity !== undefined && quantity !== null && !isWhole(quantity)) {
    return invalidParam('stock_quantity', 'stock_quantity is not of type integer.');
  }
  const clash = skuClash(state, textOf(body['sku']), id);
  if (clash) return refuse(clash.code, clash.message, 400, clash.data);
  applyFields(state, product, body);
  return reply(200, answerBody(state, product));
}

const VARIATION_ELSEWHERE =
  'To manipulate product variations you should use the ' +
  '/products/&lt;product_id&gt;/variations/&lt;id&gt; endpoint.';

export function batchProducts(
  state: StoreState,
  body: Body,
  parentId: number | null,
): SandboxReply {
  const create = listOf(body['create']);
  const update = listOf(body['update']);
  if (create.length + update.length > BATCH_MAX) {
    const message = `Unable to accept more than ${BATCH_MAX} items for this request.`;
    return refuse('woocommerce_rest_request_entity_too_large', message, 413);
  }
  const answer: Body = {};
  if (body['create'] !== undefined) {
    answer['create'] = create.map((item) => {
      const made = createOne(state, item, parentId ?? 0);
      return 'code' in made ? itemError(0, made) : answerBody(state, made);
    });
  }
  if (body['update'] !== undefined) {
    answer['update'] = update.map((item) => updateItem(state, item, parentId));
  }
  return reply(200, answer);
}

function updateItem(state: StoreState, item: Body, parentId: number | null): Body {
  const id = Number.parseInt(textOf(item['id']), 10);
  const product = state.products.get(id);
  if (!product)
    return itemError(id, { code: 'woocommerce_rest_product_invalid_id', message: 'Invalid ID.' });
  if (parentId === null && product.type === 'variation') {
    const refused = { code: 'woocommerce_rest_invalid_product_id', message: VARIATION_ELSEWHERE };
    return itemError(id, { ...refused, data: { status: 404 } });
  }
  if (parentId !== null && product.parentId !== parentId) {
    const code = 'woocommerce_rest_product_variation_invalid_id';
    return itemError(id, { code, message: 'Invalid ID.' });
  }
  const clash = skuClash(state, textOf(item['sku']), id);
  if (clash) return itemError(id, clash);
  const quantity = item['stock_quantity'];
  if (quantity !== undefined && !isWhole(quantity)) {
    state.complaints.push(`a batch sent ${JSON.stringify(quantity)} as the stock of product ${id}`);
  }
  applyFields(state, product, item);
  return answerBody(state, product);
}

function itemError(id: number, refused: Refused): Body {
  const error = wordpressError(refused.code, refused.message, 400, refused.data);
  return { id, error };
}

function answerBody(state: StoreState, product: Product): Body {
  return product.type === 'variation'
    ? variationBody(state, product)
    : editedProductBody(state, product);
}

function skuClash(state: StoreState, sku: string, ownId: number): Refused | null {
  if (sku === '') return null;
  for (const product of state.products.values()) {
    if (product.sku !== sku || product.id === ownId || product.status === 'trash') continue;
    return {
      code: 'product_invalid_sku',
      message: 'Invalid or duplicated SKU.',
      data: { resource_id: product.id, unique_sku: `${sku}-1` },
    };
  }
  return null;
}

/** Takes over what was sent. Stock counts only where the thing itself manages it. */
export function applyFields(state: StoreState, product: Product, body: Body): void {
  if (typeof body['name'] === 'string') product.name = body['name'];
  if (typeof body['sku'] === 'string') product.sku = body['sku'];
  if (typeof body['status'] === 'string') product.status = body['status'];
  if (typeof body['regular_price'] === 'string') product.price = body['regular_price'];
  if (typeof body['weight'] === 'string') product.weight = body['weight'];
  if (typeof body['global_unique_id'] === 'string')
    product.globalUniqueId = body['global_unique_id'];
  if (
    body['backorders'] === 'notify' ||
    body['backorders'] === 'yes' ||
    body['backorders'] === 'no'
  ) {
    product.backorders = body['backorders'];
  }
  if (Array.isArray(body['attributes'])) product.attributes = attributesOf(body['attributes']);
  if (body['manage_stock'] !== undefined) {
    product.managesStock = body['manage_stock'] === true;
    product.stockQuantity = product.managesStock ? (product.stockQuantity ?? 0) : null;
  }
  if (body['stock_quantity'] !== undefined && product.managesStock) {
    setQuantity(state, product, looseInteger(body['stock_quantity']), 'written by REST');
  } else {
    touchProduct(state, product);
  }
}

function attributesOf(list: readonly unknown[]): Product['attributes'] {
  return list.filter(isBody).map((entry) => ({
    name: textOf(entry['name']),
    options: Array.isArray(entry['options'])
      ? entry['options'].map((option: unknown) => textOf(option))
      : [textOf(entry['option'])],
  }));
}

/** PHP's `(int)`: "x" is 0 and 3.7 is 3. */
function looseInteger(value: unknown): number {
  const number = Math.trunc(Number.parseFloat(textOf(value)));
  return Number.isFinite(number) ? number : 0;
}

function isWhole(value: unknown): boolean {
  return Number.isInteger(value) || (typeof value === 'string' && /^-?\d+$/.test(value));
}

export function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): Body[] {
  return Array.isArray(value) ? value.filter(isBody) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
