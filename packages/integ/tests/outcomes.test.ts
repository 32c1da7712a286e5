import { DescribeStatementCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { Chain, JsonPath, Parallel, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askState, sqlState } from '../scenarios/sql-state.ts';
import { ended, eventually, run, start } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { closed, itemOf, itemsOf, noted } from './helpers/items.ts';
import { SLOW } from './helpers/statements.ts';
import { type Machines, startTestStage, type TestStage } from './helpers/test-stage.ts';

const latest = (state: string) => ({
  statementId: 'LATEST',
  executionArn: JsonPath.stringAt('$$.Execution.Id'),
  state,
});

const machines: Machines = {
  Fails: (scope, tasker) =>
    sqlState(scope, 'Wrong', tasker, { sql: 'select nothing_like_it from nowhere', resultPath: JsonPath.DISCARD }),
  Refused: (scope, tasker) =>
    sqlState(scope, 'UnusedParameter', tasker, {
      sql: 'select 1',
      parameters: { unused: 'x' },
      resultPath: JsonPath.DISCARD,
    }),
  Invalid: (scope, tasker) => sqlState(scope, 'NoSql', tasker, { sql: '  ', resultPath: JsonPath.DISCARD }),
  Reads: (scope, tasker) =>
    Chain.start(
      sqlState(scope, 'SelectText', tasker, {
        sql: 'select :name::varchar(20) as name, :n::int as n',
        parameters: { name: "O'Brien", n: 3 },
        resultPath: '$.select',
      }),
    )
      .next(
        askState(scope, 'ReadText', tasker, {
          payload: { action: 'getStatementResult', ...latest('SelectText') },
          resultPath: '$.result',
        }),
      )
      .next(
        askState(scope, 'DescribeText', tasker, {
          payload: { action: 'describeStatement', ...latest('SelectText') },
          resultPath: '$.description',
        }),
      ),
  Aborts: (scope, tasker) => {
    const long = sqlState(scope, 'Long', tasker, { sql: SLOW, resultPath: JsonPath.DISCARD });
    long.addCatch(new Pass(scope, 'Caught'), { errors: ['ABORTED'], resultPath: '$.caught' });
    const cancel = askState(scope, 'Cancel', tasker, {
      payload: { action: 'cancelStatement', ...latest('Long') },
      resultPath: '$.cancel',
    });
    cancel.addRetry({ errors: ['PreviousExecutionNotFound'], maxAttempts: 10 });
    return new Parallel(scope, 'Both').branch(long).branch(cancel);
  },
  Slow: (scope, tasker) => sqlState(scope, 'RunSlow', tasker, { sql: SLOW, resultPath: JsonPath.DISCARD }),
};

describe('the outcomes of a statement, told to its task', () => {
  let test: TestStage;

  beforeAll(async () => {
    test = await startTestStage(machines);
  });

  afterAll(() => test?.close());

  const cause = (text: string | undefined) => JSON.parse(text ?? '{}') as Record<string, string>;

  it('a failed statement fails its state as FAILED, with the text of the database, read under the owner role', async () => {
    const since = test.mark();

    const execution = await run(test.sfn, test.outputs.FailsArn);

    expect(execution.error).toBe('FAILED');
    expect(cause(execution.cause).message).toContain('relation "nowhere" does not exist');
    expect(cause(execution.cause)).toMatchObject({
      state: 'FAILED',
      sqlStatement: 'select nothing_like_it from nowhere',
      statementId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(test.callsOf('Drain', since)).toContain('AssumeRole');
    expect(test.callsOf('Drain', since)).not.toContain('DescribeStatement');
    expect(test.callsOf('Invoker', since)).toContain('DescribeStatement');
  });

  it('a cancelled statement fails its state as ABORTED', async () => {
    const execution = await run(test.sfn, test.outputs.AbortsArn);

    expect(execution.status).toBe('SUCCEEDED');
    const [long] = JSON.parse(execution.output ?? '[]') as { caught: { Error: string; Cause: string } }[];
    expect(long?.caught.Error).toBe('ABORTED');
    expect(cause(long?.caught.Cause).state).toBe('ABORTED');
  });

  it('a refused call fails its state under the name that the Data API gave it, and closes the claim', async () => {
    const execution = await run(test.sfn, test.outputs.RefusedArn);

    expect(execution.error).toBe('ValidationException');
    expect(execution.cause).toContain('unused parameters');
    const item = await itemOf(test, execution.executionArn);
    expect(item).toMatchObject({ status: { S: 'closed' }, outcome: { S: 'REFUSED' } });
    expect(item?.open).toBeUndefined();
  });

  it('a request that makes no sense fails its state as InvalidRequest, naming the field', async () => {
    const execution = await run(test.sfn, test.outputs.InvalidArn);

    expect(execution.error).toBe('InvalidRequest');
    expect(execution.cause).toContain('sqlStatement: must not be empty');
  });

  it('values travel as parameters, and the result is read by LATEST', async () => {
    const execution = await run(test.sfn, test.outputs.ReadsArn);

    expect(execution.cause).toBeUndefined();
    const { result, description } = JSON.parse(execution.output ?? '{}') as Record<
      string,
      { answer: Record<string, unknown> }
    >;
    expect(result?.answer.Records).toEqual([[{ stringValue: "O'Brien" }, { longValue: 3 }]]);
    expect(description?.answer).toMatchObject({ Status: 'FINISHED', ResultRows: 1 });
  });

  const resultOf = (statementId: unknown, nextToken?: unknown) =>
    eventually(async () => {
      const { answer } = await invoke(test, {
        action: 'getStatementResult',
        statementId,
        ...(nextToken ? { nextToken } : {}),
      });
      return answer.errorType === 'ResourceNotFoundException' || answer.errorType === 'ValidationException'
        ? undefined
        : answer;
    });

  it('a result of several pages is read to its end, as much at a time as a state holds', async () => {
    const numbers = Array.from({ length: 24 }, (_, n) => `select ${String(n)} as n`).join(' union all ');
    const { answer } = await invoke(test, {
      sqlStatement: `select n, repeat('x', 60000) as text from (${numbers}) order by n`,
    });
    const since = test.mark();
    const rows: unknown[] = [];
    let nextToken: unknown;
    do {
      const page: Record<string, unknown> = await resultOf(answer.statementId, nextToken);
      expect(page.TotalNumRows).toBe(24);
      rows.push(...(page.Records as unknown[][]).map(([first]) => first));
      nextToken = page.NextToken;
    } while (nextToken !== undefined);

    expect(rows).toEqual(Array.from({ length: 24 }, (_, n) => ({ longValue: n })));
    expect(test.callsOf('Invoker', since).length).toBeGreaterThan(5);
  });

  it('a row beyond what a state holds is refused, not cut', async () => {
    const { answer } = await invoke(test, {
      sqlStatement: `select ${Array.from({ length: 5 }, (_, n) => `repeat('x', 60000) as c${String(n)}`).join(', ')}`,
    });

    expect(await resultOf(answer.statementId)).toMatchObject({ errorType: 'ResponseTooLarge' });
  });

  it('LATEST of an execution that has started nothing is PreviousExecutionNotFound', async () => {
    const executionArn = `arn:aws:states:${test.stage.region}:${test.stage.accountId}:execution:M:nobody`;

    const { answer } = await invoke(test, { action: 'describeStatement', statementId: 'LATEST', executionArn });

    expect(answer).toMatchObject({ errorType: 'PreviousExecutionNotFound' });
    expect(answer.errorMessage).toContain(executionArn);
  });

  it('the same attempt asked for twice starts one statement', async () => {
    const since = test.mark();
    const attempt = { state: 'S', enteredTime: '2026-01-01T00:00:00.000Z', retryCount: 0 };
    const executionArn = `arn:aws:states:${test.stage.region}:${test.stage.accountId}:execution:M:twice`;
    const request = { sqlStatement: 'select 1', executionArn, attempt };

    const [first, second] = [await invoke(test, request), await invoke(test, request)];

    expect(first.FunctionError).toBeUndefined();
    expect(second.answer).toEqual(first.answer);
    expect(test.callsOf('Invoker', since).filter((operation) => operation === 'ExecuteStatement')).toHaveLength(1);
  });

  it('another role than the owner sees nothing of a statement', async () => {
    const { answer } = await invoke(test, { sqlStatement: 'select 1' });
    const client = new RedshiftDataClient({
      endpoint: test.stage.endpoint,
      region: test.stage.region,
      credentials: { accessKeyId: 'somebody', secretAccessKey: 'else' },
      maxAttempts: 1,
    });

    const described = client.send(new DescribeStatementCommand({ Id: String(answer.statementId) }));

    await expect(described).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    client.destroy();
  });

  it('a task that is gone is believed to be, past the start deadline, and its item closes as not delivered', async () => {
    const executionArn = await start(test.sfn, test.outputs.SlowArn);
    const statementId = (await noted(test, executionArn)).statementId?.S;
    test.stage.clock.advance(60_000);
    await test.sfn.send(new StopExecutionCommand({ executionArn }));
    await ended(test.sfn, executionArn);

    // The drain cancels as well, and may be first.
    const cancelled = await invoke(test, { action: 'cancelStatement', statementId });

    expect(cancelled.FunctionError).toBeUndefined();
    expect(await closed(test, executionArn)).toMatchObject({ outcome: { S: 'ABORTED' }, delivered: { BOOL: false } });
  });

  it('every row expires, from its first write on', async () => {
    const rows = await itemsOf(test);

    expect(rows.length).toBeGreaterThan(0);
    const now = Date.now() / 1000;
    for (const { expiresAt } of rows) expect(Number(expiresAt?.N)).toBeGreaterThan(now);
  });
});
