import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedOutcome, type Outcome, runMany, startManyStage } from './helpers/many-executions.ts';
import type { TestStage } from './helpers/test-stage.ts';

/** A thousand is what `npm run bench -- --only step-functions` runs; this many take long enough for every run of the tests. */
const EXECUTIONS = 200;

describe(`${EXECUTIONS} executions of a one-statement machine in parallel`, () => {
  let test: TestStage;
  let outcomes: readonly Outcome[];
  let since: number;

  beforeAll(async () => {
    test = await startManyStage();
    since = test.mark();
    outcomes = await runMany(test, EXECUTIONS);
  }, 300_000);

  afterAll(() => test?.close());

  const called = (role: 'Invoker' | 'Drain', operation: RegExp): number =>
    test.callsOf(role, since).filter((name) => operation.test(name)).length;

  it('end each with the outcome of its own statement', () => {
    expect(outcomes).toEqual(Array.from({ length: EXECUTIONS }, (_, n) => expectedOutcome(n)));
  });

  it('start one statement and are called back once, each', () => {
    expect(called('Invoker', /^ExecuteStatement$/)).toBe(EXECUTIONS);
    expect(called('Drain', /^SendTask(?:Success|Failure)$/)).toBe(EXECUTIONS);
  });

  it('leave nothing in the queue and in its dead-letter queue', async () => {
    const counts = await Promise.all(
      [test.outputs.QueueUrl, test.outputs.DeadLetterQueueUrl].map(async (QueueUrl) => {
        const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
        const { Attributes = {} } = await test.sqs.send(command);
        return [Attributes.ApproximateNumberOfMessages, Attributes.ApproximateNumberOfMessagesDelayed];
      }),
    );

    expect(counts).toEqual([
      ['0', '0'],
      ['0', '0'],
    ]);
  });
});
