import assert from 'node:assert/strict';
import { GetExecutionHistoryCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { Duration } from 'aws-cdk-lib';
import {
  DefinitionBody,
  Fail,
  IntegrationPattern,
  JsonPath,
  Parallel,
  StateMachine,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { executions, only, succeeded } from '../assertions.ts';
import { GIVES_UP, OLD, RUN } from '../machines.ts';
import type { Machine, Scenario } from '../scenario.ts';
import { ATTEMPT } from '../sql-state.ts';
import { sqlTask } from '../sql-task.ts';
import type { Ended } from '../told.ts';
import { FOR_EVER, type World } from '../world.ts';

const HALF_AN_HOUR = Duration.minutes(30);

/** Stops what waits for its statement. */
const stop = async (world: World, executionArn: string): Promise<Ended> => {
  await world.pass(1);
  await world.sfn.send(new StopExecutionCommand({ executionArn }));
  return world.ended(executionArn);
};

/** Starts, and stops. */
const stopped = async (world: World, machine: string, input: Readonly<Record<string, unknown>>): Promise<Ended> => {
  const executionArn = await world.start(machine, input);
  await world.submitted(executionArn);
  return stop(world, executionArn);
};

/** The execution that another has started and waits for. */
const childOf = async ({ sfn }: World, executionArn: string): Promise<string> => {
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  const output = events.flatMap(({ taskSubmittedEventDetails }) => taskSubmittedEventDetails?.output ?? []);
  return (JSON.parse(output[0] ?? '{}') as { ExecutionArn: string }).ExecutionArn;
};

const endedAs = (ended: Ended, status: string) => assert.equal(ended.status, status);

const stops: Scenario = {
  name: 'an execution is stopped: its statement is cancelled',
  machines: [RUN],
  statements: 1,
  areCancelled: true,
  run: async (world) => executions(await stopped(world, 'Run', { sql: world.lasting(FOR_EVER) })),
  expect: (told) => endedAs(only(told.executions), 'ABORTED'),
};

const stopAtOnce: Scenario = {
  name: 'an execution is stopped as soon as its statement runs: that is cancelled',
  machines: [RUN],
  statements: 1,
  areCancelled: true,
  run: async (world) => {
    const executionArn = await world.start('Run', { sql: world.lasting(FOR_EVER) });
    await world.submitted(executionArn);
    await world.sfn.send(new StopExecutionCommand({ executionArn }));
    return executions(await world.ended(executionArn));
  },
  expect: (told) => endedAs(only(told.executions), 'ABORTED'),
};

const BOUNDED: Machine = {
  name: 'Bounded',
  define: (scope, { first }) =>
    new StateMachine(scope, 'Bounded', {
      definitionBody: DefinitionBody.fromChainable(sqlTask(scope, 'RunBounded', first)),
      timeout: HALF_AN_HOUR,
    }),
};

const timedOut: Scenario = {
  name: 'an execution times out: its statement is cancelled',
  needs: ['clock'],
  machines: [BOUNDED],
  statements: 1,
  areCancelled: true,
  run: async (world) => executions(await world.run('Bounded', { sql: world.lasting(FOR_EVER) })),
  expect: (told) => endedAs(only(told.executions), 'TIMED_OUT'),
};

const SIBLINGS: Machine = {
  name: 'Siblings',
  define: (scope, { first }) => {
    const wait = new Wait(scope, 'AWhile', { time: WaitTime.duration(HALF_AN_HOUR) });
    return new Parallel(scope, 'Three')
      .branch(sqlTask(scope, 'RunSibling', first))
      .branch(sqlTask(scope, 'RunOtherSibling', first))
      .branch(wait.next(new Fail(scope, 'FailsForAll', { error: 'Enough' })));
  },
};

const siblings: Scenario = {
  name: 'a branch fails: the statements of its siblings are cancelled',
  needs: ['clock'],
  machines: [SIBLINGS],
  statements: 2,
  areCancelled: true,
  run: async (world) => executions(await world.run('Siblings', { sql: world.lasting(FOR_EVER) })),
  expect: (told) => assert.equal(only(told.executions).error, 'Enough'),
};

/** Runs another execution and waits for it. */
const PARENT: Machine = {
  name: 'Parent',
  define: (scope, { first }) => {
    const child = new StateMachine(scope, 'Child', {
      definitionBody: DefinitionBody.fromChainable(sqlTask(scope, 'RunInChild', first)),
    });
    return new StepFunctionsStartExecution(scope, 'RunChild', {
      stateMachine: child,
      integrationPattern: IntegrationPattern.RUN_JOB,
      input: TaskInput.fromObject({ sql: JsonPath.stringAt('$.sql') }),
    });
  },
};

const nested: Scenario = {
  name: 'an execution is stopped that runs another: the statement of that is cancelled',
  machines: [PARENT],
  statements: 1,
  areCancelled: true,
  run: async (world) => {
    const executionArn = await world.start('Parent', { sql: world.lasting(FOR_EVER) });
    await world.submitted(executionArn);
    await world.submitted(await childOf(world, executionArn));
    return executions(await stop(world, executionArn));
  },
  expect: (told) => endedAs(only(told.executions), 'ABORTED'),
};

const LEFT: Machine = {
  name: 'Left',
  define: (scope, { first }) => sqlTask(scope, 'RunLeft', first, { payload: { attempt: ATTEMPT, onTimeout: 'leave' } }),
};

const left: Scenario = {
  name: 'an execution is stopped whose statement is to be left: that runs to its end',
  needs: ['clock'],
  machines: [LEFT],
  statements: 1,
  run: async (world) => executions(await stopped(world, 'Left', { sql: world.lasting(90) })),
  expect: (told) => endedAs(only(told.executions), 'ABORTED'),
};

const givesUp: Scenario = {
  name: 'a state times out in an execution that goes on: its statement is cancelled',
  needs: ['clock'],
  machines: [GIVES_UP],
  statements: 1,
  areCancelled: true,
  run: async (world) => executions(await world.run('GivesUp', { sql: world.lasting(FOR_EVER) })),
  expect: (told) => {
    assert.equal(succeeded<{ Error: string }>(only(told.executions)).Error, 'States.Timeout');
  },
};

export const oldStop: Scenario = {
  name: 'an execution of the older library is stopped: its statement is cancelled',
  machines: [OLD],
  statements: 1,
  areCancelled: true,
  isUnrepeated: true,
  run: async (world) => executions(await stopped(world, 'Old', { sql: world.lasting(FOR_EVER) })),
  expect: (told) => endedAs(only(told.executions), 'ABORTED'),
};

export const endings: readonly Scenario[] = [stops, stopAtOnce, timedOut, siblings, nested, left, givesUp, oldStop];
