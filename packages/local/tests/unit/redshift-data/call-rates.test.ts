import { ExecuteStatementCommand, ListStatementsCommand } from '@aws-sdk/client-redshift-data';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { StageClock } from '../../../src/common/clock.ts';
import { CallRates } from '../../../src/redshift-data/call-rates.ts';
import { startRedshiftOn, type TestRedshift } from '../../helpers/redshift.ts';

/** How many of many calls at the same moment are let through. */
const admitted = (rates: CallRates, operation: string): number =>
  Array.from({ length: 1000 }, () => rates.admits(operation)).filter((isAdmitted) => isAdmitted).length;

/** Time that only tests move. */
const stillClock = () => {
  let now = 0;
  const clock = new StageClock();
  return Object.assign(clock, { now: () => now, advance: (ms: number) => void (now += ms) });
};

describe('The rate of an operation', () => {
  it.each([
    ['ExecuteStatement', 30],
    ['BatchExecuteStatement', 20],
    ['DescribeStatement', 100],
    ['GetStatementResult', 20],
    ['CancelStatement', 3],
    ['DescribeTable', 3],
    ['ListDatabases', 3],
    ['ListSchemas', 3],
    ['ListStatements', 3],
    ['ListTables', 3],
  ])('%s is %i a second, by the stage clock', (operation, rate) => {
    // Prepare
    const clock = stillClock();
    const rates = new CallRates(clock);

    // Act
    const counts = [0, 1000, 500, 0, 3_600_000].map((ms) => {
      clock.advance(ms);
      return admitted(rates, operation);
    });

    // Assess
    expect(counts).toEqual([rate, rate, Math.floor(rate / 2), 0, rate]);
  });

  it('is not shared with other operations', () => {
    const rates = new CallRates(stillClock());
    admitted(rates, 'ListTables');
    expect(admitted(rates, 'ListSchemas')).toBe(3);
  });

  it('of fetching is the same for both formats', () => {
    const rates = new CallRates(stillClock());
    admitted(rates, 'GetStatementResultV2');
    expect(admitted(rates, 'GetStatementResult')).toBe(0);
  });
});

describe('A call beyond the rate', () => {
  let redshift: TestRedshift;
  beforeAll(async () => {
    redshift = await startRedshiftOn({ url: inject('postgresUrl') }, [], { limitCallRates: true });
  });
  afterAll(() => redshift.close());

  const refusals = async (count: number, call: () => Promise<unknown>): Promise<unknown[]> => {
    const results = await Promise.allSettled(Array.from({ length: count }, call));
    return results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  };

  it('is throttled, and let through when time has passed', async () => {
    // Act
    const list = () => redshift.client.send(new ListStatementsCommand({}));
    const errors = await refusals(20, list);
    redshift.stage.clock.advance(1000);

    // Assess
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors)
      expect(error).toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } });
    await expect(list()).resolves.toMatchObject({ Statements: [] });
  });

  it('on a workgroup is throttled in disguise, and starts nothing', async () => {
    // Prepare
    const target = { WorkgroupName: 'wg1', Database: 'dev' };
    const sql = { ...target, Sql: 'select 1', StatementName: 'throttled' };
    const { clock } = redshift.stage;
    const still = vi.spyOn(clock, 'now').mockReturnValue(clock.now());

    // Act
    const errors = await refusals(60, () => redshift.client.send(new ExecuteStatementCommand(sql)));
    still.mockRestore();
    const { Statements } = await redshift.client.send(
      new ListStatementsCommand({ StatementName: 'throttled', Status: 'ALL' }),
    );

    // Assess
    expect(errors).toHaveLength(30);
    expect(Statements).toHaveLength(30);
    for (const error of errors)
      expect(error).toMatchObject({
        name: 'ValidationException',
        message: expect.stringMatching(
          /^Service returned error code ThrottlingException \(Service: RedshiftServerless, Status Code: 400, Request ID: [\w-]+\)$/,
        ) as string,
      });
  });
});

it('Calls are not limited unless asked for', async () => {
  const redshift = await startRedshiftOn({ url: inject('postgresUrl') });
  const calls = Array.from({ length: 50 }, () => redshift.client.send(new ListStatementsCommand({})));
  await expect(Promise.all(calls)).resolves.toHaveLength(50);
  await redshift.close();
});
