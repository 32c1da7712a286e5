import type { BatchRequest, ExecuteRequest, StartRequest } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { REQUEST, SECRETS } from '../helpers/requests.ts';

const callbackOf = (callbackId: string) => ({ type: 'durableFunction', callbackId }) as const;
const CALLBACK = callbackOf('canaryCallback+/Id==');
const { attempt: _attempt, executionArn: _executionArn, ...ADHOC } = REQUEST;
const DURABLE: ExecuteRequest = { ...ADHOC, callback: CALLBACK };
const EXECUTION = 'arn:aws:lambda:eu-central-1:123456789012:function:nightly:7/durable-execution/run-1/0d4f7f8e';

let dependencies: TestDependencies;
let invocations: number;
beforeEach(() => {
  dependencies = testDependencies();
  invocations = 0;
});

/** Each time another invocation of the function. */
const start = (request: StartRequest = DURABLE) =>
  startStatement(
    request,
    { requestId: `lambda-request-${invocations++}`, deadline: dependencies.clock.time + 30_000 },
    dependencies,
  );

describe('a request with the callback of a durable function', () => {
  it('starts one statement, however often its submitter is repeated', async () => {
    const first = await start();

    expect(await start()).toEqual(first);
    expect(dependencies.dataApi.starts).toHaveLength(1);
    expect(dependencies.table.only).toMatchObject({ status: 'submitted', callback: CALLBACK });
  });

  it('starts one batch, however often its submitter is repeated', async () => {
    const { sqlStatement: _sqlStatement, ...others } = DURABLE;
    const batch: BatchRequest = {
      ...others,
      action: 'batchExecuteStatement',
      sqlStatements: ['select 1', 'select 2'],
      executionMode: 'TRANSACTION',
    };

    const first = await start(batch);

    expect(await start(batch)).toEqual(first);
    expect(dependencies.dataApi.starts).toMatchObject([{ sqls: batch.sqlStatements, executionMode: 'TRANSACTION' }]);
    expect(dependencies.table.only).toMatchObject({ callback: CALLBACK, batch: { statements: 2 } });
  });

  it('starts another for the next callback', async () => {
    await start();
    await start({ ...DURABLE, callback: callbackOf('b3RoZXI=') });

    expect(dependencies.dataApi.starts).toHaveLength(2);
  });

  it('has the execution in the name of its statement, and never the id', async () => {
    const { statementName } = await start({ ...DURABLE, executionArn: EXECUTION });
    const { statementName: other } = await start();

    expect(statementName.endsWith(`/${EXECUTION}`)).toBe(true);
    expect(`${other}${JSON.stringify(dependencies.telemetry)}`).not.toContain('canary');
  });

  it('is refused for other work under the same callback', async () => {
    await start();

    await expect(start({ ...DURABLE, sqlStatement: 'select 2' })).rejects.toThrow(
      'sqlStatement: is not the one that this durableCallbackId has started; received another statement or parameters',
    );
  });

  it('is not told what AWS quotes of its id', async () => {
    dependencies.dataApi.failures.push({
      error: sdkError('ValidationException', `no ${CALLBACK.callbackId} of ${SECRETS.parameter}`, 400),
      accepted: false,
    });

    await expect(start()).rejects.toThrow('no *** of ***');
  });

  it('shares a statement only while nobody else may wait for it', async () => {
    const shared = { ...DURABLE, idempotencyKey: 'nightly' };
    await start(shared);

    expect(await start(shared)).toMatchObject({ statementId: dependencies.dataApi.running[0] });
    await expect(start({ ...shared, callback: callbackOf('b3RoZXI=') })).rejects.toMatchObject({
      name: 'ConcurrentExecution',
    });
    expect(dependencies.tasks.asked).toEqual([]);
  });
});
