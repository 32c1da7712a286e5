import { IntegrationPattern, JsonPath, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, start } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { change, closed, itemOf, itemsOf, noted, UNNOTED } from './helpers/items.ts';
import { SLOW } from './helpers/statements.ts';
import { startTestStage, type TestStage, WITHOUT_SWEEP } from './helpers/test-stage.ts';

const HOUR = 3_600_000;
const SECRET = 'AAAAcanaryTOKENthatMustNotBeShown0123456789abcdefghijklmnop';

/** But for the URL that it is answered by. */
const RESOURCE_EVENT = {
  RequestType: 'Create',
  StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/S/guid',
  RequestId: 'request',
  LogicalResourceId: 'Table',
  ResourceType: 'Custom::Sql',
  ResourceProperties: { sqlStatement: 'select 1' },
};

describe('the claim of a start', () => {
  let test: TestStage;
  let executions = 0;

  beforeAll(async () => {
    test = await startTestStage(
      {
        // As state machines of the older library send it.
        Old: (scope, { invoker }) =>
          new LambdaInvoke(scope, 'RunOld', {
            lambdaFunction: invoker,
            integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
            payload: TaskInput.fromObject({
              action: 'executeStatement',
              sqlStatement: SLOW,
              taskToken: JsonPath.taskToken,
              executionArn: JsonPath.stringAt('$$.Execution.Id'),
            }),
          }),
      },
      WITHOUT_SWEEP,
    );
  });

  afterAll(() => test?.close());

  const now = () => test.stage.clock.now();
  const newExecution = () =>
    `arn:aws:states:${test.stage.region}:${test.stage.accountId}:execution:M:e${String(++executions)}`;
  const requestFor = (executionArn: string) => ({
    sqlStatement: 'select 1',
    executionArn,
    attempt: { state: 'S', enteredTime: '2026-01-01T00:00:00.000Z', retryCount: 0 },
  });
  const callsSince = (mark: number, operation: string) =>
    test.callsOf('Invoker', mark).filter((called) => called === operation);

  /** A request whose invoker has executed and died before the note. */
  const leftUnnoted = async (startDeadline: number) => {
    const request = requestFor(newExecution());
    const { answer } = await invoke(test, request);
    const item = await closed(test, request.executionArn);
    await change(test, item, { ...UNNOTED, startDeadline, outcome: undefined, closedAt: undefined });
    return { request, statementId: answer.statementId, mark: test.mark() };
  };

  it('is left alone before its start deadline: a repeat is told that the start is in progress', async () => {
    const { request, mark } = await leftUnnoted(now() + HOUR);

    const { FunctionError, answer } = await invoke(test, request);

    expect(FunctionError).toBe('Unhandled');
    expect(answer).toMatchObject({ errorType: 'StartInProgress' });
    expect(callsSince(mark, 'ExecuteStatement')).toEqual([]);
  });

  it('is taken over past it, under the same ClientToken: the statement that runs is found, and none started', async () => {
    const { request, statementId, mark } = await leftUnnoted(now() - 1);

    const { answer } = await invoke(test, request);

    expect(answer.statementId).toBe(statementId);
    expect(callsSince(mark, 'ExecuteStatement')).toHaveLength(1);
    expect(await itemOf(test, request.executionArn)).toMatchObject({ status: { S: 'submitted' } });
  });

  it('that a definite refusal has closed is made anew, of the next generation', async () => {
    const request = { ...requestFor(newExecution()), parameters: { unused: 'x' } };

    const answers = [await invoke(test, request), await invoke(test, request)];

    for (const { answer } of answers) expect(answer).toMatchObject({ errorType: 'ValidationException' });
    expect(await itemOf(test, request.executionArn)).toMatchObject({
      generation: { N: '2' },
      status: { S: 'closed' },
      outcome: { S: 'REFUSED' },
    });
  });

  it('is not executed again when it is older than 7 hours', async () => {
    const { request, mark } = await leftUnnoted(now() - 1);
    test.stage.clock.advance(7 * HOUR);

    const { answer } = await invoke(test, request);

    expect(answer).toMatchObject({ errorType: 'StartUncertain' });
    expect(callsSince(mark, 'ExecuteStatement')).toEqual([]);
  });

  it('is of one of many simultaneous requests', async () => {
    const [request, mark] = [requestFor(newExecution()), test.mark()];

    const answers = await Promise.all(Array.from({ length: 8 }, () => invoke(test, request)));

    expect(callsSince(mark, 'ExecuteStatement')).toHaveLength(1);
    const started = answers.filter(({ FunctionError }) => FunctionError === undefined);
    expect(new Set(started.map(({ answer }) => answer.statementId)).size).toBe(1);
    for (const { FunctionError, answer } of answers) {
      if (FunctionError) expect(answer).toMatchObject({ errorType: 'StartInProgress' });
    }
  });

  it('of an old payload, which carries no attempt, is its token: repeated, it starts one statement', async () => {
    const mark = test.mark();
    const executionArn = await start(test.sfn, test.outputs.OldArn);
    const { statementId, callback } = await noted(test, executionArn);
    const payload = { executionArn, taskToken: callback?.M?.taskToken?.S, action: 'executeStatement' };

    const repeated = await invoke(test, { ...payload, sqlStatement: SLOW });
    const other = await invoke(test, { ...payload, sqlStatement: 'select 1' });

    expect(repeated.answer.statementId).toBe(statementId?.S);
    expect(other.answer).toMatchObject({ errorType: 'InvalidRequest' });
    expect(callsSince(mark, 'ExecuteStatement')).toHaveLength(1);
    await invoke(test, { action: 'cancelStatement', statementId: statementId?.S });
    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'FAILED', error: 'ABORTED' });
  });

  it.each<[field: string, payload: Record<string, unknown>]>([
    ['action', { action: 'runStatement' }],
    ['action', {}],
    ['sqlstatement', { sqlstatement: 'select 1' }],
    ['sqlStatement', { action: 'executeStatement' }],
    ['sqlStatement', { sqlStatement: '' }],
    ['sqlStatement', { sqlStatement: ['select 1'] }],
    ['sqlStatement', { sqlStatement: `select '${'x'.repeat(204_800)}'` }],
    ['sqlStatement', { action: 'cancelStatement', statementId: 'LATEST', sqlStatement: 'select 1' }],
    ['executionArn', { sqlStatement: 'select 1', taskToken: SECRET }],
    ['parameters.a', { sqlStatement: 'select 1', parameters: { a: { [SECRET]: 1 } } }],
    ['lock.mode', { sqlStatement: 'select 1', lock: { name: 'n', mode: 'wait' } }],
    ['lock', { action: 'executeSingletonStatement', sqlStatement: 'select 1', lock: { name: 'n' } }],
    ['ResponseURL', { ...RESOURCE_EVENT, ResponseURL: `https://x.example/?token=${SECRET}` }],
  ])('is never made for a request that is refused for its %s: %#', async (field, payload) => {
    const rows = (await itemsOf(test)).length;

    const { answer } = await invoke(test, payload);

    expect(answer.errorType).toBe('InvalidRequest');
    expect(answer.errorMessage).toMatch(new RegExp(`^${field}: .+; received .+`));
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    expect(JSON.stringify(answer).length).toBeLessThan(5_000);
    expect(await itemsOf(test)).toHaveLength(rows);
  });
});
