import { ExecuteStatementCommand, GetStatementResultCommand } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedshift, TARGET, type TestRedshift } from '../../helpers/redshift.ts';

let redshift: TestRedshift;
beforeAll(async () => {
  redshift = await startRedshift();
});
afterAll(() => redshift.close());

const refusal = (sql: string, options: object = {}) =>
  redshift.start(sql, options).catch((error: unknown) => error as { name: string; message: string });

describe('ExecuteStatement', () => {
  it('answers at once with an id and the target, and the statement finishes by itself', async () => {
    // Act
    const output = await redshift.client.send(
      new ExecuteStatementCommand({ ...TARGET, Sql: 'select 1 as one', WithEvent: true, StatementName: 'mine' }),
    );
    await redshift.events.ended(output.Id as string);
    const description = await redshift.describe(output.Id as string);
    const result = await redshift.client.send(new GetStatementResultCommand({ Id: output.Id }));

    // Assess
    expect(output).toMatchObject({ ...TARGET, CreatedAt: expect.any(Date) });
    expect(description).toMatchObject({
      ...TARGET,
      Status: 'FINISHED',
      QueryString: 'select 1 as one',
      HasResultSet: true,
      ResultRows: 1,
      ResultSize: 1,
      CreatedAt: output.CreatedAt,
      UpdatedAt: expect.any(Date),
      Duration: expect.any(Number),
      RedshiftPid: expect.any(Number),
      RedshiftQueryId: expect.any(Number),
    });
    expect(description.RedshiftPid).toBeGreaterThan(0);
    expect(description.RedshiftQueryId).toBeGreaterThan(0);
    expect(result).toMatchObject({ Records: [[{ longValue: 1 }]], TotalNumRows: 1 });
  });
});
