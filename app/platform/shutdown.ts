/** Ending a process without dropping what it is doing. */
import type { Log } from './log';

/** Less than the 30 s most process supervisors wait before they kill. */
const DEADLINE_MS_DEFAULT = 25_000;

export type Shutdown = {
  /** Closers run one after the other, the last added first, as things were opened on top. */
  add(name: string, close: () => Promise<void> | void): void;
  /** Runs all closers once; a failing one does not keep the others from running. */
  run(reason: string): Promise<void>;
  /** True from the first call of run: readiness should say no. */
  readonly started: boolean;
};

type ShutdownOptions = {
  readonly log: Log;
  readonly deadlineMs?: number;
};

export function createShutdown({ log, deadlineMs = DEADLINE_MS_DEFAULT }: ShutdownOptions) {
  const closers: { readonly name: string; readonly close: () => Promise<void> | void }[] = [];
  let running: Promise<void> | null = null;

  async function closeAll(reason: string): Promise<void> {
    log.info({ reason }, 'shutting down');
    for (const { name, close } of [...closers].reverse()) {
      try {
        await close();
      } catch (problem) {
        log.error({ err: problem, closer: name }, 'a part did not close cleanly');
      }
    }
    log.info('shut down');
  }

  async function withDeadline(reason: string): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        log.error({ deadlineMs }, 'shutdown took too long and was cut short');
        resolve();
      }, deadlineMs);
    });
    await Promise.race([closeAll(reason), deadline]);
    clearTimeout(timer);
  }

  const shutdown: Shutdown = {
    add: (name, close) => void closers.push({ name, close }),
    run: (reason) => (running ??= withDeadline(reason)),
    get started() {
      return running !== null;
    },
  };
  return shutdown;
}

/**
 * Shuts down and exits on SIGTERM and SIGINT (exit code 0), and on an error nobody caught (exit
 * code 1: the state is unknown, so the supervisor should start afresh). A second signal exits at
 * once.
 */
export function shutDownOnSignals(shutdown: Shutdown, log: Log): void {
  const end = (reason: string, code: number) => {
    if (shutdown.started) process.exit(1);
    void shutdown.run(reason).then(() => process.exit(code));
  };
  process.on('SIGTERM', () => end('SIGTERM', 0));
  process.on('SIGINT', () => end('SIGINT', 0));
  process.on('uncaughtException', (problem) => {
    log.error({ err: problem }, 'uncaught error');
    end('uncaughtException', 1);
  });
  process.on('unhandledRejection', (problem) => {
    log.error({ err: problem }, 'unhandled rejection');
    end('unhandledRejection', 1);
  });
}
