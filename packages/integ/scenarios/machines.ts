import { Duration } from 'aws-cdk-lib';
import { JsonPath, Map as MapState, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvocationType } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Machine } from './scenario.ts';
import { callbackTask, sqlTask } from './sql-task.ts';

/** How long a state waits for a statement, where it does not wait for ever. */
export const TIMEOUT_MINUTES = 5;

/** Runs the statement of its input. */
export const RUN: Machine = { name: 'Run', define: (scope, { first }) => sqlTask(scope, 'RunStatement', first) };

/** The same, with parameters. */
export const PARAMETERS: Machine = {
  name: 'Parameters',
  define: (scope, { first }) =>
    sqlTask(scope, 'RunWithParameters', first, { payload: { parameters: JsonPath.objectAt('$.parameters') } }),
};

/** The same, as state machines of the older library do: without `attempt`, not repeated. */
export const OLD: Machine = {
  name: 'Old',
  define: (scope, { first }) => callbackTask(scope, 'RunOld', first, { payload: { action: 'executeStatement' } }),
};

/** The same, by an invocation whose answer nobody waits for. */
export const QUEUED: Machine = {
  name: 'Queued',
  define: (scope, { first }) =>
    sqlTask(scope, 'RunQueued', first, {
      invocationType: LambdaInvocationType.EVENT,
      timeout: Duration.minutes(TIMEOUT_MINUTES),
    }),
};

/** Runs the statements of its input, side by side. */
export const EACH: Machine = {
  name: 'Each',
  define: (scope, { first }) =>
    new MapState(scope, 'ForEach', { itemsPath: JsonPath.stringAt('$.items') }).itemProcessor(
      sqlTask(scope, 'RunEach', first),
    ),
};

/** Runs the statement of its input, which may time out. */
export const PATIENT: Machine = {
  name: 'Patient',
  define: (scope, { first }) => sqlTask(scope, 'RunPatiently', first, { timeout: Duration.minutes(TIMEOUT_MINUTES) }),
};

/** The same; a retry cancels what runs and starts anew. */
export const RESTART: Machine = {
  name: 'Restart',
  define: (scope, { first }) =>
    sqlTask(scope, 'RunAnew', first, { timeout: Duration.minutes(TIMEOUT_MINUTES), payload: { onRetry: 'restart' } }),
};

/** Runs the statement of its input, of which it waits a while for the end, and ends well all the same. */
export const GIVES_UP: Machine = {
  name: 'GivesUp',
  define: (scope, { first }) => {
    const timeout = Duration.minutes(TIMEOUT_MINUTES);
    const task = sqlTask(scope, 'RunShortly', first, { timeout, notRepeated: ['States.Timeout'] });
    return task.addCatch(new Pass(scope, 'GaveUp'), { errors: ['States.Timeout'] });
  },
};
