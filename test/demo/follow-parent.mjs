// Preloaded into the app by the demo: ends it when the demo is gone, however it went.
const PATIENCE_MS = 15_000;
process.channel?.unref();
process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  // Nobody reads its output any more, which can hold up an orderly end.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), PATIENCE_MS).unref();
});
