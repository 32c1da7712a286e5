import { Duration } from 'aws-cdk-lib';
import { IntegrationPattern, JsonPath, TaskInput, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { type LambdaInvocationType, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { SfnRedshiftTasker } from 'sfn-redshift-tasker';
import { ATTEMPT } from './sql-state.ts';

/** Answers that another attempt cannot change. */
export const DEFINITE = [
  'FAILED',
  'ABORTED',
  'InvalidRequest',
  'ValidationException',
  'ResourceNotFoundException',
  'ResponseTooLarge',
];

/**
 * Longer than an invoker may take to start a statement: before that, who repeats is told to wait. Not much longer: what nobody waits for is
 * cancelled.
 */
const BETWEEN_ATTEMPTS = Duration.minutes(1);
const MOST_RETRIES = 15;
const LONGEST_STATEMENT = Duration.hours(26);

export const EXECUTION_ARN = JsonPath.stringAt('$$.Execution.Id');

export interface SqlTaskProps {
  /** @default the state's `$.sql`, unless the payload has `sqlStatements` */
  readonly sql?: string;
  /** Fields of the request besides those that every one has. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** @default longer than a statement may last */
  readonly timeout?: Duration;
  /** @default no sign of life is wanted */
  readonly heartbeat?: Duration;
  /** @default the completion event takes the place of the input */
  readonly resultPath?: string;
  /** @default the state waits for the invoker's answer, and hears of its errors */
  readonly invocationType?: LambdaInvocationType;
  /** Errors that are not repeated, besides those that are definite. */
  readonly notRepeated?: readonly string[];
}

/** A tasker, or another target of one. */
export type WithInvoker = Pick<SfnRedshiftTasker, 'invoker'>;

/** A state that runs a statement, as the documentation says: repeated when it does not know what has become of it. */
export const sqlTask = (scope: Construct, id: string, tasker: WithInvoker, props: SqlTaskProps = {}) =>
  withRetry(
    callbackTask(scope, id, tasker, { ...props, payload: { attempt: ATTEMPT, ...props.payload } }),
    props.notRepeated,
  );

/** A state that waits for a statement and is not repeated. */
export const callbackTask = (scope: Construct, id: string, { invoker }: WithInvoker, props: SqlTaskProps) => {
  const {
    sql = JsonPath.stringAt('$.sql'),
    payload,
    timeout = LONGEST_STATEMENT,
    resultPath,
    invocationType,
    heartbeat,
  } = props;
  return new LambdaInvoke(scope, id, {
    lambdaFunction: invoker,
    integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    payload: TaskInput.fromObject({
      ...(payload && 'sqlStatements' in payload ? {} : { sqlStatement: sql }),
      taskToken: JsonPath.taskToken,
      executionArn: EXECUTION_ARN,
      ...payload,
    }),
    taskTimeout: Timeout.duration(timeout),
    retryOnServiceExceptions: false,
    ...(resultPath === undefined ? {} : { resultPath }),
    ...(invocationType === undefined ? {} : { invocationType }),
    ...(heartbeat === undefined ? {} : { heartbeatTimeout: Timeout.duration(heartbeat) }),
  });
};

/** A state that asks the tasker something and has the answer at once. */
export const askTask = (
  scope: Construct,
  id: string,
  { invoker }: SfnRedshiftTasker,
  props: { readonly payload: Readonly<Record<string, unknown>>; readonly resultPath: string },
) =>
  withRetry(
    new LambdaInvoke(scope, id, {
      lambdaFunction: invoker,
      payload: TaskInput.fromObject({ ...props.payload }),
      resultSelector: { 'answer.$': '$.Payload' },
      resultPath: props.resultPath,
      retryOnServiceExceptions: false,
    }),
  );

/** Repeats whatever another attempt may change. */
const withRetry = (task: LambdaInvoke, notRepeated: readonly string[] = []): LambdaInvoke => {
  task.addRetry({ errors: [...DEFINITE, ...notRepeated], maxAttempts: 0 });
  task.addRetry({ interval: BETWEEN_ATTEMPTS, maxAttempts: MOST_RETRIES, backoffRate: 1 });
  return task;
};
