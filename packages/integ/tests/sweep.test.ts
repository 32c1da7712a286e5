import { Duration } from 'aws-cdk-lib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callbackTask } from '../scenarios/sql-task.ts';
import { ended, run, start } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { change, closed, itemOf, noted, UNNOTED } from './helpers/items.ts';
import { sweepNow } from './helpers/sweep.ts';
import { type Machines, startTestStage, type TestStage } from './helpers/test-stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The longest, so that few runs come while the clock jumps over hours. */
const INTERVAL = HOUR;
/** Runs until it is cancelled. */
const LONG = 'select 1 as long';
const COMPLETIONS = { source: ['aws.redshift-data'] };

/** A state that waits as long as a statement may run. */
const running =
  (sql: string): Machines[string] =>
  (scope, tasker) =>
    callbackTask(scope, `Run ${sql.slice(0, 40)}`, tasker, { sql });

describe('what no event tells, the sweep does:', () => {
  let test: TestStage;
  let mark: number;

  beforeAll(async () => {
    test = await startTestStage(
      { One: running('select 1 as one'), Divide: running('select 1 / 0'), Long: running(LONG) },
      { sweep: { interval: Duration.millis(INTERVAL) } },
    );
    test.stage.redshift.script({ sql: LONG, durationMs: 23 * HOUR });
  });

  afterAll(() => test?.close());

  beforeEach(async () => {
    await test.stage.functionsAtRest();
    test.stage.faults.clear();
    mark = test.stage.calls.latestId;
  });

  const lose = () => test.stage.faults.add({ on: 'event', pattern: COMPLETIONS, do: 'drop' });
  /** What runs is given the time to end before the clock jumps. */
  const later = async (byMs: number) => {
    await test.stage.functionsAtRest();
    test.stage.clock.advance(byMs);
  };
  const callsOf = (operation: string, outcome?: string) =>
    test.stage.calls.find({ after: mark, operation, ...(outcome === undefined ? {} : { outcome }) });

  /** An execution whose statement has ended, and whose event is lost. */
  const unheard = async (stateMachineArn: string | undefined): Promise<string> => {
    const lost = lose();
    const executionArn = await start(test.sfn, stateMachineArn);
    await lost.hasHit();
    await noted(test, executionArn);
    return executionArn;
  };

  it('a statement that finished succeeds its task with what the event would have said', async () => {
    const { output: usual } = await run(test.sfn, test.outputs.OneArn);
    const executionArn = await unheard(test.outputs.OneArn);

    await later(INTERVAL);

    const { status, output } = await ended(test.sfn, executionArn);
    expect(status).toBe('SUCCEEDED');
    const { statementId, statementName, outcome, delivered } = await closed(test, executionArn);
    expect({ outcome, delivered }).toEqual({ outcome: { S: 'FINISHED' }, delivered: { BOOL: true } });
    const told = JSON.parse(output ?? '{}') as Record<string, object>;
    const event = JSON.parse(usual ?? '{}') as Record<string, object>;
    const { principal: _, expireAt: __, ...detail } = event.detail as Record<string, unknown>;
    expect(told).toEqual({
      source: event.source,
      'detail-type': event['detail-type'],
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      detail: {
        ...detail,
        statementId: statementId?.S,
        statementName: statementName?.S,
        redshiftQueryId: expect.any(Number) as number,
      },
      thread: {
        ...event.thread,
        executionName: executionArn.split(':').at(-1),
        invocationKey: statementName?.S?.split('/')[1],
        queryId: expect.any(Number) as number,
      },
    });
    await test.stage.metrics.waitFor({ name: 'StatementRescued' });
  });

  it('a statement that failed fails its task with the error text', async () => {
    const executionArn = await unheard(test.outputs.DivideArn);

    await later(INTERVAL);

    const { error, cause } = await ended(test.sfn, executionArn);
    expect(error).toBe('FAILED');
    expect(JSON.parse(cause ?? '{}')).toMatchObject({
      message: expect.stringMatching(/divi/i) as string,
      state: 'FAILED',
    });
    await closed(test, executionArn);
  });

  it('a statement that somebody cancelled fails its task as ABORTED', async () => {
    const lost = lose();
    const executionArn = await start(test.sfn, test.outputs.LongArn);
    const { statementId } = await noted(test, executionArn);
    await invoke(test, { action: 'cancelStatement', statementId: statementId?.S });
    await lost.hasHit();

    await later(INTERVAL);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'FAILED', error: 'ABORTED' });
    await closed(test, executionArn);
  });

  it('once, whoever runs beside it', async () => {
    const executionArn = await unheard(test.outputs.OneArn);
    await later(2 * MINUTE);

    await Promise.all([sweepNow(test), sweepNow(test), sweepNow(test)]);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect((await closed(test, executionArn)).delivered).toEqual({ BOOL: true });
    expect(callsOf('SendTaskSuccess', 'ok')).toHaveLength(1);
  });

  it('of a statement that is not due it asks nothing, of one that is due it asks once', async () => {
    const executionArn = await start(test.sfn, test.outputs.LongArn);
    const { statementId } = await noted(test, executionArn);
    await sweepNow(test);
    expect(callsOf('DescribeStatement')).toEqual([]);

    await later(MINUTE);
    await sweepNow(test);
    await sweepNow(test);

    expect(callsOf('DescribeStatement')).toHaveLength(1);
    await invoke(test, { action: 'cancelStatement', statementId: statementId?.S });
    expect(await ended(test.sfn, executionArn)).toMatchObject({ error: 'ABORTED' });
  });

  it('a claim whose invoker died after it had executed gets its statement', async () => {
    const lost = lose();
    test.stage.faults.add({ on: 'call', operation: 'ExecuteStatement', do: 'kill', when: 'after', nth: 1 });
    const executionArn = await start(test.sfn, test.outputs.OneArn);
    await ended(test.sfn, executionArn);
    await lost.hasHit();

    await later(INTERVAL);

    const { outcome, delivered, statementId } = await closed(test, executionArn);
    expect({ outcome, delivered }).toEqual({ outcome: { S: 'FINISHED' }, delivered: { BOOL: false } });
    expect(statementId?.S).toMatch(/^[0-9a-f-]{36}$/);
    expect(callsOf('ExecuteStatement')).toHaveLength(1);
  });

  it('a claim whose statement runs unnoted is noted, and ended as any other', async () => {
    const executionArn = await start(test.sfn, test.outputs.LongArn);
    const item = await noted(test, executionArn);
    await change(test, item, UNNOTED);

    await later(INTERVAL);

    const { statementId, status } = await noted(test, executionArn);
    expect({ statementId, status }).toEqual({ statementId: item.statementId, status: { S: 'submitted' } });
    await invoke(test, { action: 'cancelStatement', statementId: statementId?.S });
    expect(await ended(test.sfn, executionArn)).toMatchObject({ error: 'ABORTED' });
  });

  it('a claim whose invoker died before it could execute is given up when nobody may execute it any more', async () => {
    test.stage.faults.add({ on: 'call', operation: 'ExecuteStatement', do: 'kill', when: 'before', nth: 1 });
    const executionArn = await start(test.sfn, test.outputs.OneArn);
    await ended(test.sfn, executionArn);

    await later(INTERVAL);
    await sweepNow(test);
    expect((await itemOf(test, executionArn))?.status?.S).toBe('starting');
    await later(8 * HOUR);

    const { outcome, delivered, statementId } = await closed(test, executionArn);
    expect({ outcome, delivered }).toEqual({ outcome: { S: 'UNKNOWN' }, delivered: { BOOL: false } });
    expect(statementId).toBeUndefined();
    expect(callsOf('ExecuteStatement', 'ok')).toEqual([]);
  });

  it('a task that waits for a claim of which nobody can tell anything hears that', async () => {
    const executionArn = await start(test.sfn, test.outputs.LongArn);
    const item = await noted(test, executionArn);
    await change(test, item, { ...UNNOTED, statementName: `${item.statementName?.S ?? ''}-never-started` });

    await later(8 * HOUR);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'FAILED', error: 'StartUncertain' });
    await closed(test, executionArn);
  });

  it('with the permissions that it has, and no others', () => {
    const roles = test.stage.iamReport().roles;
    expect(roles.flatMap(({ denied }) => denied)).toEqual([]);
    const sweep = roles.find(({ name }) => name.includes('SweepRole'));
    const unused = sweep?.statements.filter(({ used, unusedActions }) => !used || unusedActions.length > 0);
    // Nobody told an attempt here; see orphans.test.ts.
    expect(unused?.map(({ sid }) => sid)).toEqual(['AskForTasks']);
    const needless = sweep?.statements.filter(({ deniedWithout }) => deniedWithout.length === 0);
    // Within one account the owner role's trust alone would do.
    expect(needless?.map(({ sid }) => sid)).toEqual(['ActAsOwnerOfStatements', 'AskForTasks']);
  });
});
