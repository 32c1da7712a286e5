import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getExecutionHistory, listExecutions } from '../../src/step-functions/actions/executions.ts';
import type { Store } from '../../src/step-functions/store.ts';
import { callback, only, StepFunctionsStage } from '../helpers/step-functions.ts';

const FINISHED = 20_000;
const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:m';

/** A list of so many, which counts how often one of them is looked at. */
const counting = (item: object) => {
  const looks = { count: 0 };
  const list = new Proxy(
    Array.from({ length: FINISHED }, () => item),
    {
      get: (target, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks.count += 1;
        return Reflect.get(target, key) as unknown;
      },
    },
  );
  return { list, looks };
};

describe(`${FINISHED.toLocaleString('en')} finished executions`, () => {
  it('are not gone through for a page of ListExecutions, be it the first or the last', () => {
    const { list, looks } = counting({ machine: { arn: MACHINE }, status: 'SUCCEEDED', startedAt: 0, stoppedAt: 0 });
    const store = { machine: () => ({ arn: MACHINE }), executionsOf: () => list } as unknown as Store;
    const page = (nextToken?: string) =>
      listExecutions({ stateMachineArn: MACHINE, maxResults: 100, ...(nextToken && { nextToken }) }, store) as {
        executions: readonly unknown[];
        nextToken?: string;
      };

    let last = page();
    expect(looks.count).toBeLessThanOrEqual(101);

    let pages = 1;
    for (; last.nextToken !== undefined; pages += 1) last = page(last.nextToken);
    expect(pages).toBe(FINISHED / 100);
    expect(looks.count).toBeLessThanOrEqual(FINISHED + pages);
  });

  it('have histories of which a page of GetExecutionHistory takes no more than itself', () => {
    const { list, looks } = counting({ id: 1, type: 'PassStateEntered' });
    const store = { execution: () => ({ history: { events: list } }) } as unknown as Store;

    getExecutionHistory({ executionArn: MACHINE, maxResults: 100, reverseOrder: true }, store);

    expect(looks.count).toBeLessThanOrEqual(101);
  });
});

describe('A finished execution', () => {
  let stage: StepFunctionsStage;
  beforeEach(() => {
    stage = new StepFunctionsStage();
  });
  afterEach(() => stage.close());

  it('leaves nothing that waits on the clock, however it ended', async () => {
    const machine = stage.deploy({
      ...only(callback({ TimeoutSeconds: 600, HeartbeatSeconds: 60 })),
      TimeoutSeconds: 900,
    });
    const [answered, failed, stopped] = await Promise.all([1, 2, 3].map(() => stage.startMachine(machine, {})));
    await stage.lambda.nth(3);

    await stage.call('SendTaskSuccess', { taskToken: await stage.lambda.token(1), output: '1' });
    await stage.call('SendTaskFailure', { taskToken: await stage.lambda.token(2) });
    await stage.call('StopExecution', { executionArn: stopped });

    await Promise.all([answered, failed, stopped].map((arn) => stage.ended(arn ?? '')));
    expect(stage.clock.pending).toBe(0);
  });
});
