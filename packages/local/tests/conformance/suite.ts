import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Case, Expectation } from './case.ts';
import type { Topic } from './load-cases.ts';
import { Runner } from './runner.ts';

/** A case waits for nothing but the processor. */
const TIMEOUT_MS = 10_000;

/** One test for each case. */
export const defineSuite = (title: string, topics: readonly Topic[]): void => {
  let runner: Runner;
  beforeAll(async () => {
    runner = await Runner.start();
  });
  afterAll(() => runner.close());

  for (const topic of topics)
    describe(`${title}, ${topic.name}`, () => {
      for (const given of topic.cases)
        it(`${given.name} (${given.source})`, { timeout: TIMEOUT_MS }, () => check(runner, given));
    });
};

const check = (runner: Runner, given: Case): Promise<void> =>
  'refused' in given.expect
    ? expectRefusal(runner, given, given.expect.refused)
    : expectEnd(runner, given, given.expect);

const expectRefusal = async (runner: Runner, given: Case, texts: readonly string[]): Promise<void> => {
  const refusal = await runner.run(given).then(
    ({ status }) => ({ code: 'none', message: `ended ${String(status)}` }),
    (error: unknown) => error as { code: string; message: string },
  );
  expect(refusal).toMatchObject({ code: 'InvalidDefinition' });
  for (const text of texts) expect(refusal.message).toContain(text);
};

const expectEnd = async (
  runner: Runner,
  given: Case,
  { causeContains, events, history, payloads, ...end }: Exclude<Expectation, { refused: unknown }>,
): Promise<void> => {
  const result = await runner.run(given);
  const told = Object.fromEntries(Object.entries(end).filter(([, value]) => value !== undefined));
  expect(result, result.cause).toMatchObject(told);
  if ('output' in end) expect(result.output).toEqual(end.output);
  if (causeContains !== undefined) expect(result.cause).toContain(causeContains);
  if (payloads) expect(result.payloads).toEqual(payloads);
  if (!events && !history) return;
  const seen = await runner.history(result.executionArn);
  if (events) expect(seen.map(({ type }) => type)).toEqual(events);
  for (const event of history ?? []) expect(seen).toContainEqual(expect.objectContaining(event));
};
