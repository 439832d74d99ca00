import { useFetcher } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import { showToast } from '../frame/admin';

/** What every form's action answers. */
export type FormAnswer =
  | { readonly ok: true; readonly message: string }
  | { readonly ok: false; readonly message: string };

type Fields = Readonly<Record<string, string>>;

/**
 * Sends a dialog's form. One key is made when the dialog opens and goes with every attempt, so
 * that a second press, or a retry after a lost answer, cannot act twice. `onDone` closes it.
 */
export function useDialogForm(path: string, onDone: () => void) {
  const fetcher = useFetcher<FormAnswer>();
  const [key] = useState(() => crypto.randomUUID());
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });
  const { data, state } = fetcher;
  useEffect(() => {
    if (state !== 'idle' || data?.ok !== true) return;
    showToast(data.message);
    done.current();
  }, [data, state]);
  return {
    busy: state !== 'idle',
    /** Why the last attempt did not work; stays until the next one. */
    problem: state === 'idle' && data?.ok === false ? data.message : null,
    send: (fields: Fields) => {
      if (state !== 'idle') return;
      fetcher.submit({ ...fields, key }, { method: 'post', action: path });
    },
  };
}
