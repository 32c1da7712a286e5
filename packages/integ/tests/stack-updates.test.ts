import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { RedshiftTarget, TaskerEncryption, WatchedExecutions } from 'sfn-redshift-tasker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sqlState } from '../scenarios/sql-state.ts';
import { ended, start } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { allClosed, closed, itemOf, noted } from './helpers/items.ts';
import {
  type Alteration,
  type Machines,
  startTestStage,
  type TaskerProps,
  type TestStage,
  WITHOUT_SWEEP,
} from './helpers/test-stage.ts';

const MINUTE_MS = 60_000;
const RUN_MS = 30 * MINUTE_MS;
/** Less than a handler waits for a call. */
const HELD_MS = 4_000;
const COMPLETIONS = { source: ['aws.redshift-data'] };
const SQL = { Finishes: 'select 1 as long', Fails: 'select 2 as long', Stopped: 'select 3 as long' };

const OTHER_TARGET = RedshiftTarget.cluster({ clusterIdentifier: 'c2', database: 'prod', dbUser: 'other' });

const machines: Machines = Object.fromEntries(
  Object.entries(SQL).map(([name, sql]) => [
    name,
    (scope, tasker) => sqlState(scope, `Run${name}`, tasker, { sql, resultPath: JsonPath.entirePayload }),
  ]),
);

const ASSETS = join(dirname(fileURLToPath(import.meta.resolve('sfn-redshift-tasker'))), '..', 'assets');
const builds: string[] = [];

/** Handlers of another build: the same code under another digest, which says so. */
const anotherBuild: Alteration = (stack, { invoker, drain, sweep }) => {
  const deploy = (handler: string, { node }: LambdaFunction) => {
    const build = mkdtempSync(join(tmpdir(), `sfn-redshift-build-`));
    builds.push(build);
    cpSync(join(ASSETS, handler), build, { recursive: true });
    const index = join(build, 'index.mjs');
    writeFileSync(index, `${readFileSync(index, 'utf8')}\nconsole.log('build ${builds.length}');\n`);
    const { s3BucketName: s3Bucket, s3ObjectKey: s3Key } = new Asset(stack, `Build${handler}`, { path: build });
    (node.defaultChild as CfnFunction).code = { s3Bucket, s3Key };
  };
  deploy('invoker', invoker);
  deploy('drain', drain);
  deploy('sweep', sweep);
};

/** A resource that cannot be made, and comes after everything of the tasker. */
const failingLast: Alteration = (stack, tasker) => {
  new CfnLogGroup(stack, 'Broken', { kmsKeyId: 'nowhere' }).node.addDependency(tasker);
};

interface Change {
  readonly what: string;
  readonly props: TaskerProps;
  readonly alter?: Alteration;
}

const CHANGES: readonly Change[] = [
  {
    what: 'memory, timeouts, batches and concurrency',
    props: {
      ...WITHOUT_SWEEP,
      invoker: { memorySize: 384, timeout: Duration.minutes(1), reservedConcurrency: 10 },
      completer: { memorySize: 512, timeout: Duration.minutes(2), batchSize: 1, maxConcurrency: 3, maxReceiveCount: 9 },
    },
  },
  {
    what: 'the executions that it watches, retention and metrics',
    props: {
      ...WITHOUT_SWEEP,
      watchedExecutions: WatchedExecutions.ofStateMachines('Scenarios-*'),
      recordRetention: Duration.days(30),
      logRetention: RetentionDays.ONE_DAY,
      metricsNamespace: 'Other',
    },
  },
  {
    what: 'cluster, database and user',
    props: {
      ...WITHOUT_SWEEP,
      target: OTHER_TARGET,
    },
  },
  {
    what: 'the key, by one of its own',
    props: (stack) => ({ ...WITHOUT_SWEEP, encryptionKey: new Key(stack, 'OwnKey') }),
  },
  { what: 'the key, by none', props: { ...WITHOUT_SWEEP, encryption: TaskerEncryption.AWS_OWNED } },
  { what: 'the key, by a new one', props: WITHOUT_SWEEP },
  { what: 'the code of its handlers', props: WITHOUT_SWEEP, alter: anotherBuild },
];

