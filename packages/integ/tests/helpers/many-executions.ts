import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { sqlState } from '../../scenarios/sql-state.ts';
import { eventually, run, start } from './execution.ts';
import { allClosed, allStartedClosed } from './items.ts';
import { type Machines, startTestStage, type TestStage } from './test-stage.ts';

/** Rows of the table that the statements ask, so that they can differ in how many they find. */
const ROWS = 50;
const FAILS_EVERY = 10;
/** As many requests as the SDK sends at a time. */
const CLIENTS = 50;

const machines: Machines = {
  RunStatement: (scope, tasker) =>
    sqlState(scope, 'Run', tasker, { sql: JsonPath.stringAt('$.sql'), resultPath: JsonPath.entirePayload }),
};

/** What came of one execution, as far as it is its own. */
export interface Outcome {
  readonly status: string | undefined;
  /** Of the statement; undefined when it failed. */
  readonly rows: number | undefined;
  /** The column that the failed statement missed. */
  readonly missing: string | undefined;
  /** Whether the statement's name is that of this execution. */
  readonly isOwn: boolean;
}

/** A stage with a machine that runs the statement of its input, and a table to ask. */
export const startManyStage = async (): Promise<TestStage> => {
  const test = await startTestStage(machines);
  await run(test.sfn, test.outputs.RunStatementArn, { sql: 'create table numbers (i int)' });
  const values = Array.from({ length: ROWS }, (_, i) => `(${i})`).join(', ');
  await run(test.sfn, test.outputs.RunStatementArn, { sql: `insert into numbers values ${values}` });
  await allClosed(test);
  return test;
};

/** The `n`-th statement finds a number of rows of its own, or asks for a column that nobody has. */
const statement = (n: number): string =>
  n % FAILS_EVERY === 0 ? `select missing_${n} from numbers` : `select i from numbers where i < ${n % ROWS}`;

/** What the `n`-th execution must come to. */
export const expectedOutcome = (n: number): Outcome =>
  n % FAILS_EVERY === 0
    ? { status: 'FAILED', rows: undefined, missing: `missing_${n}`, isOwn: true }
    : { status: 'SUCCEEDED', rows: n % ROWS, missing: undefined, isOwn: true };

/** Starts `count` executions at once and waits until all have ended and the rows of all their statements are closed. */
export const runMany = async (test: TestStage, count: number): Promise<readonly Outcome[]> => {
  const stateMachineArn = test.outputs.RunStatementArn;
  const numbers = Array.from({ length: count }, (_, n) => n);
  const arns = await inTurns(numbers, (n) => start(test.sfn, stateMachineArn, { sql: statement(n) }));
  await eventually(async () => !(await hasRunning(test.sfn, stateMachineArn)) || undefined);
  await allStartedClosed(test);
  return inTurns(arns, async (executionArn) =>
    outcomeOf(await test.sfn.send(new DescribeExecutionCommand({ executionArn }))),
  );
};

const hasRunning = async (sfn: SFNClient, stateMachineArn: string | undefined): Promise<boolean> => {
  const command = new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 });
  const { executions = [] } = await sfn.send(command);
  return executions.length > 0;
};

const outcomeOf = ({ status, output, cause = '', executionArn = '?' }: DescribeExecutionCommandOutput): Outcome => {
  const { detail } = JSON.parse(output ?? '{}') as { detail?: { rows: number; statementName: string } };
  return {
    status,
    rows: detail?.rows,
    missing: /missing_\d+/.exec(cause)?.[0],
    isOwn: (detail?.statementName ?? cause).includes(executionArn),
  };
};

/** All of them, several at a time, in their order. */
const inTurns = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> => {
  const results: R[] = [];
  const next = items.entries();
  const worker = async () => {
    for (const [at, item] of next) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: CLIENTS }, worker));
  return results;
};
