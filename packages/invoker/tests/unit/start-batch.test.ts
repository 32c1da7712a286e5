import { type BatchRequest, clientTokenOf, workHashOf } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { REQUEST } from '../helpers/requests.ts';

const { sqlStatement: _sql, ...OPTIONS } = REQUEST;
const BATCH: BatchRequest = {
  ...OPTIONS,
  action: 'batchExecuteStatement',
  sqlStatements: ['create temp table t as select :word as w', 'select w from t'],
  executionMode: 'AUTO_COMMIT',
};

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
});

const start = (request: BatchRequest = BATCH, timeout = 30_000) =>
  startStatement(request, { requestId: 'r-1', deadline: dependencies.clock.time + timeout }, dependencies);

describe('the start of a batch', () => {
  it('claims, executes and notes as that of a statement does', async () => {
    const answer = await start();

    const item = dependencies.table.only;
    expect(dependencies.dataApi.starts).toEqual([
      {
        sqls: BATCH.sqlStatements,
        executionMode: 'AUTO_COMMIT',
        parameters: BATCH.parameters,
        statementName: item.statementName,
        clientToken: clientTokenOf(item),
      },
    ]);
    expect(item).toMatchObject({
      status: 'submitted',
      statementId: answer.statementId,
      workHash: workHashOf(BATCH),
      shortSql: 'create temp table t as select :word as w; select w from t',
      batch: { statements: 2, executionMode: 'AUTO_COMMIT' },
    });
  });

  it('is repeated by the same request', async () => {
    const first = await start();

    expect(await start()).toEqual(first);
    expect(dependencies.dataApi.running).toHaveLength(1);
  });

  it('is adopted by a retry', async () => {
    const first = await start();
    dependencies.tasks.gone.add(BATCH.callback.type === 'stepFunctions' ? BATCH.callback.taskToken : '');
    const retry = {
      ...BATCH,
      callback: { type: 'stepFunctions', taskToken: 'next' },
      attempt: { state: 'Load', enteredTime: '2026-11-26T08:00:00Z', retryCount: 1, redriveCount: 0 },
    } as const;

    expect((await start(retry)).statementId).toBe(first.statementId);
    expect(dependencies.dataApi.running).toHaveLength(1);
  });

  it('is refused to other work under the same token', async () => {
    const { attempt: _attempt, ...old } = BATCH;
    await start(old);

    await expect(start({ ...old, executionMode: 'TRANSACTION' })).rejects.toThrow(
      'sqlStatements: is not the one that this task token has started; received another statement or parameters',
    );
  });

  it('that takes too long is told by its own name', async () => {
    dependencies.dataApi.failures.push({ error: sdkError('AbortError', 'Request aborted') });

    await expect(start()).rejects.toMatchObject({
      name: 'TimeoutError',
      message: 'BatchExecuteStatement gave no answer in the time of the function',
    });
  });
});
