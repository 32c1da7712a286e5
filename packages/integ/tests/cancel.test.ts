import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { Duration } from 'aws-cdk-lib';
import {
  DefinitionBody,
  Fail,
  JsonPath,
  Parallel,
  Pass,
  StateMachine,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sqlState } from '../scenarios/sql-state.ts';
import { counted } from './helpers/drain-log.ts';
import { ended, eventually, run, start } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { change, closed, itemOf, itemsOf, noted, UNNOTED } from './helpers/items.ts';
import { SLOW } from './helpers/statements.ts';
import { type Machines, startTestStage, type TestStage, WITHOUT_SWEEP } from './helpers/test-stage.ts';

const MINUTE_MS = 60_000;
const DRAIN = /Drain/;
const COMPLETIONS = { source: ['aws.redshift-data'] };

const SLOWLY = { sql: SLOW, resultPath: JsonPath.DISCARD };

const machines: Machines = {
  Slow: (scope, tasker) => sqlState(scope, 'RunSlow', tasker, SLOWLY),
  Left: (scope, tasker) => sqlState(scope, 'RunLeft', tasker, { ...SLOWLY, onTimeout: 'leave' }),
  Bounded: (scope, tasker) =>
    new StateMachine(scope, 'Bounded', {
      definitionBody: DefinitionBody.fromChainable(sqlState(scope, 'RunBounded', tasker, SLOWLY)),
      timeout: Duration.minutes(30),
    }),
  Siblings: (scope, tasker) =>
    new Parallel(scope, 'Three')
      .branch(sqlState(scope, 'RunOne', tasker, SLOWLY))
      .branch(sqlState(scope, 'RunTwo', tasker, SLOWLY))
      .branch(
        new Wait(scope, 'AWhile', { time: WaitTime.duration(Duration.minutes(30)) }).next(new Fail(scope, 'Fails')),
      ),
  Foreign: (scope) => new Pass(scope, 'Nothing').next(new Fail(scope, 'FailsAlone')),
};

