/** Structured log lines, one JSON object each. Never given credentials, task tokens, SQL or payloads. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

export const stderrLog = (): Log => {
  const write = (level: string, message: string, fields: Record<string, unknown> = {}) =>
    void process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
  return {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
  };
};

export const silentLog: Log = { info: () => undefined, warn: () => undefined };
