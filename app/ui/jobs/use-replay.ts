import { useFetcher } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { showToast } from '../frame/admin';
import type { FormAnswer } from '../parts/use-dialog-form';

/** Starts failed work again; what it could not start is said until the next try. */
export function useReplay(intent: 'replay-jobs' | 'replay-events', onDone: () => void) {
  const fetcher = useFetcher<FormAnswer>();
  const { data, state } = fetcher;
  const done = useRef(onDone);
  useEffect(() => {
    done.current = onDone;
  });
  useEffect(() => {
    if (state !== 'idle' || data?.ok !== true) return;
    showToast(data.message);
    done.current();
  }, [data, state]);
  return {
    busy: state !== 'idle',
    problem: state === 'idle' && data?.ok === false ? data.message : null,
    replay: (ids: readonly string[]) => {
      if (state !== 'idle' || ids.length === 0) return;
      fetcher.submit({ intent, ids: ids.join(',') }, { method: 'post', action: '/app/jobs' });
    },
  };
}
