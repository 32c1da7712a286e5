import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { describe, expect, inject, it } from 'vitest';
import { type BusEvent, RedshiftStage } from '../../../src/index.ts';

const TARGET = { ClusterIdentifier: 'any', Database: 'dev', DbUser: 'etl' };

describe('RedshiftStage', () => {
  it('runs SQL, and lets a test script and advance what it does not run', async () => {
    const stage = await RedshiftStage.start({ postgres: inject('postgresUrl') });
    try {
      // Prepare
      const { endpoint, region } = stage;
      const client = new RedshiftDataClient({
        endpoint,
        region,
        credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      });
      const execute = (Sql: string, WaitTimeSeconds: number) =>
        client.send(new ExecuteStatementCommand({ ...TARGET, Sql, WaitTimeSeconds }));
      stage.redshift.script({ sql: 'call scripted()', durationMs: 3600_000, affectedRows: 1 });

      // Act
      const { Id } = await execute('select 1', 20);
      const { Records } = await client.send(new GetStatementResultCommand({ Id }));
      const scripted = await execute('call scripted()', 1);
      stage.clock.advance(3600_000);
      const ended = await client.send(new DescribeStatementCommand({ Id: scripted.Id, WaitTimeSeconds: 20 }));

      // Assess
      expect(Records).toEqual([[{ longValue: 1 }]]);
      expect(scripted.Status).toBe('STARTED');
      expect(ended).toMatchObject({ Status: 'FINISHED', ResultRows: 1 });
      const statements = stage.redshift.statements();
      expect(statements).toMatchObject([Id, scripted.Id].map((id) => ({ id, status: 'FINISHED' })));
      expect(statements[0]?.owner).toBe(`arn:aws:iam::${stage.accountId}:root`);
      const listed = await (await fetch(`${endpoint}/_stage/redshift/statements`)).json();
      expect(listed).toEqual({ statements });
    } finally {
      await stage.close();
    }
  });

  it('serves functions of another endpoint under the keys of their roles, and hands their events on', async () => {
    const { promise, resolve } = Promise.withResolvers<BusEvent>();
    const stage = await RedshiftStage.start({ postgres: inject('postgresUrl'), onEvent: resolve });
    try {
      const { endpoint, region } = stage;
      const credentials = { accessKeyId: 'ASIAOFANOTHERACCOUNT', secretAccessKey: 'any', sessionToken: 'any' };
      const client = new RedshiftDataClient({ endpoint, region, credentials });

      const { Id } = await client.send(new ExecuteStatementCommand({ ...TARGET, Sql: 'select 1', WithEvent: true }));

      expect(await promise).toMatchObject({
        source: 'aws.redshift-data',
        'detail-type': 'Redshift Data Statement Status Change',
        detail: { statementId: Id, state: 'FINISHED' },
      });
    } finally {
      await stage.close();
    }
  });

  it('can be disturbed, from the start or later, and tells what it met', async () => {
    const throttle = { on: 'call', operation: 'ExecuteStatement', do: 'throttle' } as const;
    const stage = await RedshiftStage.start({ postgres: inject('postgresUrl'), seed: 9, faults: [throttle] });
    try {
      const { endpoint, region, seed } = stage;
      const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
      const client = new RedshiftDataClient({ endpoint, region, credentials, maxAttempts: 1 });
      const execute = (target: object) =>
        client.send(new ExecuteStatementCommand({ Database: 'dev', Sql: 'select 1', ...target }));

      await expect(execute(TARGET)).rejects.toThrow('Rate exceeded');
      await expect(execute({ WorkgroupName: 'w' })).rejects.toMatchObject({ name: 'ValidationException' });
      stage.faults.clear();
      await execute(TARGET);

      expect(seed).toBe(9);
      expect(stage.calls.find({}).map(({ outcome }) => outcome)).toEqual([
        'ThrottlingException',
        'ValidationException',
        'ok',
      ]);
    } finally {
      await stage.close();
    }
  });

  it('gives up when aborted, with the reason of the signal', async () => {
    const abort = new AbortController();
    const starting = RedshiftStage.start({ signal: abort.signal });
    abort.abort(new Error('changed my mind'));
    await expect(starting).rejects.toThrow('changed my mind');
  });

  it('rejects when PostgreSQL does not answer', async () => {
    const refused = RedshiftStage.start({ postgres: 'postgres://nobody:pw@127.0.0.1:1/none' });
    await expect(refused).rejects.toMatchObject({
      name: 'PostgresError',
      message: expect.stringContaining('No PostgreSQL answers at postgres://nobody@127.0.0.1:1/none') as string,
    });
  });
});
