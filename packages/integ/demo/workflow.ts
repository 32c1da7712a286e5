import { Duration } from 'aws-cdk-lib';
import { Chain, JsonPath, Parallel, Pass, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { SfnRedshiftTasker } from 'sfn-redshift-tasker';
import { askState, sqlState } from './sql-state.ts';
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

/** Create, load in parallel, build, read; then one statement that fails and one that is cancelled, both caught. */
export const workflow = (scope: Construct, props: WorkflowProps): Chain => {
  const { tasker } = props;
  const state = (id: string, text: string, resultPath = JsonPath.DISCARD) =>
    sqlState(scope, id, tasker, { sql: text, resultPath });
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
    sqlState(scope, id, tasker, { sql: sql.copy(table, bucketName, key, copyRoleArn), resultPath: JsonPath.DISCARD });
  return new Parallel(scope, 'LoadFiles', { resultPath: JsonPath.DISCARD })
    .branch(load('CopyAirports', 'airports', 'airports.csv'))
    .branch(load('CopyFlights', 'flights', 'flights-airport.csv'));
};

const tenBusiest = (scope: Construct, tasker: SfnRedshiftTasker): Chain => {
  const select = sqlState(scope, 'TenBusiest', tasker, {
    sql: sql.TEN_BUSIEST,
    parameters: { least: 1000 },
    resultPath: '$.busiest',
  });
  const statementId = JsonPath.stringAt('$.busiest.detail.statementId');
  const read = askState(scope, 'ReadTenBusiest', tasker, {
    payload: { action: 'getStatementResult', statementId },
    resultPath: '$.airports',
  });
  return select.next(read);
};

const wrongOnPurpose = (scope: Construct, tasker: SfnRedshiftTasker): Chain => {
  const caught = new Pass(scope, 'CaughtFailure');
  const wrong = sqlState(scope, STATES.wrongOnPurpose, tasker, {
    sql: sql.WRONG_ON_PURPOSE,
    resultPath: JsonPath.DISCARD,
  });
  wrong.addCatch(caught, { errors: ['FAILED'], resultPath: '$.failure' });
  return Chain.custom(wrong, wrong.next(caught).endStates, caught);
};

const cancelled = (scope: Construct, tasker: SfnRedshiftTasker): Parallel => {
  const long = sqlState(scope, STATES.longStatement, tasker, { sql: sql.LONG_RUNNING, resultPath: JsonPath.DISCARD });
  long.addCatch(new Pass(scope, 'CaughtAbort'), { errors: ['ABORTED'], resultPath: '$.abort' });
  const wait = new Wait(scope, 'LetItRun', { time: WaitTime.duration(Duration.seconds(1)) });
  const cancel = askState(scope, 'CancelIt', tasker, {
    payload: {
      action: 'cancelStatement',
      statementId: 'LATEST',
      executionArn: JsonPath.stringAt('$$.Execution.Id'),
      state: STATES.longStatement,
    },
    resultPath: '$.cancel',
  });
  cancel.addRetry({ errors: ['PreviousExecutionNotFound'], interval: Duration.seconds(1), maxAttempts: 5 });
  return new Parallel(scope, 'CancelLongStatement', { resultPath: '$.cancelled' })
    .branch(long)
    .branch(wait.next(cancel));
};
