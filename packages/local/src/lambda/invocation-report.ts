import type { Initialization } from './initialization.ts';
import type { OutputLine } from './sandbox/sandbox.ts';

/** `failure`: the handler threw; `error`: the runtime ended. */
export type InvocationStatus = 'success' | 'failure' | 'error' | 'timeout';

export interface InvocationFacts {
  readonly requestId: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly memorySizeMb: number;
  readonly memoryUsedMb: number;
  /** How the code was loaded, on the first invocation of a sandbox. */
  readonly init: Initialization | undefined;
  /** Whether the sandbox ended before its code was loaded. */
  readonly neverReady: boolean;
  readonly status: InvocationStatus;
  readonly errorType?: string;
  readonly format: 'Text' | 'JSON';
  /** In the format JSON, Lambda's own lines are left out above INFO. */
  readonly systemLevel: string;
}

/** A function's output with what Lambda itself writes around it; what was written while the code was loaded comes first. */
export const platformLines = (output: readonly OutputLine[], facts: InvocationFacts): OutputLine[] => {
  const { init, startedAt, endedAt, format, systemLevel } = facts;
  if (format === 'JSON' && systemLevel === 'WARN') return [...(init?.output ?? []), ...output];
  const end = endLines(facts).map((message) => ({ time: endedAt, message }));
  if (!init?.failure)
    return [...(init?.output ?? []), { time: startedAt, message: startLine(facts) }, ...output, ...end];
  const first = [...init.output, initReport(init, startedAt, format)];
  // What was loaded on the invocation's own time is reported before the invocation starts, also when it failed again.
  return facts.neverReady
    ? [...first, ...output, secondReport(facts), { time: endedAt, message: startLine(facts) }, ...end]
    : [...first, { time: startedAt, message: startLine(facts) }, ...output, ...end];
};

const initReport = ({ durationMs, failure }: Initialization, time: number, format: string): OutputLine => {
  const status = failure === 'timeout' ? 'timeout' : 'error';
  const errorType = failure === undefined || failure === 'timeout' ? undefined : failure.errorType;
  return { time, message: initLine('init', durationMs, status, errorType, format, time) };
};

const secondReport = ({ startedAt, endedAt, status, errorType, format }: InvocationFacts): OutputLine => ({
  time: endedAt,
  message: initLine('invoke', endedAt - startedAt, status, errorType, format, endedAt),
});

const initLine = (
  phase: 'init' | 'invoke',
  durationMs: number,
  status: string,
  errorType: string | undefined,
  format: string,
  time: number,
): string => {
  if (format === 'JSON') {
    const metrics = { durationMs };
    return platformEvent(time, 'platform.initReport', { phase, status, errorType, metrics });
  }
  const error = errorType === undefined || status === 'timeout' ? '' : `\tError Type: ${errorType}`;
  return `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: ${phase}\tStatus: ${status}${error}\n`;
};

const startLine = ({ requestId, version, startedAt, format }: InvocationFacts): string =>
  format === 'JSON'
    ? platformEvent(startedAt, 'platform.start', { requestId, version })
    : `START RequestId: ${requestId} Version: ${version}\n`;

const endLines = (facts: InvocationFacts): readonly string[] =>
  facts.format === 'JSON' ? [reportEvent(facts)] : [`END RequestId: ${facts.requestId}\n`, reportLine(facts)];

/** Init time is shown, and billed apart, only where it was not on the invocation's time already. */
const initMs = ({ init }: InvocationFacts): number | undefined => (init?.failure ? undefined : init?.durationMs);

const billedMs = (facts: InvocationFacts): number =>
  Math.ceil(facts.endedAt - facts.startedAt + (facts.init?.durationMs ?? 0));

const reportLine = (facts: InvocationFacts): string => {
  const init = initMs(facts);
  const fields = [
    `REPORT RequestId: ${facts.requestId}`,
    `Duration: ${(facts.endedAt - facts.startedAt).toFixed(2)} ms`,
    `Billed Duration: ${billedMs(facts)} ms`,
    `Memory Size: ${facts.memorySizeMb} MB`,
    `Max Memory Used: ${facts.memoryUsedMb} MB`,
    ...(init === undefined ? [] : [`Init Duration: ${init.toFixed(2)} ms`]),
    ...(facts.status === 'timeout' ? ['Status: timeout'] : []),
    ...(facts.status === 'error' ? ['Status: error', `Error Type: ${facts.errorType}`] : []),
  ];
  return `${fields.join('\t')}\t\n`;
};

const reportEvent = (facts: InvocationFacts): string => {
  const init = initMs(facts);
  const metrics = {
    durationMs: facts.endedAt - facts.startedAt,
    billedDurationMs: billedMs(facts),
    memorySizeMB: facts.memorySizeMb,
    maxMemoryUsedMB: facts.memoryUsedMb,
    ...(init === undefined ? {} : { initDurationMs: init }),
  };
  const { requestId, status } = facts;
  const errorType = status === 'success' ? undefined : facts.errorType;
  return platformEvent(facts.endedAt, 'platform.report', { requestId, metrics, status, errorType });
};

const platformEvent = (time: number, type: string, record: object): string =>
  `${JSON.stringify({ time: new Date(time).toISOString(), type, record })}\n`;
