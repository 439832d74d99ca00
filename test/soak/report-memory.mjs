// Preloaded into the processes of a soak: answers `measure` with what the process holds, its heap
// after a collection, so that a slope is what stays; and `snapshot <file>` with a heap snapshot.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import v8 from 'node:v8';
import vm from 'node:vm';

const NS_PER_MS = 1e6;
v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

process.on('message', (message) => {
  if (message === 'measure') process.send?.(measure());
  else if (String(message).startsWith('snapshot ')) {
    v8.writeHeapSnapshot(String(message).slice('snapshot '.length));
    process.send?.({ written: true });
  }
});
// A listener would keep a process from ending by itself.
process.channel?.unref();

function measure() {
  const delayP99Ms = delay.percentile(99) / NS_PER_MS;
  const delayMaxMs = delay.max / NS_PER_MS;
  const { rss } = process.memoryUsage();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  // The collection was ours, and does not count as a delay.
  setTimeout(() => delay.reset(), 50).unref();
  return { rss, heapUsed, external, delayP99Ms, delayMaxMs };
}
