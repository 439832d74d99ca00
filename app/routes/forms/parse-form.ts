/** How every action of the admin pages reads its form and answers. */
import { z } from 'zod';
import { bodyRefusedResponse } from '#app/platform/http';
import { isId } from '#app/platform/ids';
import type { FormAnswer } from '#app/ui/parts/use-dialog-form';

/** Longest text any of our forms sends; what is longer was not typed into one of them. */
const TEXT_LENGTH_MAX = 5000;

/** More than twice the largest: ten thousand orders of a bulk action. */
const FORM_BYTES_MAX = 1024 * 1024;
/** So much more is listened to and dropped: to stop at once cuts off whoever should read why. */
const DRAIN_BYTES_MAX = 4 * 1024 * 1024;

export const idField = z.string().refine(isId, 'This is no longer there. Reload the page.');
/** Made once per opened form: sending it twice acts once. */
export const keyField = z.string().regex(/^[0-9a-zA-Z-]{8,64}$/, 'Reload the page and try again.');
/** A text somebody may leave empty: null then. */
export const optionalTextField = z
  .string()
  .max(TEXT_LENGTH_MAX, 'This text is too long.')
  .transform((text) => (text.trim() === '' ? null : text.trim()));

type Parsed<Form> =
  | { readonly form: Form; readonly answer: null }
  | { readonly form: null; readonly answer: FormAnswer };

/**
 * The form's fields by the schema, or the answer that says what is wrong with them. Throws the
 * answer 413 where a form is larger than any page of ours sends.
 */
export async function parseForm<Form>(
  request: Request,
  schema: z.ZodType<Form>,
): Promise<Parsed<Form>> {
  const fields = await readFields(request);
  if (fields === null) throw bodyRefusedResponse('too_large');
  const parsed = schema.safeParse(fields);
  if (parsed.success) return { form: parsed.data, answer: null };
  const message = parsed.error.issues[0]?.message ?? 'Check what you entered.';
  return { form: null, answer: { ok: false, message } };
}

/**
 * The fields of a form as pages send it (urlencoded), read as they come; null when it is larger
 * than any of ours, of which nothing is kept then. A body that breaks off has no fields.
 */
async function readFields(request: Request): Promise<Record<string, string> | null> {
  if (Number(request.headers.get('content-length') ?? 0) > FORM_BYTES_MAX) return null;
  const type = request.headers.get('content-type') ?? '';
  if (request.body === null || !type.startsWith('application/x-www-form-urlencoded')) return {};
  const reader = request.body.getReader();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.byteLength;
      if (bytes <= FORM_BYTES_MAX) pieces.push(value);
      else pieces.length = 0;
      if (bytes > FORM_BYTES_MAX + DRAIN_BYTES_MAX) {
        await reader.cancel();
        return null;
      }
    }
  } catch {
    return {};
  }
  if (bytes > FORM_BYTES_MAX) return null;
  return Object.fromEntries(new URLSearchParams(Buffer.concat(pieces).toString()));
}

/** An operation's answer for the person who sent the form. */
export function toAnswer(
  result: { readonly status: string; readonly message?: string },
  done: string,
): FormAnswer {
  if (result.status === 'refused') {
    return { ok: false, message: result.message ?? 'That was not possible.' };
  }
  return { ok: true, message: done };
}

/** For loaders: nothing here, or nothing of this merchant's; the two are not told apart. */
export function notFound(): Response {
  return new Response('Not found', { status: 404 });
}
