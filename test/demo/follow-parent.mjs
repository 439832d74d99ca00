// Preloaded into the app by the demo: ends it when the demo is gone, however it went.
process.channel?.unref();
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
