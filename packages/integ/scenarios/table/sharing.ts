import assert from 'node:assert/strict';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { JsonPath, Parallel } from 'aws-cdk-lib/aws-stepfunctions';
import { answered, answers, executions, type FinishedOutput, only, succeeded } from '../assertions.ts';
import { OLD, QUEUED, RUN, TIMEOUT_MINUTES } from '../machines.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { sqlTask } from '../sql-task.ts';
import { executionLike } from './reading.ts';

const old: Scenario = {
  name: 'a state machine of the older library, without attempt, is told the outcome',
  machines: [OLD],
  statements: 1,
  isUnrepeated: true,
  run: async (world) => executions(await world.run('Old', { sql: 'select 1 union all select 2' })),
  expect: (told) => assert.equal(succeeded(only(told.executions)).detail.rows, 2),
};

/** Two states of one execution, and whoever else sends that key, share a statement. */
const KEYED: Machine = {
  name: 'Keyed',
  define: (scope, { first }) => {
    const payload = { idempotencyKey: JsonPath.stringAt('$.key') };
    return new Parallel(scope, 'BothKeyed')
      .branch(sqlTask(scope, 'RunKeyed', first, { payload }))
      .branch(sqlTask(scope, 'RunKeyedToo', first, { payload }));
  },
};

const keyed: Scenario = {
  name: 'two tasks with the same idempotency key share one statement',
  machines: [KEYED],
  statements: 1,
  run: async (world) => executions(await world.run('Keyed', { sql: 'select 1', key: world.unique() })),
  expect: (told) => {
    const [one, other] = succeeded<FinishedOutput[]>(only(told.executions));
    assert.equal(one?.detail.statementId, other?.detail.statementId);
  },
};

const requestOf = (arn: string | undefined, name: string) => ({
  sqlStatement: 'select 1',
  executionArn: executionLike(arn, name),
  attempt: { state: 'Alone', enteredTime: '2026-01-01T00:00:00.000Z', retryCount: 0 },
});

const asynchronous: Scenario = {
  name: 'an asynchronous invocation starts one statement, however often Lambda repeats it',
  machines: [RUN],
  statements: 1,
  run: async (world) => {
    const request = requestOf(world.outputs.RunArn, world.unique());
    const { InvokerName: FunctionName } = world.outputs;
    const Payload = JSON.stringify(request);
    await world.lambda.send(new InvokeCommand({ FunctionName, Payload, InvocationType: 'Event' }));
    const reference = { statementId: 'LATEST', executionArn: request.executionArn };
    const described = await world.until(async () => {
      const answer = await world.ask({ action: 'describeStatement', ...reference });
      return answer.body.Status === 'FINISHED' ? answer : undefined;
    });
    return answers(described);
  },
  expect: (told) => assert.equal(answered(only(told.answers)).Status, 'FINISHED'),
};

export const queued: Scenario = {
  name: 'a state that invokes asynchronously is told the outcome, and so is its retry',
  needs: ['clock'],
  machines: [QUEUED],
  statements: 1,
  run: async (world) => executions(await world.run('Queued', { sql: world.lasting(2 * TIMEOUT_MINUTES) })),
  expect: (told) => succeeded(only(told.executions)),
};

const deadLettered: Scenario = {
  name: 'an asynchronous invocation that can never succeed ends in the dead-letter queue',
  statements: 0,
  deadLetters: 1,
  run: async (world) => {
    const { InvokerName: FunctionName } = world.outputs;
    const Payload = JSON.stringify({ action: 'executeStatement' });
    await world.lambda.send(new InvokeCommand({ FunctionName, Payload, InvocationType: 'Event' }));
    return answers();
  },
  expect: () => undefined,
};

export const sharing: readonly Scenario[] = [old, keyed, asynchronous, queued, deadLettered];
