import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { sqlState } from '../../scenarios/sql-state.ts';
import { ended, start } from './execution.ts';
import { closed, itemOf, noted } from './items.ts';
import { sweepNow } from './sweep.ts';
import { type Machines, startTestStage, type TestStage, WITHOUT_SWEEP } from './test-stage.ts';

/** Runs until it is cancelled, and gives the database nothing to do. */
const LONG = 'select 1 as long';
const SHORT = 'select 1 as short';
const DAY_MS = 24 * 60 * 60 * 1000;
/** Young: looked at by every run of the sweep. */
const MINUTE_MS = 60_000;
const COMPLETIONS = { source: ['aws.redshift-data'] };

const machines: Machines = {
  Run: (scope, tasker) =>
    sqlState(scope, 'RunSql', tasker, { sql: JsonPath.stringAt('$.sql'), resultPath: JsonPath.DISCARD }),
};

/** Milliseconds of real time from what happened to what was done about it, one figure for each time it was tried; or runs of the sweep. */
export interface Reactions {
  /** From the end of a statement to the call that tells its task. */
  readonly endToAnswer: readonly number[];
  /** From the end of an execution to the call that cancels its statement. */
  readonly stopToCancel: readonly number[];
  /** How many runs of the sweep it took until the task heard of an end whose event was lost. */
  readonly sweepsToAnswer: readonly number[];
}

/** Tries each so often, one after the other, on a stage of its own. The sweep runs when it is told to, a minute apart. */
export const measureReactions = async (times: number): Promise<Reactions> => {
  const test = await startTestStage(machines, WITHOUT_SWEEP);
  try {
    test.stage.redshift.script({ sql: LONG, durationMs: DAY_MS });
    return {
      endToAnswer: await repeated(times, () => endToAnswer(test)),
      stopToCancel: await repeated(times, () => stopToCancel(test)),
      sweepsToAnswer: await repeated(times, () => sweepsToAnswer(test)),
    };
  } finally {
    await test.close();
  }
};

const repeated = async (times: number, measure: () => Promise<number>): Promise<number[]> => {
  const figures: number[] = [];
  for (let n = 0; n < times; n++) figures.push(await measure());
  return figures;
};

/** When the first call of this name after the mark began. */
const timeOf = async ({ stage }: TestStage, operation: string, after: number): Promise<number> => {
  await stage.calls.waitFor({ operation, after });
  return stage.calls.find({ operation, after })[0]?.time ?? Number.NaN;
};

const endToAnswer = async (test: TestStage): Promise<number> => {
  const { calls, events } = test.stage;
  const [call, event] = [calls.latestId, events.latestId];
  const executionArn = await start(test.sfn, test.outputs.RunArn, { sql: SHORT });
  await closed(test, executionArn);
  const [end] = events.find({ source: 'aws.redshift-data', outcome: 'put', after: event });
  return (await timeOf(test, 'SendTaskSuccess', call)) - (end?.time ?? Number.NaN);
};

const stopToCancel = async (test: TestStage): Promise<number> => {
  const executionArn = await start(test.sfn, test.outputs.RunArn, { sql: LONG });
  await noted(test, executionArn);
  // Past the start deadline, before which nobody believes that a task is gone: so the item closes at once.
  test.stage.clock.advance(MINUTE_MS);
  const { latestId } = test.stage.calls;
  await test.sfn.send(new StopExecutionCommand({ executionArn }));
  const cancelledAt = await timeOf(test, 'CancelStatement', latestId);
  await closed(test, executionArn);
  return cancelledAt - (await timeOf(test, 'StopExecution', latestId));
};

const sweepsToAnswer = async (test: TestStage): Promise<number> => {
  const { stage } = test;
  const lost = stage.faults.add({ on: 'event', pattern: COMPLETIONS, do: 'drop', uses: 1 });
  const executionArn = await start(test.sfn, test.outputs.RunArn, { sql: SHORT });
  await lost.hasHit();
  await noted(test, executionArn);
  let runs = 0;
  while ((await itemOf(test, executionArn))?.status?.S !== 'closed') {
    await stage.functionsAtRest();
    stage.clock.advance(MINUTE_MS);
    await sweepNow(test);
    runs += 1;
  }
  await ended(test.sfn, executionArn);
  return runs;
};
