/** How every action of the admin pages reads its form and answers. */
import { z } from 'zod';
import { isId } from '#app/platform/ids';
import type { FormAnswer } from '#app/ui/parts/use-dialog-form';

/** Longest text any of our forms sends; what is longer was not typed into one of them. */
const TEXT_LENGTH_MAX = 5000;

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

/** The form's fields by the schema, or the answer that says what is wrong with them. */
export async function parseForm<Form>(
  request: Request,
  schema: z.ZodType<Form>,
): Promise<Parsed<Form>> {
  const data = await request.formData().catch(() => new FormData());
  const fields = Object.fromEntries([...data].filter(([, value]) => typeof value === 'string'));
  const parsed = schema.safeParse(fields);
  if (parsed.success) return { form: parsed.data, answer: null };
  const message = parsed.error.issues[0]?.message ?? 'Check what you entered.';
  return { form: null, answer: { ok: false, message } };
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
