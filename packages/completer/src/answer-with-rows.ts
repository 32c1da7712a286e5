import type { RowsTold, TaskResult, TrackingItem } from '@sfn-redshift/shared';
import type { AnswerDependencies } from './dependencies.ts';
import type { Reading } from './result/read-result.ts';
import type { Settlement } from './settlement.ts';
import type { Ending } from './statement-ending.ts';
import { resultFailureAnswer, successAnswer } from './task-answer.ts';

type Waiting = Extract<Settlement, { type: 'wait' }>;

/** Whether the task has asked for rows, or for a look at them. */
export const wantsRows = ({ result, check }: TrackingItem): boolean => (result ?? check) !== undefined;

/** What the task of a finished statement is told that wants more than to know of its end; or a while to wait. */
export const answerWithRows = async (
  ending: Ending,
  item: TrackingItem,
  dependencies: AnswerDependencies,
): Promise<TaskResult | Waiting> => {
  const { readCheck, readResult } = await import('./result/read-result.ts');
  const source = { owner: item, statementId: ending.event.statementId };
  const { check, result } = item;
  const told: { -readonly [N in keyof RowsTold]?: RowsTold[N] } = {};
  if (check) {
    const reading = await readCheck(source, check, ending, dependencies);
    if (reading.type !== 'read') return otherwise(reading, ending, item);
    told.check = reading.read;
  }
  if (result) {
    const reading = await readResult(source, result, ending, dependencies);
    if (reading.type !== 'read') return otherwise(reading, ending, item);
    told.result = reading.read;
  }
  return successAnswer(ending, item, told);
};

const otherwise = (
  reading: Exclude<Reading<never>, { type: 'read' }>,
  ending: Ending,
  item: TrackingItem,
): TaskResult | Waiting => (reading.type === 'wait' ? reading : resultFailureAnswer(ending, item, reading.failure));
