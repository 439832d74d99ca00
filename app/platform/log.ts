/** Structured logs: one JSON object a line, secrets and personal data taken out. */
import { format } from 'node:util';
import { type DestinationStream, type Logger, pino } from 'pino';
import { redact, redactText } from './redaction';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** An error belongs under the name `err`. */
export type LogFields = Readonly<Record<string, unknown>>;

type WriteLine = {
  (fields: LogFields, message: string): void;
  (message: string): void;
};

export type Log = {
  readonly debug: WriteLine;
  readonly info: WriteLine;
  readonly warn: WriteLine;
  readonly error: WriteLine;
  /** A log that adds these fields to every line. */
  child(fields: LogFields): Log;
};

/** Writes to standard output unless given another destination. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    // Errors are described by redact already; pino's own description would dump what hangs on them.
    serializers: { err: (described: unknown) => described },
  };
  return wrap(destination === undefined ? pino(options) : pino(options, destination));
}

/** A log that writes nothing. */
export const silentLog: Log = createLog('silent');

/**
 * What libraries write to the console goes to the log instead, through its filter: they repeat
 * addresses and errors as they are.
 */
export function captureConsole(log: Log): void {
  const to =
    (write: WriteLine) =>
    (...said: unknown[]) => {
      write(format(...said.map((one) => (one instanceof Error ? one.message : one))));
    };
  Object.assign(console, {
    ...{ log: to(log.info), info: to(log.info), debug: to(log.debug) },
    ...{ warn: to(log.warn), error: to(log.error), trace: to(log.debug) },
  });
}

function wrap(logger: Logger): Log {
  const writer = (level: Exclude<LogLevel, 'silent'>): WriteLine => {
    return (first: LogFields | string, message?: string) => {
      if (!logger.isLevelEnabled(level)) return;
      if (typeof first === 'string') logger[level](redactText(first));
      else logger[level](redact(first), message === undefined ? '' : redactText(message));
    };
  };
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    child: (fields) => wrap(logger.child(redact(fields) as Record<string, unknown>)),
  };
}
