import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlState } from '../scenarios/sql-state.ts';
import { counted } from './helpers/drain-log.ts';
import { ended, eventually, start } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { change, closed, noted, UNNOTED } from './helpers/items.ts';
import { SLOW } from './helpers/statements.ts';
import { startTestStage, type TestStage, WITHOUT_SWEEP } from './helpers/test-stage.ts';

describe('a completion that comes', () => {
  let test: TestStage;

  beforeAll(async () => {
    test = await startTestStage(
      {
        Slow: (scope, tasker) => sqlState(scope, 'RunSlow', tasker, { sql: SLOW, resultPath: JsonPath.entirePayload }),
      },
      WITHOUT_SWEEP,
    );
  });

  afterAll(() => test?.close());

  /** An execution that waits for a statement, its row, and how to end the statement. */
  const waiting = async () => {
    const executionArn = await start(test.sfn, test.outputs.SlowArn);
    const item = await noted(test, executionArn);
    const statementId = item.statementId?.S;
    return { executionArn, item, statementId, cancel: () => invoke(test, { action: 'cancelStatement', statementId }) };
  };

  const callsSince = (mark: number, operation: string) =>
    test.callsOf('Drain', mark).filter((called) => called === operation);

  const eventFor = (item: Awaited<ReturnType<typeof noted>>, state: string, more: Record<string, unknown> = {}) =>
    JSON.stringify({
      source: 'aws.redshift-data',
      'detail-type': 'Redshift Data Statement Status Change',
      time: '2026-01-01T00:00:00Z',
      detail: { statementId: item.statementId?.S, statementName: item.statementName?.S, state, rows: 1, ...more },
    });

  it('before the statement is noted is told all the same, and its row then has the id', async () => {
    const { executionArn, item, statementId, cancel } = await waiting();
    await change(test, item, UNNOTED);

    await cancel();

    expect(await ended(test.sfn, executionArn)).toMatchObject({ error: 'ABORTED' });
    expect(await closed(test, executionArn)).toMatchObject({
      statementId: { S: statementId },
      delivered: { BOOL: true },
    });
  });

  it('twice in one batch is told once', async () => {
    const { executionArn, item, cancel } = await waiting();
    const [mark, duplicates] = [test.mark(), await counted(test, 'MessageDuplicate')];
    const copies = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: eventFor(item, 'FINISHED') }));

    await test.sqs.send(new SendMessageBatchCommand({ QueueUrl: test.outputs.QueueUrl, Entries: copies }));

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    await eventually(async () => ((await counted(test, 'MessageDuplicate')) === duplicates + 2 ? true : undefined));
    expect(callsSince(mark, 'SendTaskSuccess')).toHaveLength(1);
    await cancel();
  });

  it('of a second, other end changes nothing: the first was told', async () => {
    const { executionArn, item, cancel } = await waiting();
    await cancel();
    await closed(test, executionArn);
    const duplicates = await counted(test, 'MessageDuplicate');

    await test.sqs.send(
      new SendMessageCommand({ QueueUrl: test.outputs.QueueUrl, MessageBody: eventFor(item, 'FINISHED') }),
    );

    await eventually(async () => ((await counted(test, 'MessageDuplicate')) === duplicates + 1 ? true : undefined));
    expect(await closed(test, executionArn)).toMatchObject({ outcome: { S: 'ABORTED' } });
    expect(await ended(test.sfn, executionArn)).toMatchObject({ error: 'ABORTED' });
  });

  it("for another statement than the row's is not told", async () => {
    const { executionArn, item, cancel } = await waiting();
    const mismatched = await counted(test, 'MessageMismatched');
    const other = { ...item, statementId: { S: '00000000-0000-4000-8000-000000000000' } };

    await test.sqs.send(
      new SendMessageCommand({ QueueUrl: test.outputs.QueueUrl, MessageBody: eventFor(other, 'FINISHED') }),
    );

    await eventually(async () => ((await counted(test, 'MessageMismatched')) === mismatched + 1 ? true : undefined));
    await cancel();
    expect(await ended(test.sfn, executionArn)).toMatchObject({ error: 'ABORTED' });
  });

  it('before the start deadline for a task that is gone waits for the deadline, and is believed then', async () => {
    const { executionArn, item } = await waiting();
    const startDeadline = test.stage.clock.now() + 2_000;
    await change(test, item, { startDeadline });
    const mark = test.mark();

    // Which also cancels the statement.
    await test.sfn.send(new StopExecutionCommand({ executionArn }));

    const { delivered, closedAt } = await closed(test, executionArn);
    expect(delivered).toEqual({ BOOL: false });
    expect(Number(closedAt?.N)).toBeGreaterThan(startDeadline);
    expect(callsSince(mark, 'SendMessage').length).toBeGreaterThan(0);
  });

  it('for a row that another attempt has taken over is told to that attempt', async () => {
    const [first, second] = [await waiting(), await waiting()];
    const { callback } = second.item;
    await change(test, first.item, { generation: 2, callback });

    await first.cancel();

    expect(await ended(test.sfn, second.executionArn)).toMatchObject({ error: 'ABORTED' });
    expect(await closed(test, first.executionArn)).toMatchObject({ generation: { N: '2' }, delivered: { BOOL: true } });
    await test.sfn.send(new StopExecutionCommand({ executionArn: first.executionArn }));
    await second.cancel();
  });

  it('with an output beyond what a state holds fails its task, and says so: nothing is cut', async () => {
    const { executionArn, item, cancel } = await waiting();

    await test.sqs.send(
      new SendMessageCommand({
        QueueUrl: test.outputs.QueueUrl,
        MessageBody: eventFor(item, 'FINISHED', { padding: 'x'.repeat(262_144) }),
      }),
    );

    expect(await ended(test.sfn, executionArn)).toMatchObject({ error: 'OutputTooLarge' });
    expect(await closed(test, executionArn)).toMatchObject({ outcome: { S: 'FINISHED' }, delivered: { BOOL: true } });
    await cancel();
  });

  it('as a refusal fails its task under the name of the refusal', async () => {
    const { executionArn, item, cancel } = await waiting();
    const refused = {
      type: 'refused',
      contractVersion: 1,
      callback: { type: 'stepFunctions', taskToken: item.callback?.M?.taskToken?.S },
      error: 'InvalidRequest',
      cause: 'sqlStatement: must not be empty; received ""',
      time: '2026-01-01T00:00:00Z',
    };

    await test.sqs.send(
      new SendMessageCommand({ QueueUrl: test.outputs.QueueUrl, MessageBody: JSON.stringify(refused) }),
    );

    expect(await ended(test.sfn, executionArn)).toMatchObject({ error: 'InvalidRequest', cause: refused.cause });
    await cancel();
  });
});
