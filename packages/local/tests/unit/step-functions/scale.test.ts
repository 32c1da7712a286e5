import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callback, only, StepFunctionsStage } from '../../helpers/step-functions.ts';

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

describe('1,000 executions at once', () => {
  it('end each with the answer to its own token, and leave nothing waiting', async () => {
    const state = callback({
      Parameters: { FunctionName: 'fn', Payload: { 'token.$': '$$.Task.Token', 'n.$': '$' } },
      TimeoutSeconds: 600,
    });
    const machine = stage.deploy(only(state));
    const numbers = Array.from({ length: 1000 }, (_, n) => n);
    const arns = await Promise.all(numbers.map((n) => stage.startMachine(machine, n)));
    await stage.lambda.nth(1000);
    const answers = stage.lambda.invocations.seen.map(async ({ payload }) => {
      const { token, n } = payload as { token: string; n: number };
      await stage.call('SendTaskSuccess', { taskToken: token, output: JSON.stringify({ n }) });
    });
    await Promise.all(answers);
    await stage.events.find(() => stage.events.seen.length === 2000);

    const outputs = await Promise.all(
      arns.map((executionArn) => stage.call<{ output: string }>('DescribeExecution', { executionArn })),
    );
    expect(outputs.map(({ output }) => output)).toEqual(numbers.map((n) => JSON.stringify({ n })));
    expect(stage.clock.pending).toBe(0);
    const running = await stage.call('ListExecutions', { stateMachineArn: machine, statusFilter: 'RUNNING' });
    expect(running).toEqual({ executions: [] });
  });
});
