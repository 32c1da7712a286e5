import type { OutputLine } from './sandbox/sandbox.ts';

export interface InvocationFacts {
  readonly requestId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly memorySizeMb: number;
  readonly memoryUsedMb: number;
  /** Time to load the code, on the first invocation of a sandbox. */
  readonly initMs?: number;
  readonly timedOut: boolean;
}

/** What Lambda itself writes around a function's output. */
export const withPlatformLines = (output: readonly OutputLine[], facts: InvocationFacts): OutputLine[] => [
  { time: facts.startedAt, message: `START RequestId: ${facts.requestId} Version: $LATEST\n` },
  ...output,
  { time: facts.endedAt, message: `END RequestId: ${facts.requestId}\n` },
  { time: facts.endedAt, message: reportLine(facts) },
];

const reportLine = (facts: InvocationFacts): string => {
  const duration = facts.endedAt - facts.startedAt;
  const fields = [
    `REPORT RequestId: ${facts.requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(duration + (facts.initMs ?? 0))} ms`,
    `Memory Size: ${facts.memorySizeMb} MB`,
    `Max Memory Used: ${facts.memoryUsedMb} MB`,
    ...(facts.initMs === undefined ? [] : [`Init Duration: ${facts.initMs.toFixed(2)} ms`]),
    ...(facts.timedOut ? ['Status: timeout'] : []),
  ];
  return `${fields.join('\t')}\t\n`;
};
