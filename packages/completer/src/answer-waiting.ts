import type { Callback, TaskResult } from '@sfn-redshift/shared';
import type { Delivery } from './callback.ts';
import type { AnswerDependencies } from './dependencies.ts';

/** Who waits for a result: a task, or a callback of a durable function. */
export type Waiting = Extract<Callback, { type: 'stepFunctions' | 'durableFunction' }>;

/** Tells who waits. What it throws is what the SDK throws: another try may succeed. */
export const answerWaiting = async (
  waiting: Waiting,
  result: TaskResult,
  { callback, durable }: Pick<AnswerDependencies, 'callback' | 'durable'>,
): Promise<Delivery> =>
  waiting.type === 'stepFunctions'
    ? await callback.answer(waiting.taskToken, result)
    : await durable.answer(waiting.callbackId, result);
