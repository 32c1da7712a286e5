import { randomUUID } from 'node:crypto';
import * as sdk from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { recordingService, startGateway } from '../../helpers/gateway.ts';
import { callRaw, startRedshift, startRedshiftOn, TARGET, type TestRedshift } from '../../helpers/redshift.ts';
import { violations } from '../../helpers/response-schema.ts';

const SCHEMAS = {
  ActiveSessionsExceededException: sdk.ActiveSessionsExceededException$,
  ActiveStatementsExceededException: sdk.ActiveStatementsExceededException$,
  ActiveWaitingRequestsExceededException: sdk.ActiveWaitingRequestsExceededException$,
  BatchExecuteStatementException: sdk.BatchExecuteStatementException$,
  DatabaseConnectionException: sdk.DatabaseConnectionException$,
  ExecuteStatementException: sdk.ExecuteStatementException$,
  InternalServerException: sdk.InternalServerException$,
  QueryTimeoutException: sdk.QueryTimeoutException$,
  ResourceNotFoundException: sdk.ResourceNotFoundException$,
  ValidationException: sdk.ValidationException$,
};

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
  redshift.scripts.add({ sql: { contains: 'scripted' }, durationMs: 3_600_000 });
});
afterAll(() => redshift.close());

type Stage = Pick<TestRedshift, 'stage'>;

/** The call is refused with the exception, whose form is the model's. */
const expectException = async (
  stage: Stage,
  operation: string,
  input: unknown,
  exception: keyof typeof SCHEMAS,
  expectedStatus: number,
): Promise<Readonly<Record<string, unknown>>> => {
  const { status, text } = await callRaw(stage, operation, input);
  const { __type, ...members } = JSON.parse(text) as { __type: string };
  expect({ __type, status, violations: violations(SCHEMAS[exception], JSON.stringify(members)) }).toEqual({
    __type: exception,
    status: expectedStatus,
    violations: [],
  });
  return members;
};

const many = (count: number, call: (i: number) => Promise<unknown>): Promise<unknown[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => call(i)));

