import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';

/**
 * Reads the page's data again every so often while somebody looks at it: for what happens line by
 * line, which is not announced. Null: not now.
 */
export function useRefreshEvery(ms: number | null): void {
  const revalidator = useRevalidator();
  const latest = useRef(revalidator);
  useEffect(() => {
    latest.current = revalidator;
  });
  useEffect(() => {
    if (ms === null) return;
    const timer = setInterval(() => {
      if (!document.hidden && latest.current.state === 'idle') latest.current.revalidate();
    }, ms);
    return () => {
      clearInterval(timer);
    };
  }, [ms]);
}