describe('A tasker that is changed while statements are open strands none of them:', () => {
  let test: TestStage;
  let before: Readonly<Record<string, string>>;

  beforeAll(async () => {
    test = await startTestStage(machines, WITHOUT_SWEEP);
    test.stage.redshift.script({ sql: SQL.Finishes, durationMs: RUN_MS });
    test.stage.redshift.script({ sql: SQL.Fails, durationMs: RUN_MS, error: 'ERROR: division by zero' });
    test.stage.redshift.script({ sql: SQL.Stopped, durationMs: 2 * RUN_MS });
    before = resources();
  });

  afterAll(async () => {
    await test?.close();
    for (const build of builds) rmSync(build, { recursive: true, force: true });
  });

  beforeEach(() => test.stage.functionsAtRest());

  const resources = () => test.stage.stacks['Scenarios']?.resources ?? {};
  /** What open statements are known by keeps its physical id. */
  const ofStatements = (all: Readonly<Record<string, string>>) =>
    Object.entries(all).filter(([id]) => /Table|Queue|Role[0-9A-F]{8}$|Invoker[0-9A-F]{8}$|Drain[0-9A-F]{8}$/.test(id));

  const waiting = async (machine: keyof typeof SQL) => {
    const executionArn = await start(test.sfn, test.outputs[`${machine}Arn`]);
    await noted(test, executionArn);
    return executionArn;
  };
  const waitingForEach = async () => ({
    finishes: await waiting('Finishes'),
    fails: await waiting('Fails'),
    stopped: await waiting('Stopped'),
  });
  const later = async (byMs: number) => {
    await test.stage.functionsAtRest();
    test.stage.clock.advance(byMs);
  };
  const deliveryOf = async (executionArn: string) => {
    const { outcome, delivered } = await closed(test, executionArn);
    return [outcome?.S, delivered?.BOOL];
  };

  /** A task is told that its statement finished, another one why its statement failed, and what nobody waits for is cancelled. */
  const allAreTold = async ({ finishes, fails, stopped }: Awaited<ReturnType<typeof waitingForEach>>) => {
    await later(MINUTE_MS);
    await test.sfn.send(new StopExecutionCommand({ executionArn: stopped }));
    expect(await deliveryOf(stopped)).toEqual(['ABORTED', false]);
    await later(RUN_MS);
    expect(await ended(test.sfn, finishes)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await ended(test.sfn, fails)).toMatchObject({
      error: 'FAILED',
      cause: expect.stringContaining('division by zero') as string,
    });
    expect(await deliveryOf(finishes)).toEqual(['FINISHED', true]);
    expect(await deliveryOf(fails)).toEqual(['FAILED', true]);
  };

  it.each(CHANGES)('in $what', async ({ props, alter }) => {
    const open = await waitingForEach();

    await test.update(props, alter);

    expect(ofStatements(resources())).toEqual(ofStatements(before));
    await allAreTold(open);
  });

  it('by an update that fails and is rolled back', async () => {
    const open = await waitingForEach();

    const update = test.update(
      { ...WITHOUT_SWEEP, encryption: TaskerEncryption.AWS_OWNED, completer: { timeout: Duration.minutes(5) } },
      failingLast,
    );

    await expect(update).rejects.toThrow('nowhere');
    expect(test.stage.stacks['Scenarios']?.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(ofStatements(resources())).toEqual(ofStatements(before));
    await allAreTold(open);
  });

  it('in the middle of a start and of an answer', async () => {
    const finishes = await waiting('Finishes');
    const [answers, starts] = ['SendTaskSuccess', 'ExecuteStatement'].map((operation) =>
      test.stage.faults.add({ on: 'call', operation, do: 'delay', delayMs: HELD_MS, nth: 1 }),
    );
    await later(RUN_MS);
    await answers?.hasHit();
    const fails = await start(test.sfn, test.outputs.FailsArn);
    await starts?.hasHit();

    await test.update({ ...WITHOUT_SWEEP, invoker: { memorySize: 448 }, completer: { memorySize: 448 } }, anotherBuild);

    test.stage.clock.advance(HELD_MS);
    expect(await ended(test.sfn, finishes)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await deliveryOf(finishes)).toEqual(['FINISHED', true]);
    await noted(test, fails);
    await later(RUN_MS);
    expect(await ended(test.sfn, fails)).toMatchObject({ error: 'FAILED' });
    expect(await deliveryOf(fails)).toEqual(['FAILED', true]);
  });

  it('in its target, and executes nothing there that may have run before', async () => {
    const request = { sqlStatement: SQL.Stopped, idempotencyKey: 'once' };
    const lost = test.stage.faults.add({
      on: 'call',
      operation: 'ExecuteStatement',
      do: 'kill',
      when: 'after',
      nth: 1,
    });
    expect(await invoke(test, request)).toMatchObject({ FunctionError: 'Unhandled' });
    await lost.hasHit();
    await test.update({ ...WITHOUT_SWEEP, target: OTHER_TARGET });
    await later(MINUTE_MS);
    const { latestId: mark } = test.stage.calls;
    const executions = () => test.stage.calls.find({ after: mark, operation: 'ExecuteStatement' }).length;

    const elsewhere = await invoke(test, request);

    expect(elsewhere.answer).toMatchObject({ errorType: 'StartUncertain' });
    expect(executions()).toBe(0);
    await test.update(WITHOUT_SWEEP);
    await later(MINUTE_MS);
    const { answer } = await invoke(test, request);
    expect(executions()).toBe(1);
    await invoke(test, { action: 'cancelStatement', statementId: answer['statementId'] });
    await allClosed(test);
  });

  it('with the sweep switched off for a while: what no event tells then, it tells when it is back', async () => {
    const lost = test.stage.faults.add({ on: 'event', pattern: COMPLETIONS, do: 'drop' });
    const executionArn = await waiting('Finishes');
    await later(RUN_MS);
    await lost.hasHit();
    lost.remove();
    expect((await itemOf(test, executionArn))?.status?.S).toBe('submitted');

    await test.update({ sweep: { interval: Duration.minutes(5) } });
    await later(10 * MINUTE_MS);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await deliveryOf(executionArn)).toEqual(['FINISHED', true]);
    await test.stage.metrics.waitFor({ name: 'StatementRescued' });
  });

  it('with the permissions that it has at each moment', () => {
    expect(test.stage.iamReport().roles.flatMap(({ denied }) => denied)).toEqual([]);
  });
});
