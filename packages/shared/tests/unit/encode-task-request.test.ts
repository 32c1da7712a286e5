import { describe, expect, it } from 'vitest';
import { type ExecuteRequest, encodeTaskRequest, parseTaskRequest, type ReferenceRequest } from '../../src/index.ts';
import { ATTEMPT, EXECUTION, STATEMENT_ID } from '../helpers/canaries.ts';

const SMALLEST: ExecuteRequest = {
  action: 'executeStatement',
  sqlStatement: 'select 1',
  parameters: {},
  callback: { type: 'none' },
};

describe('the payload of a request', () => {
  it('holds no field that the request has not', () => {
    expect(encodeTaskRequest(SMALLEST)).toStrictEqual({
      contractVersion: 1,
      action: 'executeStatement',
      sqlStatement: 'select 1',
    });
  });

  it('holds every field that the request has', () => {
    const fields = {
      executionArn: EXECUTION,
      attempt: ATTEMPT,
      onRetry: 'restart',
      idempotencyKey: 'nightly',
      onTimeout: 'leave',
      errors: 'cause',
      lock: { name: 'load', mode: 'fail' },
    } as const;
    const callback = { type: 'stepFunctions', taskToken: 'token' } as const;

    expect(encodeTaskRequest({ ...SMALLEST, ...fields, parameters: { a: '1' }, callback })).toStrictEqual({
      contractVersion: 1,
      action: 'executeStatement',
      sqlStatement: 'select 1',
      parameters: { a: '1' },
      taskToken: 'token',
      ...fields,
    });
  });

  it('holds the callback of a durable function', () => {
    const callback = { type: 'durableFunction', callbackId: 'Y2FsbGJhY2s=' } as const;
    const payload = encodeTaskRequest({ ...SMALLEST, callback });

    expect(payload).toMatchObject({ durableCallbackId: 'Y2FsbGJhY2s=' });
    expect(parseTaskRequest(payload).request).toStrictEqual({ ...SMALLEST, callback });
  });

  it('is read as the request that it was, with no field that it had not', () => {
    expect(parseTaskRequest(encodeTaskRequest(SMALLEST)).request).toStrictEqual(SMALLEST);
  });

  it.each<[ReferenceRequest, object]>([
    [
      { action: 'describeStatement', statement: { id: STATEMENT_ID } },
      { action: 'describeStatement', statementId: STATEMENT_ID },
    ],
    [
      { action: 'cancelStatement', statement: { latestOf: EXECUTION } },
      { action: 'cancelStatement', statementId: 'LATEST', executionArn: EXECUTION },
    ],
    [
      { action: 'getStatementResult', statement: { latestOf: EXECUTION, state: 'Load' }, nextToken: 'page-2' },
      {
        action: 'getStatementResult',
        statementId: 'LATEST',
        executionArn: EXECUTION,
        state: 'Load',
        nextToken: 'page-2',
      },
    ],
  ])('names the statement that is asked after: %j', (request, payload) => {
    expect(encodeTaskRequest(request)).toStrictEqual({ contractVersion: 1, ...payload });
    expect(parseTaskRequest(payload).request).toStrictEqual(request);
  });
});
