import { CfnOutput } from 'aws-cdk-lib';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { RedshiftTarget, SfnRedshiftTasker } from 'sfn-redshift-tasker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlState } from '../scenarios/sql-state.ts';
import { counted } from './helpers/drain-log.ts';
import { run } from './helpers/execution.ts';
import { allClosed } from './helpers/items.ts';
import { startTestStage, type TestStage } from './helpers/test-stage.ts';

describe('two taskers in one stack', () => {
  let test: TestStage;

  beforeAll(async () => {
    test = await startTestStage({
      One: (scope, tasker) =>
        sqlState(scope, 'RunOne', tasker, { sql: 'select 1', resultPath: JsonPath.entirePayload }),
      Two: (scope) => {
        const other = new SfnRedshiftTasker(scope, 'Second', {
          target: RedshiftTarget.cluster({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl' }),
        });
        new CfnOutput(scope, 'SecondPrefix', { value: other.statementNamePrefix });
        return sqlState(scope, 'RunTwo', other, { sql: 'select 2', resultPath: JsonPath.entirePayload });
      },
    });
  });

  afterAll(() => test?.close());

  /** Who called, of the functions of both. */
  const callersSince = (mark: number) => {
    const roles = test.stage.calls
      .entries()
      .slice(mark)
      .filter(({ service }) => service === 'dynamodb' || service === 'states')
      .flatMap(({ caller }) =>
        caller.type === 'role' ? (/(Tasker|Second)(Invoker|Drain)/.exec(caller.roleArn)?.[0] ?? []) : [],
      );
    return [...new Set(roles)].sort();
  };

  /** Events that a rule has brought to a queue. */
  const deliveredSince = (mark: number) =>
    test.stage.calls
      .entries()
      .slice(mark)
      .filter(({ service, operation }) => service === 'sqs' && operation === 'SendMessage').length;

  const statementName = (output: string | undefined) =>
    (JSON.parse(output ?? '{}') as { detail: { statementName: string } }).detail.statementName;

  it('each hear of their own statements only', async () => {
    let mark = test.mark();
    const one = await run(test.sfn, test.outputs.OneArn);
    await allClosed(test);
    expect(one.status).toBe('SUCCEEDED');
    expect(callersSince(mark)).toEqual(['TaskerDrain', 'TaskerInvoker']);

    mark = test.mark();
    const two = await run(test.sfn, test.outputs.TwoArn);
    expect(two.status).toBe('SUCCEEDED');
    expect(callersSince(mark)).toEqual(['SecondDrain', 'SecondInvoker']);
    expect(deliveredSince(0)).toBe(2);
    expect(await counted(test, 'MessageForeign')).toBe(0);

    expect(statementName(two.output).startsWith(test.outputs.SecondPrefix ?? '?')).toBe(true);
    expect(statementName(one.output).startsWith(test.outputs.SecondPrefix ?? '?')).toBe(false);
  });

  it('do not disturb each other when both are busy', async () => {
    const runs = await Promise.all(
      Array.from({ length: 10 }, (_, n) => run(test.sfn, n % 2 === 0 ? test.outputs.OneArn : test.outputs.TwoArn)),
    );

    expect(runs.map(({ status }) => status)).toEqual(Array(10).fill('SUCCEEDED'));
  });
});
