import { UserError } from '../fulfill-orders';

export type Payload = Record<string, unknown>;

/** Turns a user error into the payload that carries it; anything else is a bug and goes on. */
export function answering(empty: Payload, run: () => Payload, errorsField = 'userErrors'): Payload {
  try {
    return { ...empty, ...run(), [errorsField]: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { field, message, code } = error;
    return { ...empty, [errorsField]: [{ field, message, code }] };
  }
}