describe('An execution that ends badly takes its statements with it:', () => {
  let test: TestStage;
  let mark: { readonly calls: number; readonly messages: number };

  beforeAll(async () => {
    // The sweep cancels, too, what it finds marked.
    test = await startTestStage(machines, WITHOUT_SWEEP);
  });

  afterAll(() => test?.close());

  beforeEach(async () => {
    test.stage.faults.clear();
    await eventually(() => Promise.resolve(idle() || undefined));
    mark = { calls: test.stage.calls.latestId, messages: test.stage.messages.latestId };
  });

  /** Whether the drain has settled all that it has received. */
  const idle = () => {
    const ids = (outcome: string) => test.stage.messages.find({ outcome }).map(({ messageId }) => messageId);
    const deleted = new Set(ids('deleted'));
    return ids('received').every((id) => deleted.has(id));
  };
  const cancels = () => test.stage.calls.find({ after: mark.calls, operation: 'CancelStatement' });
  /** Waits until the drain has settled so many messages. */
  const settled = (count = 1) => test.stage.messages.waitFor({ after: mark.messages, outcome: 'deleted' }, { count });
  const stop = (executionArn: string) => test.sfn.send(new StopExecutionCommand({ executionArn }));
  const cancelByHand = (statementId: string | undefined) => invoke(test, { action: 'cancelStatement', statementId });
  const stateOf = async (statementId: string | undefined) =>
    (await invoke(test, { action: 'describeStatement', statementId })).answer['Status'];

  /** An execution that waits for its statement; past the start deadline, before which nobody believes that a task is gone. */
  const waiting = async (machine: string) => {
    const executionArn = await start(test.sfn, test.outputs[`${machine}Arn`]);
    const item = await noted(test, executionArn);
    test.stage.clock.advance(MINUTE_MS);
    return { executionArn, item, statementId: item.statementId?.S };
  };

  const ABORTED_UNHEARD = { outcome: { S: 'ABORTED' }, delivered: { BOOL: false } };

  it('stopped: the statement is cancelled as its owner, ends ABORTED, and its row closes undelivered', async () => {
    const { executionArn, item, statementId } = await waiting('Slow');

    await stop(executionArn);

    expect(await closed(test, executionArn)).toMatchObject(ABORTED_UNHEARD);
    expect(await stateOf(statementId)).toBe('ABORTED');
    expect(cancels().map(({ outcome, caller }) => ({ outcome, caller }))).toMatchObject([
      { outcome: 'ok', caller: { roleArn: item.ownerRoleArn?.S, sessionName: 'sfn-redshift-drain' } },
    ]);
  });

  it('timed out as a whole', async () => {
    const { executionArn } = await waiting('Bounded');

    test.stage.clock.advance(30 * MINUTE_MS);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'TIMED_OUT' });
    expect(await closed(test, executionArn)).toMatchObject(ABORTED_UNHEARD);
  });

  it('failed by a state that timed out', async () => {
    const { executionArn } = await waiting('Slow');

    test.stage.clock.advance(60 * MINUTE_MS);

    expect((await ended(test.sfn, executionArn)).status).not.toBe('SUCCEEDED');
    expect(await closed(test, executionArn)).toMatchObject(ABORTED_UNHEARD);
  });

  it('failed by one branch: the statements of its siblings are cancelled', async () => {
    const executionArn = await start(test.sfn, test.outputs.SiblingsArn);
    const rows = async () => (await itemsOf(test)).filter(({ owner }) => owner?.S === executionArn);
    await eventually(async () => (await rows()).filter(({ statementId }) => statementId).length === 2 || undefined);

    test.stage.clock.advance(30 * MINUTE_MS);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'FAILED' });
    await eventually(async () => (await rows()).every(({ status }) => status?.S === 'closed') || undefined);
    expect(await rows()).toMatchObject([ABORTED_UNHEARD, ABORTED_UNHEARD]);
    expect(cancels().map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  });

  it('but a statement that is to be left runs on', async () => {
    const { executionArn, statementId } = await waiting('Left');

    await stop(executionArn);
    await settled();

    expect(cancels()).toEqual([]);
    expect(await stateOf(statementId)).toBe('STARTED');
    expect((await itemOf(test, executionArn))?.status?.S).toBe('submitted');
    await cancelByHand(statementId);
    await closed(test, executionArn);
  });

  it('but one that is none of ours costs one query', async () => {
    const foreign = await counted(test, 'ExecutionForeign');
    const since = test.mark();

    expect(await run(test.sfn, test.outputs.ForeignArn)).toMatchObject({ status: 'FAILED' });
    await settled();

    expect(test.callsOf('Drain', since)).toEqual(['Query']);
    await eventually(async () => (await counted(test, 'ExecutionForeign')) === foreign + 1 || undefined);
  });

  it('a statement that has ended meanwhile closes as it ended', async () => {
    const { executionArn, statementId } = await waiting('Slow');
    const late = test.stage.faults.add({ on: 'event', pattern: COMPLETIONS, do: 'delay', delayMs: 30 * MINUTE_MS });
    await cancelByHand(statementId);
    await late.hasHit();

    await stop(executionArn);
    await settled();

    expect(cancels().map(({ outcome }) => outcome)).toEqual(['ok', 'ValidationException']);
    expect((await itemOf(test, executionArn))?.status?.S).toBe('cancelling');
    test.stage.clock.advance(30 * MINUTE_MS);
    expect(await closed(test, executionArn)).toMatchObject(ABORTED_UNHEARD);
  });

  it('a cancel that is throttled is tried again, and has used up no receive', async () => {
    test.stage.faults.add({ on: 'call', operation: 'CancelStatement', do: 'throttle' });
    const { executionArn } = await waiting('Slow');
    const [deferred, retried] = [await counted(test, 'MessageDeferred'), await counted(test, 'MessageRetried')];

    await stop(executionArn);
    await eventually(async () => (await counted(test, 'MessageDeferred')) > deferred || undefined);
    test.stage.faults.clear();

    expect(await closed(test, executionArn)).toMatchObject(ABORTED_UNHEARD);
    expect(cancels().at(-1)).toMatchObject({ outcome: 'ok' });
    expect(await counted(test, 'MessageRetried')).toBe(retried);
  });

  it('a statement whose id is noted late is cancelled once it is', async () => {
    const executionArn = await start(test.sfn, test.outputs.SlowArn);
    const item = await noted(test, executionArn);
    await change(test, item, { ...UNNOTED, startDeadline: test.stage.clock.now() + 30 * MINUTE_MS });

    await stop(executionArn);
    await settled();
    expect(cancels()).toEqual([]);
    await change(test, item, { statementId: item.statementId, status: 'submitted', startDeadline: 0 });

    expect(await closed(test, executionArn)).toMatchObject(ABORTED_UNHEARD);
  });

  it('what a redriven execution has started since lives on, however late the news of its first end', async () => {
    const { executionArn } = await waiting('Slow');
    const stopDate = test.stage.clock.now();
    await stop(executionArn);
    await closed(test, executionArn);
    await test.sfn.send(new RedriveExecutionCommand({ executionArn }));
    const open = await eventually(async () =>
      (await itemsOf(test)).find((row) => row.owner?.S === executionArn && row.status?.S === 'submitted'),
    );
    mark = { calls: test.stage.calls.latestId, messages: test.stage.messages.latestId };

    const news = { type: 'executionEnded', executionArn, status: 'ABORTED', redriveCount: 0, stopDate };
    await test.sqs.send(new SendMessageCommand({ QueueUrl: test.outputs.QueueUrl, MessageBody: JSON.stringify(news) }));
    await settled();

    expect(cancels()).toEqual([]);
    expect(await stateOf(open.statementId?.S)).toBe('STARTED');
    test.stage.clock.advance(MINUTE_MS);
    await stop(executionArn);
    await eventually(
      async () =>
        (await itemsOf(test)).every((row) => row.owner?.S !== executionArn || row.status?.S === 'closed') || undefined,
    );
    expect(cancels().map(({ outcome }) => outcome)).toEqual(['ok']);
  });

  it('no call of all this was denied', () => {
    expect(test.stage.calls.find({ outcome: /AccessDenied/ })).toEqual([]);
    expect(test.stage.iamReport().roles.flatMap(({ denied }) => denied)).toEqual([]);
    const drain = test.stage.iamReport().roles.find(({ name }) => DRAIN.test(name));
    expect(drain?.statements.find(({ sid }) => sid === 'FindOpenStatements')).toMatchObject({ used: true });
  });
});
