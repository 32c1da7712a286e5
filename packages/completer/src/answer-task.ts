import { names, type ResourceCallback, releaseLock, type TaskResult, type TrackingItem } from '@sfn-redshift/shared';
import { answerResource } from './answer-resource.ts';
import { answerWaiting, type Waiting } from './answer-waiting.ts';
import type { Delivery } from './callback.ts';
import { chooseAnswer } from './choose-answer.ts';
import { closeItem } from './close-item.ts';
import type { AnswerDependencies } from './dependencies.ts';
import { resourceTeller } from './resource-answer.ts';
import type { Settlement } from './settlement.ts';
import type { Ending, UnknownEnding } from './statement-ending.ts';
import { refusedOutputAnswer } from './task-answer.ts';
import { taskTeller } from './tell-task.ts';
import { settleUndeliverable } from './undeliverable.ts';

/** A settlement, or: the item has changed, so look at it anew. */
export type Step = Settlement | { readonly type: 'startOver' };

/** Answers whoever waits for the item's statement, if anybody does, and closes the item. */
export const answerTask = async (
  ending: Ending | UnknownEnding,
  item: TrackingItem,
  dependencies: AnswerDependencies,
): Promise<Step> => {
  const { callback } = item;
  // First, so that the next state finds the lock free.
  await releaseLock(item, dependencies);
  if (callback.type === 'none') return await closeItem(ending, item, undefined, dependencies);
  if (callback.type === 'cloudFormation') return await tellResource(ending, { ...item, callback }, dependencies);
  const answer = await chooseAnswer(ending, item, taskTeller(item, dependencies), dependencies);
  if (answer.type === 'wait') return answer;
  const otherwise = () => {
    const { statementId, statementName } = ending.event;
    dependencies.telemetry.error('output was refused as invalid', { statementId, statementName });
    return refusedOutputAnswer(ending, item);
  };
  const { delivery, told } = await deliver(callback, answer, otherwise, dependencies);
  const isResultFailure = ending.state === 'FINISHED' && told.type === 'failure';
  if (isResultFailure && delivery.type === 'delivered') dependencies.telemetry.count(names.METRICS.resultFailed);
  return await closeTold(ending, item, delivery, dependencies);
};

/** The same for a resource of CloudFormation's. */
const tellResource = async (
  ending: Ending | UnknownEnding,
  item: TrackingItem & { readonly callback: ResourceCallback },
  dependencies: AnswerDependencies,
): Promise<Step> => {
  const answer = await chooseAnswer(ending, item, resourceTeller(item), dependencies);
  if (answer.type === 'wait') return answer;
  const delivery = await answerResource(answer, item.callback, dependencies);
  return await closeTold(ending, item, delivery, dependencies);
};

const closeTold = async (
  ending: Ending | UnknownEnding,
  item: TrackingItem,
  delivery: Delivery,
  dependencies: AnswerDependencies,
): Promise<Step> => {
  if (delivery.type !== 'delivered') return await settleUndeliverable(ending, item, delivery, dependencies);
  dependencies.telemetry.count(names.METRICS.callbackDelivered);
  return await closeItem(ending, item, true, dependencies);
};

const deliver = async (
  waiting: Waiting,
  answer: TaskResult,
  otherwise: () => TaskResult,
  dependencies: AnswerDependencies,
): Promise<{ readonly delivery: Delivery; readonly told: TaskResult }> => {
  const delivery = await answerWaiting(waiting, answer, dependencies);
  if (delivery.type !== 'invalidOutput') return { delivery, told: answer };
  const told = otherwise();
  return { delivery: await answerWaiting(waiting, told, dependencies), told };
};
