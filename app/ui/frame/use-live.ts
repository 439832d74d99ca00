import { useNavigation, useRevalidator } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';

/** Numbers that change faster than this are still read once a second. */
const REFRESH_MS = 1000;
const RETRY_MS_FIRST = 1000;
const RETRY_MS_MAX = 30_000;
/** One lost connection is a deploy or a sleeping laptop; the second is worth telling. */
const FAILURES_TOLD = 2;

export type LiveState = 'live' | 'reconnecting';

/**
 * Keeps the page's data fresh: the server says when something of this merchant changed, and the
 * page reads again, at most once a second and only while someone looks at it.
 */
export function useLive(): LiveState {
  const [state, setState] = useState<LiveState>('live');
  const refresh = useRefresh();
  useEffect(() => {
    let connection: AbortController | null = null;
    const open = () => {
      if (connection !== null || document.hidden) return;
      connection = new AbortController();
      void follow(connection.signal, refresh, setState);
    };
    const onVisibility = () => {
      if (document.hidden) {
        connection?.abort();
        connection = null;
        return;
      }
      refresh();
      open();
    };
    open();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      connection?.abort();
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [refresh]);
  return state;
}

/** Reads the page's data again, now or when the last read is a second old and done. */
function useRefresh(): () => void {
  const revalidator = useRevalidator();
  const navigation = useNavigation();
  const latest = useRef({ revalidator, busy: false });
  useEffect(() => {
    const busy = revalidator.state !== 'idle' || navigation.state !== 'idle';
    latest.current = { revalidator, busy };
  });
  const [refresh] = useState(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let last = 0;
    const run = () => {
      timer = null;
      if (latest.current.busy) {
        timer = setTimeout(run, REFRESH_MS);
        return;
      }
      last = performance.now();
      latest.current.revalidator.revalidate();
    };
    return () => {
      timer ??= setTimeout(run, Math.max(0, last + REFRESH_MS - performance.now()));
    };
  });
  return refresh;
}

async function follow(
  signal: AbortSignal,
  refresh: () => void,
  setState: (state: LiveState) => void,
): Promise<void> {
  let failures = 0;
  while (!isOver(signal)) {
    try {
      await readChanges(signal, refresh, () => {
        // Whatever changed while nobody listened is read now: since the page was made, too.
        refresh();
        failures = 0;
        setState('live');
      });
    } catch {
      if (isOver(signal)) return;
      failures += 1;
      if (failures >= FAILURES_TOLD) setState('reconnecting');
      await pause(Math.min(RETRY_MS_MAX, RETRY_MS_FIRST * 2 ** (failures - 1)), signal);
    }
  }
}

/** Ends when the server ends the stream (it does so now and then); throws when it breaks. */
async function readChanges(
  signal: AbortSignal,
  onChange: () => void,
  onOpen: () => void,
): Promise<void> {
  // A fetch rather than an EventSource: the admin adds its token to fetches only.
  const response = await fetch('/app/live', {
    signal,
    headers: { Accept: 'text/event-stream' },
  });
  if (!response.ok || response.body === null) throw new Error('The live feed is not available.');
  onOpen();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let pending = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    pending += value;
    const messages = pending.split('\n\n');
    pending = messages.pop() ?? '';
    if (messages.some((message) => message.startsWith('event: changed'))) onChange();
  }
}

/** Asked anew each time: the page may have been left while something was awaited. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
