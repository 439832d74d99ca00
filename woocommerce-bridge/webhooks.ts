import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { ChannelSignal, RawRequest } from '../app/contracts/channel';
import type { Outcome, RefusalCode } from '../app/contracts/outcome';
import { parseJson } from './answers';
import { availableOf, hasVariations } from './mapping';
import { idOf, isRecord, textOf } from './read-body';
import type { JsonRecord } from './read-body';
import { productRef, variationRef } from './refs';

type Concerns = ChannelSignal['concerns'];

/**
 * Reads one delivery of a store. The signature is base64(HMAC-SHA256(raw body, secret)); it does
 * not cover the headers, and the body is the resource as it is when the message leaves, so all a
 * signal says is which thing to look at again. Source: reference section 8, observed on 10.5.
 */
export function readSignal(request: RawRequest, secret: string): Outcome<ChannelSignal> {
  const signature = request.headers['x-wc-webhook-signature'];
  if (signature === undefined) return readPing(request);
  if (!isSigned(request.body, signature, secret)) {
    return refuse('unauthorized', 'the signature does not match the body');
  }
  const topic = request.headers['x-wc-webhook-topic'] ?? '';
  if (!/^[a-z_]+\.[a-z_]+$/.test(topic)) return refuse('validation', 'no webhook topic given');
  const text = Buffer.from(request.body).toString('utf8');
  if (text.trim() === '') return refuse('validation', 'the body is empty');
  const body = parseJson(text);
  if (!isRecord(body)) return refuse('validation', 'the body is not a JSON object');
  const concerns = concernsOf(topic, body);
  return {
    status: 'done',
    value: { dedupeKey: dedupeKeyOf(request, topic, body), topic, eventRef: null, concerns },
  };
}

/** Sent unsigned when a webhook is made or switched on again; it only wants a 200. */
function readPing(request: RawRequest): Outcome<ChannelSignal> {
  const text = Buffer.from(request.body.subarray(0, 64)).toString('utf8');
  const form = (request.headers['content-type'] ?? '').startsWith(
    'application/x-www-form-urlencoded',
  );
  if (!form || request.body.length > 64 || !/^webhook_id=\d{1,20}$/.test(text)) {
    return refuse('unauthorized', 'the message is not signed');
  }
  return {
    status: 'done',
    value: {
      dedupeKey: digest(['ping', text]),
      topic: 'ping',
      eventRef: null,
      concerns: { kind: 'nothing', why: 'the store only asks whether the address answers' },
    },
  };
}

function isSigned(body: Uint8Array, signature: string, secret: string): boolean {
  if (secret === '') return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function concernsOf(topic: string, body: JsonRecord): Concerns {
  const resource = topic.split('.')[0];
  if (resource !== 'order' && resource !== 'product') {
    return { kind: 'nothing', why: `"${topic}" tells nothing about stock or orders` };
  }
  const id = resourceIdOf(body);
  if (id === null) {
    const gone = typeof body['code'] === 'string';
    const why = gone
      ? 'the thing was deleted before the message left, and the message does not name it'
      : 'the body names no id';
    return { kind: 'nothing', why };
  }
  if (resource === 'order') return { kind: 'order', orderRef: id };
  // A deletion names nothing but the id, be it of a product sold as such or of a variable one.
  if (topic === 'product.deleted') return { kind: 'product', productRef: productRef(id) };
  return productConcerns(id, body);
}

function productConcerns(id: string, body: JsonRecord): Concerns {
  const claimed = availableOf(body);
  const parentId = idOf(body['parent_id']);
  if (textOf(body, 'type') === 'variation' && parentId !== null) {
    const listingRef = variationRef(parentId, id);
    // With "parent" the number shown is not this variation's: nothing to compare an echo with.
    return { kind: 'listing', listingRef, claimed: body['manage_stock'] === true ? claimed : null };
  }
  if (hasVariations(body)) {
    return body['manage_stock'] === true
      ? { kind: 'stock', stockRef: productRef(id), locationRef: '', claimed }
      : { kind: 'product', productRef: productRef(id) };
  }
  return { kind: 'listing', listingRef: productRef(id), claimed };
}

/** A signed error object stands in for a resource that is gone; it may still name the id. */
function resourceIdOf(body: JsonRecord): string | null {
  const own = idOf(body['id']);
  if (own !== null || typeof body['code'] !== 'string') return own;
  const data = isRecord(body['data']) ? body['data'] : {};
  return idOf(data['resource_id']) ?? idOf(data['id']);
}

/**
 * `X-WC-Webhook-Delivery-ID` is shared by all deliveries of one webhook in one second, so content
 * tells deliveries apart. A deletion has no content but the id: there the delivery id joins in,
 * or a second deletion (after a restore) would look like the first one again.
 */
function dedupeKeyOf(request: RawRequest, topic: string, body: JsonRecord): string {
  const parts = [
    request.headers['x-wc-webhook-id'] ?? '',
    topic,
    resourceIdOf(body) ?? '',
    createHash('sha256').update(request.body).digest('hex'),
  ];
  const bare = Object.keys(body).length === 1;
  return digest(bare ? [...parts, request.headers['x-wc-webhook-delivery-id'] ?? ''] : parts);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

function refuse(code: RefusalCode, message: string): Outcome<ChannelSignal> {
  return { status: 'refused', reason: { code, message } };
}
