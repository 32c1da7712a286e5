import { Duration } from 'aws-cdk-lib';
import { Chain, JsonPath, Parallel, Pass, Timeout, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { RedshiftErrors, RedshiftResult, RedshiftStatement, type SfnRedshiftTasker } from 'sfn-redshift-tasker';
import * as sql from './statements.ts';

/** State names, which the runner reports by. */
export const STATES = {
  longStatement: 'LongStatement',
  wrongOnPurpose: 'WrongOnPurpose',
} as const;

export interface WorkflowProps {
  readonly tasker: SfnRedshiftTasker;
  readonly bucketName: string;
  /** The role that COPY reads the bucket with. */
  readonly copyRoleArn: string;
}

const taskTimeout = Timeout.duration(Duration.hours(1));
const resultPath = JsonPath.DISCARD;

/** Create, load in parallel, build, read; then one statement that fails and one that is cancelled, both caught. */
export const workflow = (scope: Construct, props: WorkflowProps): Chain => {
  const { tasker } = props;
  const state = (id: string, text: string) =>
    tasker.executeStatement(scope, id, { sql: text, taskTimeout, resultPath });
  return Chain.start(state('CreateAirports', sql.CREATE_AIRPORTS))
    .next(state('CreateFlights', sql.CREATE_FLIGHTS))
    .next(loadFiles(scope, props))
    .next(state('BuildDepartures', sql.BUILD_DEPARTURES))
    .next(tenBusiest(scope, tasker))
    .next(wrongOnPurpose(scope, tasker))
    .next(cancelled(scope, tasker));
};

const loadFiles = (scope: Construct, { tasker, bucketName, copyRoleArn }: WorkflowProps): Parallel => {
  const load = (id: string, table: string, key: string) =>
    tasker.executeStatement(scope, id, { sql: sql.copy(table, bucketName, key, copyRoleArn), taskTimeout, resultPath });
  return new Parallel(scope, 'LoadFiles', { resultPath })
    .branch(load('CopyAirports', 'airports', 'airports.csv'))
    .branch(load('CopyFlights', 'flights', 'flights-airport.csv'));
};

const tenBusiest = (scope: Construct, tasker: SfnRedshiftTasker) =>
  tasker.executeStatement(scope, 'TenBusiest', {
    sql: sql.TEN_BUSIEST,
    parameters: { least: 1000 },
    result: RedshiftResult.rows({ maxRows: 10 }),
    taskTimeout,
    resultPath: '$.busiest',
  });

const wrongOnPurpose = (scope: Construct, tasker: SfnRedshiftTasker): Chain => {
  const caught = new Pass(scope, 'CaughtFailure');
  const wrong = tasker.executeStatement(scope, STATES.wrongOnPurpose, {
    sql: sql.WRONG_ON_PURPOSE,
    taskTimeout,
    resultPath,
  });
  wrong.addCatch(caught, { errors: [RedshiftErrors.UNDEFINED_OBJECT], resultPath: '$.failure' });
  return Chain.custom(wrong, wrong.next(caught).endStates, caught);
};

const cancelled = (scope: Construct, tasker: SfnRedshiftTasker): Parallel => {
  const long = tasker.executeStatement(scope, STATES.longStatement, { sql: sql.LONG_RUNNING, taskTimeout, resultPath });
  long.addCatch(new Pass(scope, 'CaughtAbort'), { errors: [RedshiftErrors.ABORTED], resultPath: '$.abort' });
  const wait = new Wait(scope, 'LetItRun', { time: WaitTime.duration(Duration.seconds(1)) });
  const cancel = tasker.cancelStatement(scope, 'CancelIt', {
    statement: RedshiftStatement.latestOfState(STATES.longStatement),
    resultPath: '$.cancel',
  });
  cancel.addRetry({
    errors: [RedshiftErrors.PREVIOUS_EXECUTION_NOT_FOUND],
    interval: Duration.seconds(1),
    maxAttempts: 5,
  });
  return new Parallel(scope, 'CancelLongStatement', { resultPath: '$.cancelled' })
    .branch(long)
    .branch(wait.next(cancel));
};