describe('The Data API answers with', () => {
  it('ValidationException to bad input', async () => {
    const { Message } = await expectException(redshift, 'DescribeStatement', { Id: 'x' }, 'ValidationException', 400);
    expect(Message).toMatch(/^id must satisfy regex pattern:/);
  });

  it('ResourceNotFoundException, which names the resource, to an unknown id', async () => {
    const Id = randomUUID();
    const members = await expectException(redshift, 'CancelStatement', { Id }, 'ResourceNotFoundException', 400);
    expect(members).toEqual({ Message: 'Query does not exist.', ResourceId: Id });
  });

  it('ActiveStatementsExceededException to more than 500 statements of one warehouse', async () => {
    // Prepare
    const full = await startRedshiftOn({ url: inject('postgresUrl') });
    full.scripts.add({ sql: 'scripted', durationMs: 3_600_000 });
    const statement = { ...TARGET, Sql: 'scripted' };
    await many(500, () => callRaw(full, 'ExecuteStatement', statement));

    // Assess
    await expectException(full, 'ExecuteStatement', statement, 'ActiveStatementsExceededException', 400);
    await expectException(
      full,
      'BatchExecuteStatement',
      { ...TARGET, Sqls: ['select 1'] },
      'ActiveStatementsExceededException',
      400,
    );
    await full.close();
  });

  it('ActiveSessionsExceededException to more than 500 sessions of one warehouse', async () => {
    // Prepare
    redshift.scripts.add({ sql: 'at once' });
    const session = { ...TARGET, ClusterIdentifier: 'sessions', Sql: 'at once', SessionKeepAliveSeconds: 3600 };
    await many(500, () => callRaw(redshift, 'ExecuteStatement', session));

    // Assess
    await expectException(redshift, 'ExecuteStatement', session, 'ActiveSessionsExceededException', 400);
  });

  it('ActiveWaitingRequestsExceededException to too many that wait for one statement', async () => {
    // Prepare
    const Id = await redshift.start('scripted');
    await redshift.waitFor(Id, 'STARTED');
    const input = { Id, WaitTimeSeconds: 30 };

    // Act
    const waiting = Array.from({ length: 11 }, () => callRaw(redshift, 'DescribeStatement', input));
    const first = await Promise.race(waiting);

    // Assess
    expect(first.text).toContain('ActiveWaitingRequestsExceededException');
    for (const operation of ['DescribeStatement', 'GetStatementResult', 'GetStatementResultV2'])
      await expectException(redshift, operation, input, 'ActiveWaitingRequestsExceededException', 400);
    await redshift.client.send(new sdk.CancelStatementCommand({ Id }));
    await Promise.all(waiting);
  });

  it('ExecuteStatementException and BatchExecuteStatementException when what would run it is ending', async () => {
    // Prepare
    const ending = await startRedshiftOn({ url: inject('postgresUrl') });
    await ending.end();

    // Assess
    await expectException(ending, 'ExecuteStatement', { ...TARGET, Sql: 'select 1' }, 'ExecuteStatementException', 500);
    await expectException(
      ending,
      'BatchExecuteStatement',
      { ...TARGET, Sqls: ['select 1'] },
      'BatchExecuteStatementException',
      500,
    );
    await ending.close();
  });

  it('InternalServerException to a fault of its own', async () => {
    // Prepare
    const stage = await startGateway(
      recordingService('redshift-data', () => {
        throw new Error('broken');
      }),
    );

    // Assess
    await expectException({ stage }, 'DescribeStatement', { Id: randomUUID() }, 'InternalServerException', 500);
    await stage.close();
  });

  it('DatabaseConnectionException to metadata calls when there is no server', async () => {
    const nowhere = await startRedshiftOn({ url: 'postgres://postgres:x@127.0.0.1:1/postgres' });
    for (const operation of ['ListDatabases', 'ListSchemas', 'ListTables', 'DescribeTable'])
      await expectException(nowhere, operation, TARGET, 'DatabaseConnectionException', 500);
    await nowhere.close();
  });
});

describe('Errors that all services have in common:', () => {
  it.each([
    ['an unknown operation', 'DropEverything', {}, 404, 'UnknownOperationException'],
    ['a body that is no JSON', 'DescribeStatement', '{"Id": ', 400, 'SerializationException'],
    ['a body that is no object', 'DescribeStatement', '[]', 400, 'SerializationException'],
    ['a member of the wrong type', 'DescribeStatement', { Id: 7 }, 400, 'SerializationException'],
    ['a body of more than 16 MB', 'ExecuteStatement', 'x'.repeat(17_000_000), 413, 'RequestEntityTooLarge'],
  ])('%s', async (_, operation, body, status, type) => {
    const answer = await callRaw(redshift, operation, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ __type: type, Message: expect.any(String) as string });
  });
});

describe('SQL may have 200 KB', () => {
  const LIMIT = 204_800;
  const sqlOf = (bytes: number): string => `select '${'x'.repeat(bytes - "select ''".length)}'`;

  it('in one statement, counted in bytes', async () => {
    // Act
    const fits = await redshift.run(sqlOf(LIMIT));
    const { Message } = await expectException(
      redshift,
      'ExecuteStatement',
      { ...TARGET, Sql: sqlOf(LIMIT).replace('x', 'é') },
      'ValidationException',
      400,
    );

    // Assess
    expect(fits.Status).toBe('FINISHED');
    expect(Message).toBe('sql must not have more than 204800 bytes');
  });

  it('in all statements of a batch together', async () => {
    // Prepare
    const half = sqlOf(LIMIT / 2);

    // Act
    const fits = await callRaw(redshift, 'BatchExecuteStatement', { ...TARGET, Sqls: [half, half] });
    const { Message } = await expectException(
      redshift,
      'BatchExecuteStatement',
      { ...TARGET, Sqls: [half, half, 'select 1'] },
      'ValidationException',
      400,
    );

    // Assess
    expect(fits.status).toBe(200);
    expect(Message).toBe('sqls must not have more than 204800 bytes');
  });
});
