/** Alive: the process answers. Nothing else is asked, so that a database outage restarts nobody. */
export const loader = () =>
  new Response('ok\n', {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
