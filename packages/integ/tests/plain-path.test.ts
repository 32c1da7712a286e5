import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlState } from '../scenarios/sql-state.ts';
import { drainLines } from './helpers/drain-log.ts';
import { eventually, historyOf, run } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { itemsOf } from './helpers/items.ts';
import { startTestStage, type TestStage } from './helpers/test-stage.ts';

describe('a state that runs select 1', () => {
  let test: TestStage;

  beforeAll(async () => {
    test = await startTestStage({
      SelectOne: (scope, tasker) =>
        sqlState(scope, 'RunSelectOne', tasker, { sql: 'select 1', resultPath: JsonPath.entirePayload }),
    });
  });

  afterAll(() => test?.close());

  it('ends with the completion event as its output', async () => {
    const execution = await run(test.sfn, test.outputs.SelectOneArn);

    expect(execution.error).toBeUndefined();
    expect(execution.status).toBe('SUCCEEDED');
    const output = JSON.parse(execution.output ?? '') as Record<string, unknown>;
    expect(output).toMatchObject({
      source: 'aws.redshift-data',
      'detail-type': 'Redshift Data Statement Status Change',
      detail: { state: 'FINISHED', rows: 1, statementId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect(output.detail).toMatchObject({ statementName: expect.stringContaining(execution.executionArn ?? '?') });
    expect(Date.parse(String(output.time))).not.toBeNaN();
  });

  it('makes exactly these calls: PutItem, ExecuteStatement, UpdateItem; GetItem, SendTaskSuccess, UpdateItem', async () => {
    // The drain closes an item after its callback has already ended the execution; that call is recorded after it has taken effect.
    const closes = (count: number) =>
      test.stage.calls.waitFor({ operation: 'UpdateItem', caller: /TaskerDrain/ }, { count });
    const { length: earlier } = await itemsOf(test);
    await closes(earlier);
    const since = test.mark();

    await run(test.sfn, test.outputs.SelectOneArn);

    await closes(earlier + 1);
    expect(test.callsOf('Invoker', since)).toEqual(['PutItem', 'ExecuteStatement', 'UpdateItem']);
    expect(test.callsOf('Drain', since)).toEqual(['GetItem', 'SendTaskSuccess', 'UpdateItem']);
  });

  it('leaves the history of a callback task', async () => {
    const { executionArn } = await run(test.sfn, test.outputs.SelectOneArn);

    expect(await historyOf(test.sfn, executionArn ?? '')).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('can be followed from the query history to the output, to the logs, and back', async () => {
    const { output: text, executionArn = '' } = await run(test.sfn, test.outputs.SelectOneArn);
    const output = JSON.parse(text ?? '') as { detail: Record<string, unknown>; thread: Record<string, unknown> };
    const describe = async (statementId: unknown) =>
      (await invoke(test, { action: 'describeStatement', statementId })).answer as { QueryString: string };

    const { QueryString } = await describe(output.detail.statementId);
    const [, execution, state, key] =
      /^\/\* sfn-redshift execution=(\S+), state=(\S+), key=(\S+) \*\/\nselect 1$/.exec(QueryString) ?? [];
    expect({ execution, state }).toEqual({ execution: executionArn.split(':').at(-1), state: 'RunSelectOne' });
    expect(output.thread).toEqual({
      executionName: execution,
      stateName: state,
      invocationKey: key,
      queryId: output.detail.redshiftQueryId,
    });

    const line = await eventually(async () => {
      const lines = (await drainLines(test)).filter((entry) => entry.startsWith('{'));
      const parsed = lines.map((entry) => JSON.parse(entry) as Record<string, unknown>);
      return parsed.find((entry) => entry.invocationKey === key && entry.message === 'statement is settled');
    });
    expect(line).toMatchObject({ executionName: execution, stateName: state });
    expect((await describe(line.statementId)).QueryString).toBe(QueryString);
  });

  it('runs side by side with many of its kind, each told of its own statement', async () => {
    const runs = await Promise.all(Array.from({ length: 20 }, () => run(test.sfn, test.outputs.SelectOneArn)));

    const outputs = runs.map(({ output }) => JSON.parse(output ?? '') as { detail: Record<string, string> });
    expect(new Set(outputs.map(({ detail }) => detail.statementId)).size).toBe(20);
    for (const [index, { detail }] of outputs.entries()) {
      expect(detail.statementName).toContain(runs[index]?.executionArn);
    }
  });
});
