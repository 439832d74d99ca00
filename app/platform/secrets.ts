/**
 * Sealing of secrets at rest (AES-256-GCM) and the two comparisons that must not leak by timing.
 *
 * A sealed text is `v1.<key id>.<base64url of nonce, tag and ciphertext>`. The key id is the start
 * of the key's SHA-256, so keys can be rotated: new secrets are sealed with the current key, old
 * ones open as long as their key is still listed.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const FORMAT = 'v1';
const KEY_BYTES = 32;
const KEY_ID_CHARS = 8;
/** The nonce size GCM is specified for; random per seal. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed text cannot be opened: other key, other context, or changed bytes. */
export class SecretUnreadable extends Error {
  override readonly name = 'SecretUnreadable';
}

export type SecretBox = {
  /**
   * `context` names the place the secret belongs to, such as `connection:<id>`; a sealed text
   * copied to another place does not open there.
   */
  sealSecret(plain: string, context: string): string;
  /** Throws SecretUnreadable. */
  openSecret(sealed: string, context: string): string;
  /** Whether the text was sealed with another key than the current one. */
  needsResealing(sealed: string): boolean;
  /** How sealed texts name the key that seals: it says nothing about the key itself. */
  readonly currentKeyId: string;
};

/** Keys are 32 bytes in base64: the one that seals, and those that may still open. */
export function createSecretBox(current: string, old: readonly string[] = []): SecretBox {
  const currentKey = readKey(current);
  const currentId = keyId(currentKey);
  const keys = new Map([...old.map(readKey), currentKey].map((key) => [keyId(key), key]));

  return {
    sealSecret(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, currentKey, nonce);
      cipher.setAAD(boundTo(currentId, context));
      const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      const body = Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
      return `${FORMAT}.${currentId}.${body.toString('base64url')}`;
    },
    openSecret(sealed, context) {
      const { id, body } = readSealed(sealed);
      const key = keys.get(id);
      if (key === undefined) throw new SecretUnreadable(`No key ${id} to open the secret with.`);
      const decipher = createDecipheriv(ALGORITHM, key, body.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(boundTo(id, context));
      decipher.setAuthTag(body.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        const plain = decipher.update(body.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([plain, decipher.final()]).toString('utf8');
      } catch {
        throw new SecretUnreadable('The secret was changed or belongs to another context.');
      }
    },
    needsResealing: (sealed) => readSealed(sealed).id !== currentId,
    currentKeyId: currentId,
  };
}

/** Equality without a hint, by timing, of where two texts differ or how long the secret is. */
export function constantTimeEqual(left: string | Uint8Array, right: string | Uint8Array): boolean {
  const digest = (value: string | Uint8Array) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** HMAC-SHA256 of the exact bytes, in the base64 both stores use in their webhook headers. */
export function hmacSha256Base64(key: string, bytes: string | Uint8Array): string {
  return createHmac('sha256', key).update(bytes).digest('base64');
}

/** Whether a webhook's base64 signature fits its raw bytes. */
export function isSignedBy(
  key: string,
  bytes: Uint8Array,
  signatureBase64: string | null | undefined,
): boolean {
  if (signatureBase64 === null || signatureBase64 === undefined) return false;
  return constantTimeEqual(hmacSha256Base64(key, bytes), signatureBase64.trim());
}

function readKey(base64: string): Buffer {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== KEY_BYTES) throw new Error(`A key has ${KEY_BYTES} bytes.`);
  return key;
}

function keyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, KEY_ID_CHARS);
}

function boundTo(id: string, context: string): Buffer {
  return Buffer.from(`${FORMAT}.${id}.${context}`, 'utf8');
}

function readSealed(sealed: string): { readonly id: string; readonly body: Buffer } {
  const [format, id, text, ...rest] = sealed.split('.');
  if (format !== FORMAT || id === undefined || text === undefined || rest.length > 0) {
    throw new SecretUnreadable('The text is not a sealed secret.');
  }
  const body = Buffer.from(text, 'base64url');
  if (body.length < NONCE_BYTES + TAG_BYTES) {
    throw new SecretUnreadable('The sealed secret is cut short.');
  }
  return { id, body };
}
