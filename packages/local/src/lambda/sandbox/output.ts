import { lineOf, writes } from './log-line.ts';

const LEVELS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARN',
  error: 'ERROR',
} as const;

/**
 * Sends all that the function writes to `write`, in the order written: the two streams raw, line by line, the global console in the runtime's
 * format. Not through the thread's own stdio, which arrives later than results and is cut off by an exit.
 */
export const captureOutput = (write: (text: string) => void, requestId: () => string | undefined): void => {
  redirect(process.stdout, write);
  redirect(process.stderr, write);
  const methods = Object.entries(LEVELS).map(([method, level]) => [
    method,
    (...parts: unknown[]) => {
      if (writes(level)) write(lineOf(level, requestId(), parts));
    },
  ]);
  Object.assign(globalThis.console, Object.fromEntries(methods));
};

const redirect = (stream: NodeJS.WriteStream, write: (text: string) => void): void => {
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    for (const line of text.split(/(?<=\n)/)) write(line);
    const done = rest.at(-1);
    if (typeof done === 'function') (done as () => void)();
    return true;
  };
};
