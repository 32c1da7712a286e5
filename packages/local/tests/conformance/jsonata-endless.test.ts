import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StepFunctionsStage } from '../helpers/step-functions.ts';
import { caughtJsonata, jsonata, jsonataTask, machine, onlyJsonata, pass } from './machines.ts';

const ENDLESS = '{% ($loop := function($n) { $loop($n + 1) }; $loop(1)) %}';
/** Doubles a text for ever. */
const GROWING = "{% ($grow := function($s) { $grow($s & $s) }; $grow('0123456789')) %}";
/** No expression of JSONata runs while this does, nor could it be asked to stop. */
const CATASTROPHIC = "{% $match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', /^(a+)+$/) %}";

const FAILED = { status: 'FAILED', error: 'States.QueryEvaluationError' };

let stage: StepFunctionsStage;
beforeEach(() => {
  stage = new StepFunctionsStage();
});
afterEach(() => stage.close());

const list = (state: Record<string, unknown>) => ({
  Type: 'Map',
  ItemProcessor: machine({ Item: pass({ End: true }) }),
  ...state,
});

describe('JSONata that never ends', () => {
  it.each([
    ['Output', pass({ Output: { deep: [ENDLESS] } })],
    ['Arguments', jsonataTask({ Arguments: { FunctionName: 'fn', Payload: ENDLESS } })],
    ['ItemSelector', list({ Items: [1], ItemSelector: ENDLESS })],
  ])('fails its state with States.QueryEvaluationError in %s', async (_field, state) => {
    expect(await stage.run(onlyJsonata(state))).toMatchObject(FAILED);
  });

  it('fails a Choice state by its Condition', async () => {
    const choosing = { Type: 'Choice', Choices: [{ Condition: ENDLESS, Next: 'End' }], Default: 'End' };

    expect(await stage.run(jsonata({ Choose: choosing, End: { Type: 'Succeed' } }))).toMatchObject(FAILED);
  });

  it.each([
    ['that grows without end', GROWING],
    ['in a regular expression', CATASTROPHIC],
  ])('fails its state %s', async (_how, Output) => {
    expect(await stage.run(onlyJsonata(pass({ Output })))).toMatchObject(FAILED);
  });

  it('is caught as any other error', async () => {
    const state = jsonataTask({
      Output: ENDLESS,
      Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Output: 'caught', Next: 'After' }],
    });

    expect(await stage.run(caughtJsonata(state))).toMatchObject({ status: 'SUCCEEDED', output: 'caught' });
  });

  it('blocks nobody: a hundred executions that evaluate something start and end meanwhile, and the API answers', async () => {
    const endless = stage.deploy(onlyJsonata(pass({ Output: ENDLESS })));
    const runaways = await Promise.all(Array.from({ length: 4 }, () => stage.startMachine(endless, {})));

    const quick = stage.deploy(onlyJsonata(pass({ Output: '{% $states.input.n + 1 %}' })));
    const ended = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => stage.ended(await stage.startMachine(quick, { n }))),
    );

    expect(ended.map(({ output }) => output)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    const statuses = await Promise.all(
      runaways.map((executionArn) => stage.call<{ status: string }>('DescribeExecution', { executionArn })),
    );
    expect(statuses.filter(({ status }) => status === 'RUNNING').length).toBeGreaterThan(2);
    expect(await Promise.all(runaways.map((arn) => stage.ended(arn)))).toEqual(
      Array(4).fill(expect.objectContaining(FAILED)),
    );
  });

  it('ends at once when its execution is stopped', async () => {
    const executionArn = await stage.start(onlyJsonata(pass({ Output: ENDLESS })));
    await stage.call('StopExecution', { executionArn });

    expect(await stage.ended(executionArn)).toMatchObject({ status: 'ABORTED' });
  });
});
