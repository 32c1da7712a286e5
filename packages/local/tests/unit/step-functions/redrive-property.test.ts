import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { returned, StepFunctionsStage, threw } from '../../helpers/step-functions.ts';

/** A part of a machine: a task, or branches of lines, or a line run for each of some items. */
type Part =
  | { readonly task: true }
  | { readonly parallel: readonly Line[] }
  | { readonly map: Line; readonly mode: 'INLINE' | 'DISTRIBUTED' };
type Line = readonly Part[];

const ITEMS = [0, 1, 2];

const MODE = fc.constantFrom('INLINE', 'DISTRIBUTED');

const { line } = fc.letrec<{ line: Line; part: Part }>((tie) => ({
  line: fc.array(tie('part'), { minLength: 1, maxLength: 3, depthIdentifier: 'machine' }),
  part: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'machine' },
    { weight: 3, arbitrary: fc.constant({ task: true } as const) },
    { weight: 1, arbitrary: fc.record({ parallel: fc.array(tie('line'), { minLength: 1, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ map: tie('line'), mode: MODE }) },
  ),
}));

/** Every state has a name of its own; where an iteration is in the input's `at`. */
const statesOf = (parts: Line, prefix: string): Record<string, unknown> => {
  const names = parts.map((_, index) => `${prefix}${index}`);
  const states = parts.map((part, index) => {
    const onward = index < parts.length - 1 ? { Next: names[index + 1] } : { End: true };
    return [names[index], { ...stateOf(part, `${prefix}${index}.`), ResultPath: null, ...onward }];
  });
  return { StartAt: names[0], States: Object.fromEntries(states) as unknown };
};

const stateOf = (part: Part, prefix: string): Record<string, unknown> => {
  if ('task' in part)
    return {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'fn', 'Payload.$': '$' },
    };
  if ('parallel' in part)
    return { Type: 'Parallel', Branches: part.parallel.map((branch, index) => statesOf(branch, `${prefix}${index}/`)) };
  const at = { 'at.$': "States.Format('{}{}', $.at, $$.Map.Item.Index)", 'items.$': '$.items' };
  const ProcessorConfig = { Mode: part.mode, ...(part.mode === 'INLINE' ? {} : { ExecutionType: 'STANDARD' }) };
  const ItemProcessor = { ProcessorConfig, ...statesOf(part.map, prefix) };
  return { Type: 'Map', ItemsPath: '$.items', ItemSelector: at, ItemProcessor };
};

/** The tasks that a whole run does, by name of the state and place in iterations. */
const tasksOf = (parts: Line, prefix: string, at: string): readonly string[] =>
  parts.flatMap((part, index) => {
    const name = `${prefix}${index}`;
    if ('task' in part) return [`${name} ${at}`];
    if ('parallel' in part) return part.parallel.flatMap((branch, n) => tasksOf(branch, `${name}.${n}/`, at));
    return ITEMS.flatMap((item) => tasksOf(part.map, `${name}.`, `${at}${item}`));
  });

const TASK = { task: true } as const;

/** A late StopExecution that comes between the end of the last branch and that of its state. */
const STOPPED_AFTER_THE_LAST_BRANCH: [Line, number[]][] = [
  [[{ parallel: [[TASK, TASK], [{ parallel: [[TASK]] }], [TASK]] }], [3, 0, 0, 0, 0, 3]],
  [
    [{ map: [{ map: [TASK], mode: 'INLINE' }, TASK], mode: 'INLINE' }, TASK],
    [3, 3, 3, 0, 0, 0, 3, 3],
  ],
];

describe('An execution that fails or is stopped anywhere, and is redriven until it succeeds', () => {
  it('has left each of its tasks once', async () => {
    await fc.assert(
      fc.asyncProperty(
        line,
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 60 }),
        async (parts, fates) => {
          const stage = new StepFunctionsStage();
          let calls = 0;
          let arn = '';
          stage.lambda.answer = async () => {
            const fate = fates[calls++] ?? 9;
            if (fate === 0) await stage.call('StopExecution', { executionArn: arn });
            return fate < 3 ? threw('E') : returned(null);
          };
          arn = await stage.start(statesOf(parts, 's'), { at: '', items: ITEMS });
          for (let redrives = 0; ; redrives++) {
            const { detail } = await stage.events.find(
              ({ detail: { executionArn, redriveCount, status } }) =>
                executionArn === arn && redriveCount === redrives && status !== 'RUNNING',
            );
            if (detail.status === 'SUCCEEDED') break;
            await stage.call('RedriveExecution', { executionArn: arn });
          }

          const executions = [...new Set(stage.events.seen.map(({ detail }) => String(detail.executionArn)))];
          const events = (await Promise.all(executions.map((execution) => allEvents(stage, execution)))).flat();
          const left = events.flatMap(({ type, stateExitedEventDetails: details }) => {
            if (type !== 'TaskStateExited') return [];
            const { name, output } = details as { name: string; output: string };
            return [`${name} ${(JSON.parse(output) as { at: string }).at}`];
          });
          expect(left.toSorted()).toEqual(tasksOf(parts, 's', '').toSorted());
          expect(stage.clock.pending).toBe(0);
          await stage.close();
        },
      ),
      { numRuns: 15, seed: 7, examples: STOPPED_AFTER_THE_LAST_BRANCH },
    );
  });
});

const allEvents = async (stage: StepFunctionsStage, executionArn: string) => {
  const events: { type: string; stateExitedEventDetails?: unknown }[] = [];
  let nextToken: string | undefined;
  do {
    const page: { events: typeof events; nextToken?: string } = await stage.call('GetExecutionHistory', {
      executionArn,
      maxResults: 1000,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    events.push(...page.events);
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return events;
};
