import type { TaskResult, TrackingItem } from '@sfn-redshift/shared';
import { answerWithRows, wantsRows } from './answer-with-rows.ts';
import { besideEvent } from './beside-event.ts';
import type { Teller } from './choose-answer.ts';
import type { AnswerDependencies } from './dependencies.ts';
import { errorNameOf } from './error-name.ts';
import type { Wait } from './settlement.ts';
import type { Ending } from './statement-ending.ts';
import { failureAnswer, overrunAnswer, successAnswer, unknownAnswer } from './task-answer.ts';

/** How ends are told to a task, or to the callback of a durable function. */
export const taskTeller = (item: TrackingItem, dependencies: AnswerDependencies): Teller<TaskResult> => ({
  unknown: (ending) => unknownAnswer(ending, item),
  finished: (ending) => tellFinished(ending, item, dependencies),
  overrun: (ending, known) => overrunAnswer(ending, known?.item ?? item, known?.batch),
  failed: async (ending, state, { text, statementText, batch, item: known }) => {
    const error = await errorNameOf(item, state, statementText ?? text);
    return failureAnswer(ending, state, known, text, error, batch);
  },
});

const tellFinished = async (
  ending: Ending,
  item: TrackingItem,
  dependencies: AnswerDependencies,
): Promise<TaskResult | Wait> => {
  const beside = await besideEvent(ending, item, dependencies);
  if (beside.type === 'wait') return beside;
  return wantsRows(item)
    ? await answerWithRows(ending, beside, dependencies)
    : successAnswer(ending, beside.item, beside.more);
};
