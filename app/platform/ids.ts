import { v7, validate } from 'uuid';

/**
 * A new row id: UUID version 7, so rows created together sit together in their index. Ids made
 * by one process increase; nothing may rely on their order across processes.
 */
export function newId(): string {
  return v7();
}

/** Whether a text from outside has the shape of a row id; PostgreSQL rejects any other. */
export function isId(text: string): boolean {
  return validate(text);
}
