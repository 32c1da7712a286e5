import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  type DurableStatement,
  StatementFailed,
  type StatementOutput,
  statementOutput,
  statementSubmitter,
  waitForStatement,
} from '@sfn-redshift/shared/durable-function';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DurableRun, runDurable, STATEMENT } from './helpers/durable-function.ts';
import { eventually } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { itemsOf } from './helpers/items.ts';
import { sweepNow } from './helpers/sweep.ts';
import { startTestStage, type TestStage } from './helpers/test-stage.ts';

const MINUTE = 60_000;
/** Runs until it is cancelled. */
const LONG = 'select 1 as long';

let test: TestStage;
let run: DurableRun<unknown> | undefined;
/** Of all callbacks that were told something. */
const ids: string[] = [];

beforeAll(async () => {
  await LocalDurableTestRunner.setupTestEnvironment({ skipTime: false });
  test = await startTestStage({}, {}, (stack, tasker) => {
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:nightly';
    tasker.addDurableFunction(LambdaFunction.fromFunctionArn(stack, 'Nightly', arn));
  });
  test.stage.redshift.script({ sql: LONG, durationMs: 23 * 60 * MINUTE });
});

afterAll(async () => {
  await test?.close();
  await LocalDurableTestRunner.teardownTestEnvironment();
});

afterEach(() => {
  ids.push(...(run?.heard ?? []).map(({ callbackId }) => callbackId));
  run?.close();
});

const options = () => ({ invoker: String(test.outputs['InvokerName']), client: test.lambda });

const start = <T>(work: (context: DurableContext) => Promise<T>): DurableRun<T> => {
  const started = runDurable(test.stage, work);
  run = started;
  return started;
};

const startStatement = (statement: DurableStatement) =>
  start((context) => waitForStatement(context, STATEMENT, statement, options()));

/** Of a batch in a session. */
type BatchOutput = StatementOutput & { readonly sessionId: string; readonly statements: readonly object[] };

/** The last row whose callback is this one's. */
const rowOf = async (callbackId: string) =>
  (await itemsOf(test)).find(({ callback }) => callback?.M?.['callbackId']?.S === callbackId);
const rowThat = (callbackId: string, status: string) =>
  eventually(async () => {
    const row = await rowOf(callbackId);
    return row?.['status']?.S === status ? row : undefined;
  });

const linesOf = async (...logGroupNames: (string | undefined)[]): Promise<string> => {
  const read = (logGroupName: string | undefined) => test.logs.send(new FilterLogEventsCommand({ logGroupName }));
  const answers = await Promise.all(logGroupNames.map(read));
  return JSON.stringify(answers.map(({ events }) => events));
};

describe('a durable function that waits for a statement', () => {
  it('is given the output of a task, rows and all', async () => {
    const { result, heard } = startStatement({
      sqlStatement: 'select :one::int as one',
      parameters: { one: 1 },
      result: { form: 'rows' },
    });

    const output = (await result).getResult();

    expect(output).toMatchObject({
      detail: { state: 'FINISHED', rows: 1, statementName: expect.stringContaining('/durable-') as string },
      result: expect.anything() as unknown,
    });
    expect(heard.map(({ what }) => what)).toEqual(['succeed']);
    expect(await rowThat(String(heard[0]?.callbackId), 'closed')).toMatchObject({ delivered: { BOOL: true } });
  });

  it('is given the statements of a batch, and told which of them failed', async () => {
    const sqlStatements = ['create temp table scratch as select 1 as one', 'select one from scratch'];
    const first = startStatement({ sqlStatements, result: { form: 'value' }, session: {} });
    const { sessionId, statements } = (await first.result).getResult() as BatchOutput;
    first.close();
    const failing = startStatement({ sqlStatements: ['select 1', 'select 1 / 0'], session: { id: sessionId } });

    const failure = (await failing.result).getError();

    expect(statements).toMatchObject([{ state: 'FINISHED' }, { state: 'FINISHED', rows: 1, result: { value: 1 } }]);
    expect(failure).toMatchObject({ errorType: 'DataError' });
    expect(JSON.parse(failing.heard.at(-1)?.text ?? '{}')).toMatchObject({
      error: 'DataError',
      sessionId,
      failedStatement: { index: 1, sqlStatement: 'select 1 / 0' },
      committed: [],
    });
  });

  it('is told by name why it failed, also once the execution is replayed', async () => {
    const { result } = start(async (context) => {
      try {
        return await waitForStatement(context, STATEMENT, { sqlStatement: 'select * from nowhere' }, options());
      } catch (error) {
        const { name, message, details } = error as Error & { details: { statementId?: string } };
        await context.wait({ seconds: 1 });
        return { name, message, statementId: details.statementId };
      }
    });

    expect((await result).getResult()).toMatchObject({
      name: 'UndefinedObject',
      message: expect.stringMatching(/relation "nowhere" does not exist/) as string,
      statementId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
  });

  it('starts one statement, however often its submitter runs', async () => {
    const since = test.mark();
    const submit = statementSubmitter({ sqlStatement: 'select 2' }, options().invoker, test.lambda);
    const { result } = start((context) =>
      context.waitForCallback(
        STATEMENT,
        async (callbackId) => {
          await submit(callbackId);
          await submit(callbackId);
        },
        { serdes: statementOutput },
      ),
    );

    expect((await result).getResult()).toMatchObject({ detail: { state: 'FINISHED' } });
    expect(test.callsOf('Invoker', since).filter((operation) => operation === 'ExecuteStatement')).toHaveLength(1);
  });

  it('hears at once, by name, of a start that is refused, also once the execution is replayed', async () => {
    const { result } = start(async (context) => {
      try {
        return await waitForStatement(context, STATEMENT, { sqlStatement: ' ' }, options());
      } catch (error) {
        const { name, message } = error as Error;
        await context.wait({ seconds: 1 });
        return { name, message, isStatementFailed: error instanceof StatementFailed };
      }
    });

    expect((await result).getResult()).toEqual({
      name: 'InvalidRequest',
      message: expect.stringMatching(/^sqlStatement: must not be empty/) as string,
      isStatementFailed: true,
    });
  });

  it('gets heartbeats from the sweep; where nobody waits any more, the statement is cancelled', async () => {
    const { submitted, heard, fail, result } = startStatement({ sqlStatement: LONG });
    const callbackId = await submitted();
    const row = await rowThat(callbackId, 'submitted');
    test.stage.clock.advance(MINUTE);
    await eventually(async () => {
      await sweepNow(test);
      return heard.length > 0 || undefined;
    });
    expect(new Set(heard.map(({ what }) => what))).toEqual(new Set(['heartbeat']));

    test.stage.durableCallbacks.expire(callbackId);
    test.stage.clock.advance(MINUTE);
    await sweepNow(test);

    expect(await rowThat(callbackId, 'closed')).toMatchObject({
      outcome: { S: 'ABORTED' },
      delivered: { BOOL: false },
    });
    const { answer } = await invoke(test, { action: 'describeStatement', statementId: row['statementId']?.S });
    expect(answer['Status']).toBe('ABORTED');
    await fail();
    await result;
  });

  it('leaves no id of a callback in a log', async () => {
    const lines = await linesOf(test.outputs['DrainLogGroup'], test.outputs['SweepLogGroup']);

    expect(ids.length).toBeGreaterThan(3);
    expect(lines).toContain('statement is settled');
    expect(ids.filter((id) => lines.includes(id))).toEqual([]);
  });
});
