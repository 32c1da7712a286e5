import type { Play } from './run-matrix.ts';

/** A line for each scenario: under how many kinds of fault it held, and how many did not come about. */
export const summaryOf = (plays: readonly Play[]): readonly string[] =>
  [...Map.groupBy(plays, ({ scenario }) => scenario)].map(([{ name }, of]) => {
    const [failed, notMet] = [
      of.filter(({ error }) => error !== undefined).length,
      of.filter(({ isMet }) => !isMet).length,
    ];
    const counts = [`${of.length - failed} passed`, `${failed} failed`, `${notMet} not met`];
    return `${counts.map((count) => count.padEnd(12)).join('')}${name}`;
  });

/** A line for one play, and why it failed. */
export const lineOf = ({ scenario, kind, error, isMet, seconds }: Play): string => {
  const verdict = error !== undefined ? 'FAILED' : isMet ? 'passed' : 'not met';
  const line = `${verdict.padEnd(8)}${seconds.toFixed(1).padStart(6)} s  ${scenario.name} | ${kind?.name ?? 'no fault'}`;
  if (error === undefined) return line;
  return `${line}\n${error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)}`;
};
