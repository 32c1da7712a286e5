import { format } from 'node:util';

const ORDER = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type Level = (typeof ORDER)[number];

const isJson = (): boolean => process.env.AWS_LAMBDA_LOG_FORMAT === 'JSON';

/** Whether lines of this level are written; levels count in the format JSON only. */
export const writes = (level: Level): boolean => {
  const least = ORDER.indexOf((process.env.AWS_LAMBDA_LOG_LEVEL ?? 'TRACE') as Level);
  return !isJson() || ORDER.indexOf(level) >= least;
};

/** As Lambda's Node runtime writes it: `time, request id, level, message`, parted by tabs, or a JSON object. */
export const lineOf = (level: Level, requestId: string | undefined, parts: readonly unknown[]): string => {
  const timestamp = new Date().toISOString();
  if (!isJson()) return `${timestamp}\t${requestId}\t${level}\t${format(...parts)}\n`;
  const known = { timestamp, level, requestId };
  if (parts.length === 1) return `${withMessage(known, parts[0])}\n`;
  const error = parts.find((part) => part instanceof Error);
  return `${JSON.stringify({ ...known, message: format(...parts), ...(error ? errorFields(error) : {}) })}\n`;
};

/** One value is written as it is, where it can be. */
const withMessage = (known: object, message: unknown): string => {
  try {
    return JSON.stringify({ ...known, message }, (_key, value: unknown) =>
      value instanceof Error ? errorFields(value) : value,
    );
  } catch {
    return JSON.stringify({ ...known, message: format(message) });
  }
};

const errorFields = (error: Error) => ({
  errorType: error.constructor.name,
  errorMessage: error.message,
  stackTrace: (error.stack ?? '').split('\n'),
});
