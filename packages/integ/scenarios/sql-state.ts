import { Duration } from 'aws-cdk-lib';
import { IntegrationPattern, JsonPath, TaskInput, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { SfnRedshiftTasker } from 'sfn-redshift-tasker';

export interface SqlStateProps {
  readonly sql: string;
  readonly parameters?: Readonly<Record<string, string | number>>;
  /** Where the state's input keeps the result. */
  readonly resultPath: string;
  /** Lets the statement run on when nobody waits for it any more. */
  readonly onTimeout?: 'leave';
}

/** Tells the tasker which attempt of which state asks: a repeated call of the same attempt starts no second statement. */
export const ATTEMPT = {
  state: JsonPath.stringAt('$$.State.Name'),
  enteredTime: JsonPath.stringAt('$$.State.EnteredTime'),
  retryCount: JsonPath.numberAt('$$.State.RetryCount'),
  redriveCount: JsonPath.numberAt('$$.Execution.RedriveCount'),
};

/** A state that runs one statement and ends when the statement ends. */
export const sqlState = (scope: Construct, id: string, tasker: SfnRedshiftTasker, props: SqlStateProps): LambdaInvoke =>
  new LambdaInvoke(scope, id, {
    lambdaFunction: tasker.invoker,
    integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: TaskInput.fromObject({
      action: 'executeStatement',
      sqlStatement: props.sql,
      ...(props.parameters && { parameters: props.parameters }),
      taskToken: JsonPath.taskToken,
      executionArn: JsonPath.stringAt('$$.Execution.Id'),
      attempt: ATTEMPT,
      ...(props.onTimeout && { onTimeout: props.onTimeout }),
    }),
    taskTimeout: Timeout.duration(Duration.hours(1)),
    resultPath: props.resultPath,
    // The defaults would also repeat what may have started a statement already (README, limits).
    retryOnServiceExceptions: false,
  });

/** A state that asks the tasker something and has the answer at once. */
export const askState = (
  scope: Construct,
  id: string,
  tasker: SfnRedshiftTasker,
  props: { readonly payload: Readonly<Record<string, unknown>>; readonly resultPath: string },
): LambdaInvoke =>
  new LambdaInvoke(scope, id, {
    lambdaFunction: tasker.invoker,
    payload: TaskInput.fromObject({ ...props.payload }),
    resultSelector: { 'answer.$': '$.Payload' },
    resultPath: props.resultPath,
    retryOnServiceExceptions: false,
  });
