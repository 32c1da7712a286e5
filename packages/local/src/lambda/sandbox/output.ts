import { format } from 'node:util';

const LEVELS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const;

/**
 * Sends all that the function writes to `write`, in the order written: the two streams raw, the global console in the runtime's text format.
 * Not through the thread's own stdio, which arrives later than results and is cut off by an exit.
 */
export const captureOutput = (write: (text: string) => void, requestId: () => string | undefined): void => {
  redirect(process.stdout, write);
  redirect(process.stderr, write);
  const methods = Object.entries(LEVELS).map(([method, level]) => [
    method,
    (...parts: unknown[]) => write(logLine(level, requestId(), parts)),
  ]);
  Object.assign(globalThis.console, Object.fromEntries(methods));
};

/** `time, request id, level, message`, parted by tabs. */
export const logLine = (level: string, requestId: string | undefined, parts: readonly unknown[]): string =>
  `${new Date().toISOString()}\t${requestId}\t${level}\t${format(...parts)}\n`;

const redirect = (stream: NodeJS.WriteStream, write: (text: string) => void): void => {
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    write(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const done = rest.at(-1);
    if (typeof done === 'function') (done as () => void)();
    return true;
  };
};
