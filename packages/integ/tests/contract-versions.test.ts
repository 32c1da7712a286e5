import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sqlState } from '../scenarios/sql-state.ts';
import { ended, start } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { change, closed, noted, UNNOTED } from './helpers/items.ts';
import { sweepNow } from './helpers/sweep.ts';
import { type Machines, startTestStage, type TestStage, WITHOUT_SWEEP } from './helpers/test-stage.ts';

const MINUTE_MS = 60_000;
const RUN_MS = 30 * MINUTE_MS;
const LONG = 'select 1 as long';
const COMPLETIONS = { source: ['aws.redshift-data'] };

const machines: Machines = {
  Long: (scope, tasker) => sqlState(scope, 'RunLong', tasker, { sql: LONG, resultPath: JsonPath.entirePayload }),
};

/** The row as an invoker wrote it before these fields existed. */
const OLDER = { claimant: undefined, attempt: undefined } as const;

/** The row as the next version may write it: fields of its own, of every kind that DynamoDB has. */
const LATER: Readonly<Record<string, AttributeValue>> = {
  laterText: { S: 'told by a newer version' },
  laterFlag: { BOOL: true },
  laterNumber: { N: '7' },
  laterNothing: { NULL: true },
  laterSet: { SS: ['a', 'b'] },
  laterObject: { M: { list: { L: [{ S: 'a' }, { N: '1' }] } } },
};
const NEWER = { contractVersion: 2, ...LATER };

/** What the invoker was, what it has left, and what must still be there in the end. */
const ROWS = [
  ['older', OLDER, {}],
  ['newer', NEWER, LATER],
  ['older, and that died before it noted its statement', { ...OLDER, ...UNNOTED }, {}],
  ['newer, and that died before it noted its statement', { ...NEWER, ...UNNOTED }, LATER],
] as const;

/**
 * No bundle of an earlier version can be built from a clone, so what such a one leaves is written into the table by hand; the
 * golden files of shared/fixtures say how it looks.
 */
describe('Another version of the contract:', () => {
  let test: TestStage;

  beforeAll(async () => {
    test = await startTestStage(machines, WITHOUT_SWEEP);
    test.stage.redshift.script({ sql: LONG, durationMs: RUN_MS });
  });

  afterAll(() => test?.close());

  beforeEach(async () => {
    await test.stage.functionsAtRest();
    test.stage.faults.clear();
  });

  const later = async (byMs: number) => {
    await test.stage.functionsAtRest();
    test.stage.clock.advance(byMs);
  };

  const waitingWith = async (changes: Parameters<typeof change>[2]) => {
    const executionArn = await start(test.sfn, test.outputs.LongArn);
    await change(test, await noted(test, executionArn), changes);
    return executionArn;
  };

  const DELIVERED = { outcome: { S: 'FINISHED' }, delivered: { BOOL: true } };

  it.each(ROWS)('a row of an invoker that is %s, is finished by the drain', async (_which, changes, kept) => {
    const executionArn = await waitingWith(changes);

    await later(RUN_MS);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await closed(test, executionArn)).toMatchObject({ ...DELIVERED, ...kept });
  });

  it.each(ROWS)('a row of an invoker that is %s, is finished by the sweep', async (_which, changes, kept) => {
    const lost = test.stage.faults.add({ on: 'event', pattern: COMPLETIONS, do: 'drop' });
    const executionArn = await waitingWith(changes);
    await later(RUN_MS);
    await lost.hasHit();
    await later(2 * MINUTE_MS);

    await sweepNow(test);

    expect(await ended(test.sfn, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await closed(test, executionArn)).toMatchObject({ ...DELIVERED, ...kept });
  });

  it('a row of a newer invoker is found as the latest, and cancelled', async () => {
    const executionArn = await waitingWith(NEWER);
    const { statementId } = await noted(test, executionArn);

    const { answer } = await invoke(test, { action: 'describeStatement', statementId: 'LATEST', executionArn });

    expect(answer).toMatchObject({ Id: statementId?.S, Status: 'STARTED' });
    await invoke(test, { action: 'cancelStatement', statementId: 'LATEST', executionArn });
    expect(await ended(test.sfn, executionArn)).toMatchObject({ error: 'ABORTED' });
    expect(await closed(test, executionArn)).toMatchObject(LATER);
  });

  it('a request of a newer version is carried out, but not one of ours with fields that nobody knows', async () => {
    const request = { sqlStatement: 'select 1', laterField: { deep: true } };

    const { answer } = await invoke(test, { ...request, contractVersion: 2 });
    const refused = await invoke(test, request);

    expect(answer['statementId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(refused).toMatchObject({ FunctionError: 'Unhandled', answer: { errorType: 'InvalidRequest' } });
  });
});
