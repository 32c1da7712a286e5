import fc, { type IRawProperty } from 'fast-check';
import type { Fuzzed, Fuzzing } from './fuzzing.ts';

/** How many random cases there shall be in all, and of which; the same seed gives the same. */
export interface Extent {
  readonly cases: number;
  readonly seed: number;
}

/** What came of one property. */
export interface Outcome {
  readonly name: string;
  /** Cases. */
  readonly passed: number;
  readonly failed: number;
  /** Seed, smallest counterexample and error; undefined where all passed. */
  readonly failure: string | undefined;
}

/** A case that waits for something that never comes. */
const CASE_TIMEOUT_MS = 60_000;

/**
 * Runs every property, on one case at least and until one fails.
 * @param onCase is called before each case
 */
export async function* checkProperties(
  { properties }: Pick<Fuzzing, 'properties'>,
  { cases, seed }: Extent,
  onCase: () => void = () => undefined,
): AsyncGenerator<Outcome> {
  const weights = properties.reduce((sum, { weight }) => sum + weight, 0);
  for (const { name, weight, property } of properties) {
    const numRuns = Math.ceil((cases * weight) / weights);
    yield await check({ name, weight, property: announced(property, onCase) }, numRuns, seed);
  }
}

const check = async ({ name, property }: Fuzzed, numRuns: number, seed: number): Promise<Outcome> => {
  const details = await fc.check(property, { numRuns, seed, timeout: CASE_TIMEOUT_MS });
  if (!details.failed) return { name, passed: numRuns, failed: 0, failure: undefined };
  const failure = [fc.defaultReportMessage(details), textOf(details.errorInstance)].join('\n');
  return { name, passed: details.numRuns - 1, failed: 1, failure };
};

const announced = (property: IRawProperty<unknown>, onCase: () => void): IRawProperty<unknown> => ({
  isAsync: () => property.isAsync(),
  generate: (random, runId) => property.generate(random, runId),
  shrink: (value) => property.shrink(value),
  runBeforeEach: () => property.runBeforeEach(),
  runAfterEach: () => property.runAfterEach(),
  run: (value) => {
    onCase();
    return property.run(value);
  },
});

const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? String(error.stack) : `${error.stack}\ncaused by ${textOf(error.cause)}`;
};
